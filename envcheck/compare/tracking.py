"""Over time: which findings are new, which an earlier comparison had too, and which are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.compare.expectations import FIELD as OF_EXPECTATIONS_FIELD
from envcheck.comparison import STOOD_OPEN, FindingState, Note, Notice, Why
from envcheck.probes import rules
from envcheck.rules import EXPECT_UNKNOWN, OF_EXPECTATIONS, PROBE_FAILED

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
    was_open = {_key(finding) for finding in stood_open(earlier)}
    known = {_key(finding): finding for finding in was_there(earlier)}
    return [
        finding.model_copy(
            update={
                "state": _state(finding, is_known=_key(finding) in was_open),
                **_row(known.get(_key(finding)), earlier),
            }
        )
        for finding in findings
    ]


def _row(before: Finding | None, earlier: Comparison) -> dict[str, object]:
    """Say since when a finding is there and in how many runs; nothing of what was not there before."""
    if before is None:
        return {}
    return {"first_seen": _since(before, earlier), "runs": None if before.runs is None else before.runs + 1}


def _state(finding: Finding, *, is_known: bool) -> FindingState:
    if finding.state is not FindingState.OPEN:
        return finding.state
    return FindingState.UNCHANGED if is_known else FindingState.NEW


def _since(finding: Finding, earlier: Comparison) -> date:
    """Give the day from which on a finding is known; a record of 0.1.0 has only its own."""
    return finding.first_seen or earlier.generated_at.date()


def was_there(earlier: Comparison) -> list[Finding]:
    """Give what the earlier comparison found or carried, accepted or not; what had changed by then is news once."""
    found = (each for each in earlier.findings if each.state is not FindingState.ABSENT and not each.is_a_change)
    return [*found, *earlier.carried]


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
    found = {_key(finding) for finding in findings}
    return [
        finding.model_copy(update={"state": FindingState.ABSENT, "first_seen": _since(finding, earlier)})
        for finding in stood_open(earlier)
        if _key(finding) not in found and _is_settled(finding, judgements)
    ]


def carried(
    findings: Collection[Finding], earlier: Comparison, judgements: Mapping[tuple[str, str], Judgement]
) -> list[Finding]:
    """Give the earlier findings that are neither found nor gone, for they could not be judged now.

    After a night on which staging was down, what was known of it the night before is still known.
    """
    found = {_key(finding) for finding in findings}
    unjudged = [
        finding.model_copy(update={"counted": False, "first_seen": _since(finding, earlier)})
        for finding in stood_open(earlier)
        if _key(finding) not in found and not _is_settled(finding, judgements)
    ]
    return unjudged[:MAX_CARRIED]


def since_last_run(
    findings: Sequence[Finding],
    columns: Sequence[Column],
    judgements: Mapping[tuple[str, str], Judgement],
    told_before: Collection[tuple[str, str]],
) -> list[Finding]:
    """Tag what one run has and the run before had not.

    Only a failure can have been there already, and what is wrong by itself: its cell is as it was. `told_before` has
    rule and fingerprint of what the run before would have been found by of what the file expects.
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
        elif finding.rule in OF_EXPECTATIONS:
            was_there = _key(finding) in told_before
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
    return [finding for finding in was_there(earlier) if finding.state in STOOD_OPEN]


def _key(finding: Finding) -> tuple[str, str]:
    """Give what a finding is known by: an expectation has one fingerprint, whatever came of it."""
    return finding.rule, finding.fingerprint


def _is_settled(finding: Finding, judgements: Mapping[tuple[str, str], Judgement]) -> bool:
    if finding.rule in OF_EXPECTATIONS:
        return _is_answered(finding, judgements.get((finding.environment, ".".join(OF_EXPECTATIONS_FIELD))))
    judgement = judgements.get((finding.environment, finding.field))
    return judgement is not None and finding.rule in judgement.settled and finding.value not in judgement.unsure


def _is_answered(finding: Finding, judgement: Judgement | None) -> bool:
    """Tell whether an expectation that was not met, or could not be told, was answered now, or is no longer one."""
    if judgement is None or EXPECT_UNKNOWN.name not in judgement.settled:
        return False
    return finding.rule == EXPECT_UNKNOWN.name or finding.fingerprint not in judgement.unsure
