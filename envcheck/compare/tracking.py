"""Over time: which findings are new, which an earlier comparison had too, and which are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import STOOD_OPEN, FindingState, Note, Notice, Why
from envcheck.probes import rules
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from envcheck.comparison import Comparison, Finding
    from envcheck.judge.columns import Column
    from envcheck.judge.judgement import Judgement

MAX_CARRIED: Final = 1000
"""Of environments that are down for good there is no need to know more."""


def tagged(findings: Sequence[Finding], earlier: Comparison) -> list[Finding]:
    """Tag the open findings as new, or as unchanged since the earlier comparison."""
    was_open = {finding.fingerprint for finding in stood_open(earlier)}
    since = {finding.fingerprint: _since(finding, earlier) for finding in was_there(earlier)}
    return [
        finding.model_copy(
            update={
                "state": _state(finding, is_known=finding.fingerprint in was_open),
                "first_seen": since.get(finding.fingerprint),
            }
        )
        for finding in findings
    ]


def _state(finding: Finding, *, is_known: bool) -> FindingState:
    if finding.state is not FindingState.OPEN:
        return finding.state
    return FindingState.UNCHANGED if is_known else FindingState.NEW


def _since(finding: Finding, earlier: Comparison) -> date:
    """Give the day from which on a finding is known; a record of 0.1.0 has only its own."""
    return finding.first_seen or earlier.generated_at.date()


def was_there(earlier: Comparison) -> list[Finding]:
    """Give what the earlier comparison found or carried, accepted or not."""
    return [*(each for each in earlier.findings if each.state is not FindingState.ABSENT), *earlier.carried]


def gone(earlier: Comparison, environments: Collection[str]) -> list[Notice]:
    """Tell of environments that the earlier comparison had and this one has not."""
    return [
        Notice(environment=name, note=Note(why=Why.GONE)) for name in earlier.environments if name not in environments
    ]


def resolved(
    findings: Collection[Finding], earlier: Comparison, judgements: Mapping[tuple[str, str], Judgement]
) -> list[Finding]:
    """Give the earlier findings that are gone.

    `judgements` are by environment and the finding's field. What could not be judged now is not gone but unknown.
    """
    found = {finding.fingerprint for finding in findings}
    return [
        finding.model_copy(update={"state": FindingState.ABSENT, "first_seen": _since(finding, earlier)})
        for finding in stood_open(earlier)
        if finding.fingerprint not in found
        and _is_settled(finding, judgements.get((finding.environment, finding.field)))
    ]


def carried(
    findings: Collection[Finding], earlier: Comparison, judgements: Mapping[tuple[str, str], Judgement]
) -> list[Finding]:
    """Give the earlier findings that are neither found nor gone, for they could not be judged now.

    After a night on which staging was down, what was known of it the night before is still known.
    """
    found = {finding.fingerprint for finding in findings}
    unjudged = [
        finding.model_copy(update={"counted": False, "first_seen": _since(finding, earlier)})
        for finding in stood_open(earlier)
        if finding.fingerprint not in found
        and not _is_settled(finding, judgements.get((finding.environment, finding.field)))
    ]
    return unjudged[:MAX_CARRIED]


def since_last_run(
    findings: Sequence[Finding], columns: Sequence[Column], judgements: Mapping[tuple[str, str], Judgement]
) -> list[Finding]:
    """Tag what one run has and the run before had not.

    Only a failure can have been there already, and what is wrong by itself: its cell is as it was.
    """
    failed_before = {
        (column.name, f"{check.probe}.outcome", str(check.failure_class))
        for column in columns
        if column.against is not None and column.against.evidence is not None
        for check in column.against.evidence.checks
        if check.failure_class is not None
    }
    known = rules()
    tagged: list[Finding] = []
    for finding in findings:
        if finding.rule == PROBE_FAILED.name:
            was_there = (finding.environment, finding.field, str(finding.actual)) in failed_before
        else:
            cell = judgements[finding.environment, finding.field].cell
            is_of_itself = known[finding.rule].of_itself
            was_there = is_of_itself and cell.expected is not None and cell.expected == cell.value
        state = FindingState.UNCHANGED if was_there else FindingState.NEW
        is_open = finding.state is FindingState.OPEN
        tagged.append(finding.model_copy(update={"state": state}) if is_open else finding)
    return tagged


def stood_open(earlier: Comparison) -> list[Finding]:
    """Give what was known to be open after the earlier comparison."""
    return [*(finding for finding in earlier.findings if finding.state in STOOD_OPEN), *earlier.carried]


def _is_settled(finding: Finding, judgement: Judgement | None) -> bool:
    return judgement is not None and finding.rule in judgement.settled and finding.value not in judgement.unsure
