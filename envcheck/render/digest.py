"""What every format says about a comparison: which findings go together, and the verdict in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from envcheck.comparison import Comparison, Finding
    from envcheck.evidence import Check, Evidence

_SETTLED: Final = ("accepted", "absent")
_SEVERITIES: Final = ("err", "warn", "info", "none")
PROBE_FAILED: Final = "probe.failed"


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
        return self.state in _SETTLED


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Put together what belongs on one line: worst first, settled last, otherwise in the order found."""
    groups: dict[tuple[str, str, str, str, str | None], Group] = {}
    for finding in findings:
        key = (finding.severity, finding.rule, finding.environment, finding.state, finding.reason)
        if key not in groups:
            groups[key] = Group(*key)
        groups[key].findings.append(finding)
    return sorted(groups.values(), key=lambda group: (group.is_settled, _SEVERITIES.index(group.severity)))


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
    member = expected if actual is None else actual
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


def failures(evidences: Sequence[Evidence]) -> dict[str, list[tuple[str, Check]]]:
    """Give the failed checks with their environments, by failure class."""
    by_class: dict[str, list[tuple[str, Check]]] = {}
    for evidence in evidences:
        for check in evidence.checks:
            if check.failure_class is not None:
                by_class.setdefault(check.failure_class, []).append((evidence.environment, check))
    return by_class


def unverified(evidences: Sequence[Evidence]) -> list[str]:
    """Name the environments whose certificate was not checked."""
    return [evidence.environment for evidence in evidences if not evidence.target.verify_tls]


def verdict(comparison: Comparison, evidences: Sequence[Evidence], named: Callable[[str], str] = str) -> str:
    """Say in one sentence what the summary says in numbers; `named` writes an environment's name."""
    summary = comparison.summary
    counts = ", ".join(_counts(comparison))
    said = "; ".join(_statements(comparison, evidences, named))
    return f"{said}{': ' if counts else ''}{counts} (exit {summary.exit_code})."


def _counts(comparison: Comparison) -> Iterator[str]:
    summary = comparison.summary
    numbered = (summary.err, "err"), (summary.warn, "warn"), (summary.info, "info"), (summary.accepted, "accepted")
    yield from (f"{number} {word}" for number, word in numbered if number)


def _statements(comparison: Comparison, evidences: Sequence[Evidence], named: Callable[[str], str]) -> Iterator[str]:
    failed = [evidence.environment for evidence in evidences if not evidence.summary.ok]
    total = len(comparison.environments)
    if comparison.held_against == "nothing":
        name = named(comparison.environments[0])
        yield f"{name} failed a probe" if failed else f"{name} passed every probe"
        return
    if comparison.summary.verdict == "inconclusive":
        yield _why_inconclusive(comparison, failed, named)
        failed = [name for name in failed if name != comparison.baseline]
    if failed:
        yield f"{named(failed[0])} failed" if len(failed) == 1 else f"{len(failed)} of {total} environments failed"
    differing = _differing(comparison)
    if differing == 1:
        other = "its earlier run" if comparison.baseline is None else named(comparison.baseline)
        yield f"1 of {total} environments differs from {other}"
    elif differing or comparison.summary.verdict == "same":
        other = "their earlier run" if comparison.baseline is None else named(comparison.baseline)
        but = " but what is accepted" if comparison.summary.accepted else ""
        nothing = f"{total} environments, no difference from {other}{but}"
        yield f"{differing} of {total} environments differ from {other}" if differing else nothing


def _why_inconclusive(comparison: Comparison, failed: Sequence[str], named: Callable[[str], str]) -> str:
    if comparison.baseline is None or comparison.baseline not in failed:
        return "inconclusive because nothing could be held against anything"
    return f"inconclusive because the baseline {named(comparison.baseline)} failed"


def _differing(comparison: Comparison) -> int:
    found = (each for each in comparison.findings if each.state not in _SETTLED and each.rule != PROBE_FAILED)
    return len({finding.environment for finding in found})
