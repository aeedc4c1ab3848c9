"""Facts with one value, held against the baseline's by equality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import Cell, CellState
from envcheck.judge.findings import Judgement
from envcheck.judge.hidden import may_be_one
from envcheck.judge.wording import listed, ours, phrase, spelled, switched_off

if TYPE_CHECKING:
    from envcheck.evidence import Check
    from envcheck.judge.findings import Subject
    from envcheck.judge.wording import Manner, Scalar
    from envcheck.probes.base import ScalarField
    from envcheck.redact import Redacted


def scalar_alone(field: ScalarField, check: Check) -> Cell:
    """Show the value, or all of them where it varies."""
    seen = _seen(check, field.name)
    return Cell(value=listed(seen), state=CellState.NOISY if len(seen) > 1 else CellState.SAME)


def judge_scalar(field: ScalarField, subject: Subject, before: Check, after: Check, manner: Manner) -> Judgement:
    """Find a difference where no value was seen on both sides."""
    expected, actual = _seen(before, field.name), _seen(after, field.name)
    value = manner.shown(listed(expected), listed(actual))
    reason = field.comparable_when_same
    if reason is not None and _seen(before, reason) != _seen(after, reason):
        detail = phrase("proves nothing where {} differs", ours(reason))
        return Judgement(Cell(value=value, state=CellState.INCOMPARABLE, detail=(detail,)))
    rules = frozenset({field.rule.name})
    if not expected & actual:
        if any(may_be_one(one, other) for one in expected for other in actual):
            detail = phrase("redacted, in whole or in part, so it proves nothing")
            return Judgement(Cell(value=value, state=CellState.INCOMPARABLE, detail=(detail,)))
        if subject.is_off(field.rule):
            return Judgement(Cell(value=value, state=CellState.SAME, detail=(switched_off(field.rule),)), settled=rules)
        finding = subject.finding(field.rule, listed(expected), listed(actual))
        return Judgement(Cell(value=value, state=CellState.DIFFERS), (finding,), rules)
    if len(expected | actual) > 1:
        return Judgement(Cell(value=value, state=CellState.NOISY))
    return Judgement(Cell(value=value, state=CellState.SAME), settled=rules)


def _seen(check: Check, name: str) -> frozenset[Redacted]:
    varying = check.varying.get(name)
    if varying:
        return frozenset(varying)
    value: Scalar = getattr(check.facts, name)
    return frozenset({spelled(value)})
