"""Which findings and which failures go together, whatever the format: what one line can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import FindingState
from envcheck.render.words import counted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from envcheck.comparison import Finding
    from envcheck.evidence import Check, Evidence

_ABOUT_THE_KEY: Final = ("missing_key", "auth", "permission")


class Part(Enum):
    """The parts in which findings are told, in this order, with what stands above each."""

    COUNTED = "Found, and counted for the exit code:"
    CHANGED_COUNTED = "Since the last run, and counted for the exit code:"
    OTHER = "Found, not counted:"
    CHANGED = "Since the last run, not counted:"
    UNDECIDED = "Undecided:"
    ACCEPTED = "Accepted, so never counted:"
    ABSENT = "Gone since the earlier comparison:"

    @classmethod
    def of(cls, finding: Finding) -> Part:
        """Give the part that a finding belongs to."""
        match finding.state:
            case FindingState.ACCEPTED:
                return cls.ACCEPTED
            case FindingState.ABSENT:
                return cls.ABSENT
            case _ if finding.is_a_change:
                return cls.CHANGED_COUNTED if finding.counted else cls.CHANGED
            case _ if finding.counted:
                return cls.COUNTED
            case _:
                return cls.UNDECIDED if finding.is_undecided else cls.OTHER


_RANKS: Final = {part: rank for rank, part in enumerate(Part)}
_SEVERITY_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Kind(NamedTuple):
    """What findings on one line have in common."""

    part: Part
    severity: Severity
    rule: str
    field: str
    state: FindingState
    reason: str | None
    since: date | None
    runs: int | None
    """For how many runs it stands unchanged."""
    against: date | None
    """The day of the record of its own that an environment is held against."""

    @classmethod
    def of(cls, finding: Finding) -> Kind:
        """Give the kind of a finding."""
        is_known = finding.state is FindingState.UNCHANGED
        return cls(
            Part.of(finding),
            finding.severity,
            finding.rule,
            finding.field,
            finding.state,
            finding.reason,
            finding.first_seen if is_known else None,
            finding.runs if is_known else None,
            finding.against_day,
        )

    @property
    def rank(self) -> tuple[int, int]:
        """Its place: what counts first, and of that the worst."""
        return _RANKS[self.part], _SEVERITY_RANKS[self.severity]

    @property
    def tag(self) -> str:
        """What an earlier run says about it."""
        return ", ".join(filter(None, (self._changed, self._state)))

    @property
    def _changed(self) -> str:
        return "" if self.against is None else f"changed since {self.against.isoformat()}"

    @property
    def _state(self) -> str:
        if self.state is FindingState.UNCHANGED and self.since is not None:
            runs = "" if self.runs is None else f" ({counted(self.runs, 'run')})"
            return f"still, since {self.since.isoformat()}{runs}"
        is_said = self.state in {FindingState.OPEN, FindingState.ACCEPTED} or self.against is not None
        return "" if is_said else self.state.value


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that one line can tell."""

    kind: Kind
    findings: list[Finding] = field(default_factory=list)
    """Of one environment."""
    environments: list[str] = field(default_factory=list)
    """All in which the very same was found."""

    @property
    def named(self) -> list[Finding]:
        """Those that stand for one difference each."""
        return [finding for finding in self.findings if finding.unnamed is None]

    @property
    def total(self) -> int:
        """How many differences it stands for in each environment, named or not."""
        return sum(1 if finding.unnamed is None else finding.unnamed for finding in self.findings)


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Put together what belongs on one line: what counts first, of that the worst, otherwise in the order found."""
    of_one: dict[tuple[Kind, str], Group] = {}
    for finding in findings:
        kind = Kind.of(finding)
        of_one.setdefault((kind, finding.environment), Group(kind)).findings.append(finding)
    of_all: dict[tuple[object, ...], Group] = {}
    for (kind, environment), group in of_one.items():
        same = (kind, *map(_what_was_found, group.findings))
        of_all.setdefault(same, group).environments.append(environment)
    return sorted(of_all.values(), key=lambda group: group.kind.rank)


def _what_was_found(finding: Finding) -> object:
    numbers = (finding.unnamed, finding.expected_ms, finding.actual_ms, finding.p, finding.n, finding.cosine)
    return finding.expected, finding.actual, finding.change, finding.note, *numbers, *finding.failed.items()


def failures(evidences: Sequence[Evidence]) -> dict[str, list[tuple[Evidence, Check]]]:
    """Give the failed checks with the evidence they are in, by failure class."""
    by_class: dict[str, list[tuple[Evidence, Check]]] = {}
    for evidence in evidences:
        for check in evidence.checks:
            if check.failure_class is not None:
                by_class.setdefault(check.failure_class, []).append((evidence, check))
    return by_class


def key_to_blame(evidence: Evidence, check: Check) -> str | None:
    """Give the name of the key's variable, where the failure may be about the key."""
    return evidence.target.api_key_env if check.failure_class in _ABOUT_THE_KEY else None


def unverified(evidences: Sequence[Evidence]) -> list[str]:
    """Name the environments whose certificate was not checked."""
    return [evidence.environment for evidence in evidences if not evidence.target.verify_tls]
