"""The verdict in one word, what counts, and the exit code: all from the one list of findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from envcheck.comparison import (
    STOOD_OPEN,
    ComparisonSummary,
    EnvironmentSummary,
    FindingState,
    Standing,
    Verdict,
)
from envcheck.errors import ExitCode
from envcheck.policy import FailOn
from envcheck.rules import PROBE_FAILED, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from envcheck.compare.standing import Standing as Ground
    from envcheck.comparison import Finding
    from envcheck.judge.columns import Column
    from envcheck.policy import Policy

_RANK: Final = {severity.value: rank for rank, severity in enumerate(Severity)}


def counts(finding: Finding, policy: Policy) -> bool:
    """Tell whether a finding counts for the exit code."""
    if finding.state not in STOOD_OPEN or policy.fail_on is FailOn.NEVER:
        return False
    if finding.is_a_change and not policy.only_new_count:
        return False  # environments that agree are no failure, whatever all of them were before
    if policy.only_new_count and finding.state is FindingState.UNCHANGED:
        return False
    if policy.fail_on_undecided and finding.is_undecided:
        return True
    return _RANK[finding.severity] <= _RANK[policy.fail_on.value]


def summary_of(
    findings: Sequence[Finding],
    columns: Sequence[Column],
    ground: Ground,
    policy: Policy,
    seen_before: Collection[str] = (),
) -> ComparisonSummary:
    """Sum the findings up; they know already whether they count. `seen_before` were held against themselves as well."""
    standing_open = [finding for finding in findings if finding.state in STOOD_OPEN and not finding.is_a_change]
    changed = _changed(findings)
    counted = [finding for finding in findings if finding.counted]
    by_severity = _by_severity(standing_open)
    return ComparisonSummary(
        verdict=_verdict(standing_open, counted, ground),
        counted=len(counted),
        err=by_severity[Severity.ERR],
        warn=by_severity[Severity.WARN],
        info=by_severity[Severity.INFO],
        accepted=sum(finding.state is FindingState.ACCEPTED for finding in findings),
        undecided=sum(finding.is_undecided for finding in standing_open),
        changed=changed.total(),
        by_environment={
            column.name: _of_one(column, findings, changed[column.name] if column.name in seen_before else None)
            for column in columns
        },
        fail_on=policy.fail_on.value,
        exit_code=_exit_code(counted, ground),
    )


def _changed(findings: Sequence[Finding]) -> Counter[str]:
    """Count what changed since each environment was last seen, by its name."""
    return Counter(each.environment for each in findings if each.is_a_change and each.state in STOOD_OPEN)


def _by_severity(findings: Sequence[Finding]) -> Counter[Severity]:
    """Count what was found; what is undecided is counted by itself."""
    return Counter(finding.severity for finding in findings if not finding.is_undecided)


def _of_one(column: Column, findings: Sequence[Finding], changed: int | None) -> EnvironmentSummary:
    own = [finding for finding in findings if finding.environment == column.name and not finding.is_a_change]
    standing_open = [finding for finding in own if finding.state in STOOD_OPEN]
    by_severity = _by_severity(standing_open)
    # What could not be decided comes after all that was found.
    worst = min(standing_open, key=lambda finding: (finding.is_undecided, _RANK[finding.severity]), default=None)
    return EnvironmentSummary(
        verdict=_standing(column, standing_open),
        err=by_severity[Severity.ERR],
        warn=by_severity[Severity.WARN],
        info=by_severity[Severity.INFO],
        accepted=sum(finding.state is FindingState.ACCEPTED for finding in own),
        worst_rule=None if worst is None else worst.rule,
        changed=changed,
    )


def _standing(column: Column, standing_open: Sequence[Finding]) -> Standing:
    if any(finding.rule == PROBE_FAILED.name for finding in standing_open):
        return Standing.FAILED
    if standing_open:
        is_all_undecided = all(finding.is_undecided for finding in standing_open)
        return Standing.UNDECIDED if is_all_undecided else Standing.DIFFERS
    is_compared = column.against is not None and column.against.evidence is not None and column.evidence is not None
    return Standing.SAME if is_compared else Standing.NOT_COMPARED


def _verdict(standing_open: Sequence[Finding], counted: Sequence[Finding], ground: Ground) -> Verdict:
    if not ground.is_conclusive:
        return Verdict.INCONCLUSIVE
    if any(finding.rule == PROBE_FAILED.name for finding in standing_open):
        return Verdict.FAILED
    if not ground.was_reached:
        return Verdict.INCONCLUSIVE
    differs = any(not finding.is_undecided for finding in standing_open) or any(each.is_a_change for each in counted)
    return Verdict.DIFFERS if differs else Verdict.SAME


def _exit_code(counted: Sequence[Finding], ground: Ground) -> ExitCode:
    if not ground.is_conclusive:
        return ExitCode.INCONCLUSIVE
    if any(finding.rule == PROBE_FAILED.name for finding in counted):
        return ExitCode.FAILED
    if not ground.was_reached:
        return ExitCode.INCONCLUSIVE  # whatever is accepted or silenced: a run that reached nothing is no success
    return ExitCode.DIFFERS if counted else ExitCode.OK
