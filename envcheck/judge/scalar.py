"""Facts with one value, held against the baseline's by equality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.comparison import Cell, CellState, Note, SeveralValue, Why
from envcheck.judge.field import PairwiseField
from envcheck.judge.hidden import is_hidden, may_be_one
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.redact import Redacted
from envcheck.rules import undecided

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from envcheck.comparison import Scalar as Value
    from envcheck.evidence import Check
    from envcheck.judge.columns import Pair
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject
    from envcheck.rules import Rule


@dataclass(frozen=True, slots=True)
class Scalar(PairwiseField):
    """A fact with one value: text, a number, a truth, or null."""

    name: str
    """The attribute of the probe's facts."""
    rule: Rule
    comparable_when_same: str | None = None
    """Another fact: where it differs between the two (another model was asked), this one proves nothing."""
    may_be_redacted: bool = False
    """Whether it is a server's own text, of which a part may be redacted."""
    stands_for_others: str | None = None
    """A value that stands for all words which are not shown."""
    always_shown: frozenset[str] = frozenset()
    """Words that it never stands for."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""
        return (self.rule, self._doubt) if self.may_be_redacted else (self.rule,)

    @property
    def _doubt(self) -> Rule:
        return undecided(self.rule.name.partition(".")[0])

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:
        """Give the values seen, spelled, where they are more than one."""
        seen = sorted({_spelled(value) for value in values})
        return tuple(seen) if len(seen) > 1 else ()

    def alone(self, check: Check) -> Cell:
        """Show the value, or all of them where it varies."""
        seen = self._seen(check)
        return Cell(value=self._value(check), state=CellState.NOISY if len(seen) > 1 else CellState.SAME)

    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:
        """Find a difference where no value was seen on both sides."""
        expected, actual = self._seen(pair.before), self._seen(pair.after)
        value = self._value(pair.after)
        reason = self.comparable_when_same
        if reason is not None and getattr(pair.before.facts, reason) != getattr(pair.after.facts, reason):
            note = Note(why=Why.OTHER_MODEL, word=reason)
            return Judgement(Cell(value=value, state=CellState.INCOMPARABLE, notes=(note,)))
        hidden = sum(map(self._is_hidden, expected | actual))
        names = context.names_of(subject)
        if names is None and self._is_doubtful(expected, actual):
            return self._undecided(subject, value)
        if names is not None and any(each.hidden for each in names):
            expected, actual = names[0].all, names[1].all  # told apart in memory, whatever is shown of them
        settled = frozenset(rule.name for rule in self.rules)
        notes = (Note(why=Why.REDACTED, number=hidden),) if hidden else ()
        if not expected.isdisjoint(actual):
            if len(expected | actual) > 1:
                return Judgement(Cell(value=value, state=CellState.NOISY, notes=notes))
            return Judgement(Cell(value=value, state=CellState.SAME, notes=notes), settled=settled)
        if subject.is_off(self.rule):
            notes = (switched_off(self.rule),)
            return Judgement(Cell(value=value, state=CellState.SAME, notes=notes), settled=settled)
        finding = subject.finding(self.rule, self._one(pair.before), self._one(pair.after))
        return Judgement(Cell(value=value, state=CellState.DIFFERS, notes=notes), (finding,), settled)

    def _is_doubtful(self, expected: Collection[str], actual: Collection[str]) -> bool:
        """Tell whether a value that is not shown as it is may be one of the other side's."""
        if any(value in actual and not self._is_hidden(value) for value in expected):
            return False
        return any(self._may_be_one(one, other) for one in expected for other in actual)

    def _may_be_one(self, one: str, other: str) -> bool:
        if self.stands_for_others in {one, other}:
            return self.always_shown.isdisjoint({one, other})
        return (is_hidden(one) or is_hidden(other)) and may_be_one(one, other)

    def _is_hidden(self, value: str) -> bool:
        return is_hidden(value) or value == self.stands_for_others

    def _undecided(self, subject: Subject, value: Value | SeveralValue) -> Judgement:
        note = Note(why=Why.REDACTED_ALIKE)
        cell = Cell(value=value, state=CellState.UNDECIDED, notes=(note,))
        if subject.is_off(self._doubt):
            return Judgement(cell)
        return Judgement(cell, (subject.finding(self._doubt, numbers=Measured(note=note), known_by=()),))

    def _one(self, check: Check) -> Value:
        """Give the value, or the values seen as one text."""
        value = self._value(check)
        return _listed(self._seen(check)) if isinstance(value, SeveralValue) else _or_null(value)

    def _value(self, check: Check) -> Value | SeveralValue:
        varying = check.varying.get(self.name)
        if varying:
            return SeveralValue(values=tuple(varying))
        return _or_null(getattr(check.facts, self.name))

    def _seen(self, check: Check) -> frozenset[str]:
        varying = check.varying.get(self.name)
        return frozenset(varying) if varying else frozenset({_spelled(getattr(check.facts, self.name))})


def _or_null(value: Value) -> Value:
    """Tell a null that was served from a cell without a value."""
    return Redacted("null") if value is None else value


def _spelled(value: object) -> Redacted:
    """Spell a scalar fact, which is a number, a truth, a word of an enum or already redacted."""
    return Redacted("null" if value is None else str(value))


def _listed(values: Collection[str]) -> Redacted:
    """Name them, sorted, so that their order never makes a difference."""
    return Redacted(", ".join(sorted(values)))
