"""What every format says about a comparison: which findings and failures go together, and in which words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from envcheck.render.terminal.layout import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Finding
    from envcheck.evidence import Check, Evidence

SETTLED: Final = ("accepted", "absent")
_SEVERITIES: Final = ("err", "warn", "info", "none")
PROBE_FAILED: Final = "probe.failed"
_ABOUT_THE_KEY: Final = ("missing_key", "auth", "permission")
# As the comparison words what it does not name: `and 12 more`, `12 that cannot be named`.
_UNNAMED: Final = re.compile(r"(?:and )?([0-9]+) (?:more|that cannot be named)")


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
    unnamed = _UNNAMED.fullmatch(_member(finding) or "")
    return int(unnamed[1]) if unnamed else 1


def listing(group: Group, room: int) -> str:
    """Say what a group's findings say, in about `room` columns."""
    named = [finding for finding in group.findings if not _UNNAMED.fullmatch(_member(finding) or "")]
    total = sum(map(number_of, group.findings))
    return listed(map(told, named), total, room) if named else told(group.findings[0])


def _member(finding: Finding) -> str | None:
    return finding.expected if finding.actual is None else finding.actual


def told(finding: Finding) -> str:
    """Say what was found in as few words as its rule leaves open."""
    expected, actual = finding.expected, finding.actual
    if finding.rule == PROBE_FAILED:
        return f"{finding.field.removesuffix('.outcome')} {actual or ''}".rstrip()
    if expected is not None and actual is not None:
        change = actual if expected == actual else f"{expected} → {actual}"
        if finding.p is None:
            return change
        return f"{finding.field} {change} ({_significance(finding.p)}, n={finding.n})"
    member = _member(finding)
    if member is None:
        return _meaning(finding)
    names_direction = finding.rule.endswith((".removed", ".added"))
    sign = "-" if actual is None else "+"
    return member if names_direction else f"{sign}{member}"


def probability(p: float) -> str:
    """Give a p value with the digits that matter."""
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"  # noqa: PLR2004 - the smallest that three decimals can show


def _meaning(finding: Finding) -> str:
    from envcheck.rules import RULES  # noqa: PLC0415 - loads the probes, and with them pydantic

    rule = RULES.get(finding.rule)
    return finding.field if rule is None else rule.meaning


def _significance(p: float) -> str:
    digits = probability(p)
    return f"p {digits}" if digits.startswith("<") else f"p = {digits}"


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
