"""Whether a probe passed, and whether what it found can be held against anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import Cell, CellState
from envcheck.judge.findings import Judgement, Subject
from envcheck.judge.wording import listed, phrase
from envcheck.model import Outcome
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from envcheck.evidence import Check
    from envcheck.judge.columns import Column
    from envcheck.judge.wording import Manner
    from envcheck.policy import Policy
    from envcheck.redact import Redacted


def judge_outcome(column: Column, probe: str, policy: Policy, manner: Manner) -> Judgement:
    """Make a failed probe one finding, whatever else can then not be compared."""
    check = column.check(probe)
    if check is None:
        return Judgement(_never_sent(column, probe))
    before = column.expected_check(probe)
    value = _in_words(column, check)
    if before is not None:
        value = manner.shown(_class_in_words(before), value)
    if check.outcome is Outcome.FAIL:
        subject = Subject(column.name, column.baseline, f"{probe}.outcome", 1, policy.severity)
        actual = check.failure_class or phrase("unknown")
        detail = () if check.failure_detail is None else (check.failure_detail,)
        return Judgement(
            Cell(value=value, state=CellState.ERROR, detail=detail),
            () if subject.is_off(PROBE_FAILED) else (subject.finding(PROBE_FAILED, phrase("pass"), actual),),
        )
    own = Cell(value=value, state=CellState.NOISY if check.failed_samples else CellState.SAME)
    return Judgement(unpaired(column, probe, own, manner), settled=frozenset({PROBE_FAILED.name}))


def unpaired(column: Column, probe: str, own: Cell | None, manner: Manner) -> Cell:
    """Give the cell of what is not held against anything; `own` is what it shows by itself, if it passed."""
    check, before = column.check(probe), column.expected_check(probe)
    if check is None:
        return Cell(value=None, state=CellState.NOT_PROBED)
    if check.outcome is Outcome.FAIL or own is None:
        return Cell(value=None, state=CellState.ERROR)
    if column.against is None or column.pair(probe) is not None:
        return own
    state, why = (
        (CellState.NOT_PROBED, manner.not_probed_there)
        if before is None
        else (CellState.INCOMPARABLE, manner.failed_there)
    )
    return own.model_copy(update={"state": state, "detail": (*own.detail, why)})


def _never_sent(column: Column, probe: str) -> Cell:
    check = None if column.evidence is None else column.evidence.check(probe)
    if check is None:
        return Cell(value=None, state=CellState.NOT_PROBED)
    detail = () if check.failure_detail is None else (check.failure_detail,)
    return Cell(value=phrase("skipped"), state=CellState.NOT_PROBED, detail=detail)


def _class_in_words(check: Check) -> Redacted:
    if check.outcome is Outcome.PASS:
        return phrase("pass")
    name = check.failure_class or phrase("unknown")
    if check.http_status is None or name.startswith("http_"):
        return phrase("{}", name)
    return phrase("{} (HTTP {})", name, check.http_status)


def _in_words(column: Column, check: Check) -> Redacted:
    words = _class_in_words(check)
    if check.outcome is Outcome.FAIL or not check.failed_samples or column.evidence is None:
        return words
    failed = sum(check.failed_samples.values())
    samples = max(column.evidence.target.samples, failed)
    return phrase("{}, {} of {} failed: {}", words, failed, samples, listed(check.failed_samples))
