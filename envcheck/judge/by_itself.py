"""Facts that are right or wrong by themselves: in any environment, the baseline too, and held against no other.

Their findings name the environment as its own baseline.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from envcheck.comparison import Cell, CellState, DayValue, Note, Why
from envcheck.judge.field import unpaired
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.model import Outcome
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from envcheck.comparison import Value
    from envcheck.evidence import Check
    from envcheck.judge.columns import Column
    from envcheck.judge.context import Context, Question
    from envcheck.judge.judgement import Subject
    from envcheck.policy import Policy
    from envcheck.rules import Rule

_T = TypeVar("_T")


class ByItself(ABC):
    """A field that looks at each environment alone, and asks for no significance."""

    name: str
    rule: Rule

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""
        return (self.rule,)

    def questions(self, columns: Sequence[Column], context: Context) -> Iterator[Question]:  # noqa: ARG002 - see `Field`
        """Ask nothing."""
        yield from ()

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:  # noqa: ARG002 - the first one is looked at
        """Give nothing."""
        return ()

    def judge(self, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
        """Judge every environment, by its name."""
        return {column.name: self._judged(column, context) for column in columns}

    def _judged(self, column: Column, context: Context) -> Judgement:
        check = column.check(context.probe)
        if check is None or check.outcome is not Outcome.PASS:
            return Judgement(unpaired(column, context.probe, None))
        subject = replace(context.subject(column, self.name, 1), baseline=column.name)
        judgement = self.looked_at(subject, check, context)
        before = column.expected_check(context.probe) if context.shows_earlier else None
        if before is None or before.outcome is not Outcome.PASS:
            return judgement
        return replace(judgement, cell=judgement.cell.model_copy(update={"expected": self.shown(before)}))

    @abstractmethod
    def shown(self, check: Check) -> Value:
        """Give the fact as a cell shows it."""

    @abstractmethod
    def looked_at(self, subject: Subject, check: Check, context: Context) -> Judgement:
        """Judge the fact of a probe that passed."""

    def _fact(self, check: Check, kind: type[_T]) -> _T | None:
        """Give the fact; a saved record that was edited, or of an older release, may lack it."""
        value = getattr(check.facts, self.name, None)
        return value if isinstance(value, kind) else None

    def _right(self, check: Check) -> Judgement:
        return Judgement(Cell(value=self.shown(check), state=CellState.SAME), settled=frozenset({self.rule.name}))

    def _wrong(self, subject: Subject, check: Check, rule: Rule, named: str | None, note: Note) -> Judgement:
        settled = frozenset({self.rule.name})
        value = self.shown(check)
        if subject.is_off(rule):
            return Judgement(Cell(value=value, state=CellState.SAME, notes=(switched_off(rule),)), settled=settled)
        actual = None if named is None else Redacted(named)
        finding = subject.finding(rule, actual=actual, numbers=Measured(note=note))
        return Judgement(Cell(value=value, state=CellState.DIFFERS, notes=(note,)), (finding,), settled)


@dataclass(frozen=True, slots=True)
class Must(ByItself):
    """A truth that has to be true."""

    name: str
    rule: Rule
    otherwise: Why
    """What it means that it is not."""
    about: str
    """Another fact: what is named where it is not."""

    def shown(self, check: Check) -> Value:
        """Give the truth; nothing where nobody knows."""
        return self._fact(check, bool)

    def looked_at(self, subject: Subject, check: Check, context: Context) -> Judgement:  # noqa: ARG002 - see `ByItself`
        """Find what is known to be false."""
        match self._fact(check, bool):
            case None:
                return Judgement(Cell(value=None, state=CellState.SAME))
            case True:
                return self._right(check)
            case _:
                named = getattr(check.facts, self.about, None)
                return self._wrong(subject, check, self.rule, named, Note(why=self.otherwise))


@dataclass(frozen=True, slots=True)
class Day(ByItself):
    """A day that something ends on."""

    name: str
    rule: Rule
    within_days: Callable[[Policy], int]
    """How many days before it is a finding: from that number on it is none yet."""
    urgent_days: int = 0
    """The same for an err, whatever the rule says by default."""

    def shown(self, check: Check) -> Value:
        """Give the day; nothing where there is none."""
        day: date | None = getattr(check.facts, self.name, None)
        return None if day is None else DayValue(day=day)

    def looked_at(self, subject: Subject, check: Check, context: Context) -> Judgement:
        """Find a day that is near, or has been."""
        day: date | None = getattr(check.facts, self.name, None)
        if day is None:
            return self._right(check)
        left = (day - context.today).days
        if left >= self.within_days(context.policy):
            return self._right(check)
        rule = replace(self.rule, severity=Severity.ERR) if left < self.urgent_days else self.rule
        note = Note(why=Why.DAYS_LEFT, number=left) if left >= 0 else Note(why=Why.DAYS_AGO, number=-left)
        return self._wrong(subject, check, rule, day.isoformat(), note)
