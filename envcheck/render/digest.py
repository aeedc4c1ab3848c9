"""What every format says about a comparison: which findings and failures go together, and in which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from envcheck.render.terminal.layout import listed
from envcheck.render.words import counted, milliseconds, note_in_words, tallied, times, value_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Finding
    from envcheck.evidence import Check, Evidence

SETTLED: Final = ("accepted", "absent")
_SEVERITIES: Final = ("err", "warn", "info", "none")
PROBE_FAILED: Final = "probe.failed"
_ABOUT_THE_KEY: Final = ("missing_key", "auth", "permission")


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that one line can tell: the same rule, environment, severity, state and reason."""

    severity: str
    rule: str
    environment: str
    state: str
    reason: str | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def tag(self) -> str:
        """The state where it says more than that this was found."""
        return "" if self.state == "open" else self.state

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do about it, so that it does not count."""
        return self.state in SETTLED


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Put together what belongs on one line: worst first, settled last, otherwise in the order found."""
    groups: dict[tuple[str, str, str, str, str | None], Group] = {}
    for finding in findings:
        key = (finding.severity, finding.rule, finding.environment, finding.state, finding.reason)
        if key not in groups:
            groups[key] = Group(*key)
        groups[key].findings.append(finding)
    return sorted(groups.values(), key=lambda group: (group.is_settled, _SEVERITIES.index(group.severity)))


def number_of(finding: Finding) -> int:
    """Give how many differences a finding stands for."""
    return 1 if finding.unnamed is None else finding.unnamed


def listing(group: Group, room: int) -> str:
    """Say what a group's findings say, in about `room` columns."""
    named = [finding for finding in group.findings if finding.unnamed is None]
    total = sum(map(number_of, group.findings))
    return listed(map(told, named), total, room) if named else told(group.findings[0])


def told(finding: Finding) -> str:
    """Say what was found in as few words as its rule leaves open."""
    if finding.unnamed is not None:
        return _unnamed(finding)
    if finding.expected_ms is not None and finding.actual_ms is not None:
        return _slower(finding)
    if finding.failed:
        return f"{finding.field.removesuffix('.outcome')}: {tallied(finding.failed, finding.n)}"
    expected, actual = value_in_words(finding.expected), value_in_words(finding.actual)
    if finding.rule == PROBE_FAILED:
        return f"{finding.field.removesuffix('.outcome')} {actual}".rstrip()
    if finding.expected is not None and finding.actual is not None:
        return actual if expected == actual else f"{expected} → {actual}"
    if finding.note is not None:
        return f"{finding.field}: {note_in_words(finding.note)}"
    if finding.expected is None and finding.actual is None:
        return _meaning(finding)
    return f"{_sign(finding)}{expected or actual}"


def _slower(finding: Finding) -> str:
    what = finding.field.removesuffix(".latency")
    change = f"{milliseconds(finding.expected_ms or 0)} → {milliseconds(finding.actual_ms or 0)}"
    ratio = "" if finding.ratio is None else f"{times(finding.ratio)} slower: "
    if finding.note is not None:
        return f"{what} {ratio}{change} ({note_in_words(finding.note)})"
    return f"{what} {ratio}{change} (n={finding.n}, seen twice)"


def _unnamed(finding: Finding) -> str:
    return f"{_sign(finding)}{counted(finding.unnamed or 0, 'name')} not listed"


def _sign(finding: Finding) -> str:
    """Give the direction, where the rule's name does not say it."""
    if finding.rule.endswith((".removed", ".added")):
        return ""
    return "-" if finding.change == "removed" else "+"


def _meaning(finding: Finding) -> str:
    from envcheck.probes import rules  # noqa: PLC0415 - loads the probes, and with them pydantic

    rule = rules().get(finding.rule)
    return finding.field if rule is None else rule.meaning


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
