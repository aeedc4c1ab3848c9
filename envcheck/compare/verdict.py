"""The verdict in one word, what counts, and the exit code: all from the one list of findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from envcheck.compare.tracking import STOOD_OPEN
from envcheck.comparison import ComparisonSummary, FindingState, Verdict
from envcheck.errors import ExitCode
from envcheck.policy import FailOn
from envcheck.probes.base import Severity
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.compare.standing import Standing
    from envcheck.comparison import Finding
    from envcheck.policy import Policy

_RANK: Final = {severity.value: rank for rank, severity in enumerate(Severity)}


def summary_of(findings: Sequence[Finding], standing: Standing, policy: Policy) -> ComparisonSummary:
    """Sum the findings up."""
    standing_open = [finding for finding in findings if finding.state in STOOD_OPEN]
    counted = [finding for finding in standing_open if _counts(finding, policy)]
    by_severity = Counter(finding.severity for finding in standing_open)
    return ComparisonSummary(
        verdict=_verdict(standing_open, standing),
        counted=len(counted),
        err=by_severity[Severity.ERR],
        warn=by_severity[Severity.WARN],
        info=by_severity[Severity.INFO],
        accepted=sum(finding.state is FindingState.ACCEPTED for finding in findings),
        fail_on=policy.fail_on.value,
        exit_code=_exit_code(counted, standing),
    )


def _counts(finding: Finding, policy: Policy) -> bool:
    if policy.fail_on is FailOn.NEVER or (policy.only_new_count and finding.state is FindingState.UNCHANGED):
        return False
    return _RANK[finding.severity] <= _RANK[policy.fail_on.value]


def _verdict(standing_open: Sequence[Finding], standing: Standing) -> Verdict:
    if not standing.is_conclusive:
        return Verdict.INCONCLUSIVE
    if any(finding.rule == PROBE_FAILED.name for finding in standing_open):
        return Verdict.FAILED
    if not standing.was_reached:
        return Verdict.INCONCLUSIVE
    return Verdict.DIFFERS if standing_open else Verdict.SAME


def _exit_code(counted: Sequence[Finding], standing: Standing) -> ExitCode:
    if not standing.is_conclusive:
        return ExitCode.INCONCLUSIVE
    if any(finding.rule == PROBE_FAILED.name for finding in counted):
        return ExitCode.FAILED
    if not standing.was_reached:
        return ExitCode.INCONCLUSIVE  # whatever is accepted or silenced: a run that reached nothing is no success
    return ExitCode.DIFFERS if counted else ExitCode.OK
