"""What the file expects, judged for each environment by itself: no baseline is asked, and none is made inconclusive.

An expectation has the same fingerprint in every run, whatever comes of it, and its finding has that one too: over time
a finding of these rules is known by its rule and its fingerprint together.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.compare.answering import answer_of
from envcheck.comparison import (
    Answer,
    Cell,
    CellState,
    DayValue,
    DurationValue,
    Expectation,
    Finding,
    OutcomeValue,
    SeveralValue,
)
from envcheck.judge.judgement import Judgement
from envcheck.policy import Operator
from envcheck.redact import Redacted
from envcheck.rules import EXPECT_UNKNOWN, EXPECT_UNMET, OF_EXPECTATIONS, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.compare.answering import Answered
    from envcheck.compare.grid import Grid
    from envcheck.comparison import Scalar
    from envcheck.evidence import Evidence
    from envcheck.judge.columns import Column
    from envcheck.policy import Expect, Operand, Policy

FIELD: Final = ("expect", "answers")
"""Where a grid holds the findings; it is no row of the table, for each is about a fact that has its own."""
_DIGITS: Final = 16
_NAMED: Final = 10
"""Members that a condition names at most; evidence may have thousands, and so may the file."""


class Told(NamedTuple):
    """What was expected of an environment, and the finding that it stands for, if it does."""

    expectation: Expectation
    finding: Finding | None


def told_of(columns: Sequence[Column], policy: Policy) -> dict[str, list[Told]]:
    """Judge every expectation in every environment that is there, by its name."""
    return {
        column.name: _of_one(column.name, column.evidence, policy) for column in columns if column.evidence is not None
    }


def told_before(columns: Sequence[Column], policy: Policy) -> frozenset[tuple[str, str]]:
    """Give the rules and fingerprints that the earlier run would have been found by, judged by the same file."""
    earlier = (column.against for column in columns if column.against is not None)
    return frozenset(
        (told.finding.rule, told.finding.fingerprint)
        for each in earlier
        if each.evidence is not None
        for told in _of_one(each.name, each.evidence, policy)
        if told.finding is not None
    )


def judgements_of(told: Mapping[str, Sequence[Told]], columns: Sequence[Column]) -> Grid:
    """Put the findings where all others are, so that they are accepted and counted like these."""
    return {FIELD: {column.name: _judgement(told.get(column.name)) for column in columns}}


def _judgement(told: Sequence[Told] | None) -> Judgement:
    nothing = Cell(value=None, state=CellState.SAME)
    if told is None:
        return Judgement(nothing)
    open_questions = frozenset(
        each.expectation.fingerprint for each in told if each.expectation.answer is Answer.UNKNOWN
    )
    findings = tuple(each.finding for each in told if each.finding is not None)
    settled = {EXPECT_UNKNOWN.name} if open_questions else OF_EXPECTATIONS
    return Judgement(nothing, findings, frozenset(settled), open_questions)


def _of_one(environment: str, evidence: Evidence, policy: Policy) -> list[Told]:
    return [
        _told(expect, environment, answer_of(expect, evidence), policy)
        for expect in policy.expect
        if not expect.environments or environment in expect.environments
    ]


def _told(expect: Expect, environment: str, answered: Answered, policy: Policy) -> Told:
    condition = condition_of(expect)
    severity = expect.severity or policy.severity.get(EXPECT_UNMET.name, EXPECT_UNMET.severity)
    expectation = Expectation(
        title=Redacted(expect.title or f"{expect.field} {condition}"),
        environment=environment,
        field=expect.field,
        condition=condition,
        severity=EXPECT_UNMET.severity if severity is Severity.NONE else severity,
        answer=answered.answer,
        actual=answered.actual,
        missing=answered.missing,
        unwanted=answered.unwanted,
        note=answered.note,
        fingerprint=_fingerprint(expect, environment),
    )
    return Told(expectation, _finding(expectation, answered, severity, policy))


def _finding(expectation: Expectation, answered: Answered, severity: Severity, policy: Policy) -> Finding | None:
    if expectation.answer is Answer.UNKNOWN:
        severity = policy.severity.get(EXPECT_UNKNOWN.name, EXPECT_UNKNOWN.severity)
    # A rule that is switched off is off, whatever an entry says that it would weigh.
    rule = EXPECT_UNKNOWN if expectation.answer is Answer.UNKNOWN else EXPECT_UNMET
    is_off = Severity.NONE in {severity, policy.severity.get(rule.name)}
    if expectation.answer is Answer.MET or is_off:
        return None
    value = answered.actual
    return Finding(
        rule=rule.name,
        severity=severity,
        environment=expectation.environment,
        baseline=expectation.environment,
        field=expectation.field,
        expected=expectation.condition,
        actual=_actual(expectation),
        actual_ms=value.median_ms if isinstance(value, DurationValue) else None,
        note=expectation.note,
        n=answered.n,
        fingerprint=expectation.fingerprint,
    )


def _actual(expectation: Expectation) -> Scalar:
    """Give the value as a finding has it: a number, a truth or text."""
    match expectation.actual:
        case DurationValue(median_ms=median_ms):
            return median_ms
        case DayValue(day=day):
            return Redacted(day.isoformat())
        case OutcomeValue(outcome=outcome):
            return Redacted(outcome.value)
        case SeveralValue(values=values):
            return Redacted(", ".join(map(str, values)))
        case bool() | int() | float() | str() as value:
            return value
        case _:
            return _members(expectation)


def _members(expectation: Expectation) -> Redacted | None:
    parts = [
        *([f"lacks {_named(expectation.missing)}"] if expectation.missing else []),
        *([f"has {_named(expectation.unwanted)}"] if expectation.unwanted else []),
    ]
    return Redacted(" and ".join(parts)) if parts else None


_SAID: Final = {
    Operator.EQUALS: "equals {}",
    Operator.NOT_EQUALS: "does not equal {}",
    Operator.ONE_OF: "is one of {}",
    Operator.CONTAINS: "contains {}",
    Operator.EXCLUDES: "excludes {}",
    Operator.AT_LEAST: "is at least {}",
    Operator.AT_MOST: "is at most {}",
    Operator.AT_LEAST_MS: "is at least {} ms",
    Operator.AT_MOST_MS: "is at most {} ms",
    Operator.AT_LEAST_DAYS: "is {} days away or more",
    Operator.MATCHES: "matches {}",
}


def condition_of(expect: Expect) -> Redacted:
    """Say in words what is expected of a fact: `contains gpt-4o-mini, o3`."""
    return Redacted(_SAID[expect.operator].format(_named([_spelled(each) for each in expect.operands])))


def _named(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _spelled(operand: Operand) -> str:
    match operand:
        case bool():
            return "true" if operand else "false"
        case float():
            return str(int(operand)) if operand.is_integer() else str(operand)
        case date():
            return operand.isoformat()
        case _:
            return str(operand)


def _fingerprint(expect: Expect, environment: str) -> str:
    names = ["expect", environment, expect.field, expect.operator.value, *sorted(map(_spelled, expect.operands))]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:_DIGITS]
