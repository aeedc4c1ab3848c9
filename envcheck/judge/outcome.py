"""Whether a probe passed, and how reliably; the first row of every probe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, Note, OutcomeValue, Why
from envcheck.judge.field import beside
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.model import FailureClass, Outcome
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.rules import CAPABILITY_ADDED, CAPABILITY_REMOVED, PROBE_FAILED, PROBE_UNRELIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Finding
    from envcheck.evidence import Check
    from envcheck.judge.columns import Column
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject

FIELD: Final = "outcome"
_PASS: Final = Redacted("pass")
_UNSUPPORTED: Final = Redacted("unsupported")
_OFTEN: Final = 2
"""So many failures say by themselves that a probe is unreliable."""
_MANY: Final = 10
"""Where the other side did not fail in so many samples, one failure says it."""


def judge_outcomes(columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
    """Make a failed probe one finding, whatever else can then not be compared, and failures of single samples one."""
    return {column.name: _judged(column, columns, context) for column in columns}


def _judged(column: Column, columns: Sequence[Column], context: Context) -> Judgement:
    check = column.check(context.probe)
    if check is None:
        return Judgement(_never_sent(column, context.probe))
    before = column.expected_check(context.probe)
    expected = _value(before) if before is not None and context.shows_earlier else None
    subject = context.subject(column, FIELD, 1)
    if check.outcome is Outcome.FAIL:
        cell = Cell(value=_value(check), state=CellState.ERROR, expected=expected)
        if check.failure_class == FailureName(FailureClass.NOT_REFUSED):
            subject = replace(subject, baseline=column.name)  # wrong by itself, whatever the baseline does
        failed = () if subject.is_off(PROBE_FAILED) else (subject.finding(PROBE_FAILED, _PASS, _failure(check)),)
        return Judgement(cell, failed)
    findings = tuple(_unreliable(column, check, columns, context))
    settled = frozenset({PROBE_FAILED.name, PROBE_UNRELIABLE.name})
    if (other := _capability(subject, before, check)) is not None:
        return replace(other, findings=(*other.findings, *findings), settled=other.settled | settled)
    own = Cell(value=_value(check), state=_state(check, findings), expected=expected)
    # What fails now and then is found in any environment, also in one that is held against nothing.
    return Judgement(own if findings else beside(column, context.probe, own), findings, settled)


def _capability(subject: Subject, before: Check | None, check: Check) -> Judgement | None:
    """Judge what one side has and the other says that it does without; None where both sides are alike."""
    had, has = (each is None or each.outcome is not Outcome.UNSUPPORTED for each in (before, check))
    if had == has or before is None or before.outcome is Outcome.FAIL:
        return None
    rule = CAPABILITY_ADDED if has else CAPABILITY_REMOVED
    settled = frozenset({CAPABILITY_ADDED.name, CAPABILITY_REMOVED.name})
    if subject.is_off(rule):
        cell = Cell(value=_value(check), state=CellState.SAME, notes=(switched_off(rule),))
        return Judgement(cell, settled=settled)
    state = CellState.ADDED if has else CellState.REMOVED
    expected, actual = (_UNSUPPORTED, _PASS) if has else (_PASS, _UNSUPPORTED)
    return Judgement(Cell(value=_value(check), state=state), (subject.finding(rule, expected, actual),), settled)


def _state(check: Check, findings: Sequence[Finding]) -> CellState:
    if findings:
        return CellState.DIFFERS
    return CellState.NOISY if check.failed_samples else CellState.SAME


def _unreliable(column: Column, check: Check, columns: Sequence[Column], context: Context) -> Iterator[Finding]:
    failures = sum(check.failed_samples.values())
    others = tuple(_others(column, columns, context.probe))
    is_alone = bool(others) and all(not other.failed_samples and _tried(other) >= _MANY for other in others)
    subject = context.subject(column, FIELD, _tried(check))
    if subject.is_off(PROBE_UNRELIABLE):
        return
    if check.passed_when_asked_again or failures >= _OFTEN or (failures == 1 and is_alone):
        yield subject.finding(PROBE_UNRELIABLE, numbers=Measured(failed=check.failed_samples), known_by=())


def _others(column: Column, columns: Sequence[Column], probe: str) -> Iterator[Check]:
    """Give the other side: a candidate's baseline, and for the baseline all that are held against it."""
    if column.against is not None:
        before = column.expected_check(probe)
        if before is not None:
            yield before
        return
    for other in columns:
        check = other.check(probe)
        if other.against is not None and other.against.name == column.name and check is not None:
            yield check


def _never_sent(column: Column, probe: str) -> Cell:
    check = None if column.evidence is None else column.evidence.check(probe)
    if check is None:
        missing = column.against is not None and column.expected_check(probe) is not None
        return Cell(value=None, state=CellState.NOT_PROBED, notes=(Note(why=Why.NOT_ASKED),) if missing else ())
    return Cell(value=_value(check), state=CellState.NOT_PROBED)


def _value(check: Check) -> OutcomeValue:
    return OutcomeValue(
        outcome=check.outcome,
        failure_class=check.failure_class,
        http_status=check.http_status,
        detail=check.failure_detail,
        failed=check.failed_samples if check.outcome is Outcome.PASS else {},
        taken=_tried(check),
    )


def _tried(check: Check) -> int:
    """Give of how many requests the failures are; records of 0.1.0 do not say it themselves."""
    latency = check.latency
    return check.tried or max(latency.taken - latency.voided, latency.samples, sum(check.failed_samples.values()))


def _failure(check: Check) -> Redacted:
    return Redacted(check.failure_class or "unknown")
