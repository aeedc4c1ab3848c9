"""What a field of a probe is: a fact that judges itself.

A new kind of fact is a class here beside `Scalar` and `Members`; nothing else needs to know it, for a comparison asks
each field to judge all environments, and reads typed cells and findings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

from envcheck.comparison import Cell, CellState, Note, Why
from envcheck.judge.judgement import Judgement
from envcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.evidence import Check
    from envcheck.judge.columns import Column, Pair
    from envcheck.judge.context import Context, Question
    from envcheck.judge.judgement import Subject
    from envcheck.rules import Rule


class Field(Protocol):
    """One fact of a probe, and how environments are held against each other by it."""

    @property
    def name(self) -> str:
        """As evidence, rows and findings spell it; an attribute of the probe's facts, unless it is a latency."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""

    def questions(self, columns: Sequence[Column], context: Context) -> Iterator[Question]:
        """Ask for the significance that `judge` will need; all questions of a comparison are answered together."""

    def judge(self, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
        """Judge every environment, by its name."""

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:
        """Give what varied among the values that one environment had; nothing where it was always the same."""


class PairwiseField(ABC):
    """A field that holds one environment's facts against another's, and asks for no significance."""

    name: str
    comparable_when_same: str | None = None
    """Another fact: where it differs between the two (another model was asked), this one proves nothing."""

    def questions(self, columns: Sequence[Column], context: Context) -> Iterator[Question]:  # noqa: ARG002 - see `Field`
        """Ask nothing."""
        yield from ()

    def judge(self, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
        """Judge every environment, by its name."""
        return {column.name: self._judged(column, context) for column in columns}

    def _judged(self, column: Column, context: Context) -> Judgement:
        pair = column.pair(context.probe)
        if pair is None:
            check = column.check(context.probe)
            own = None if check is None or check.outcome is not Outcome.PASS else self._shown(check)
            return Judgement(unpaired(column, context.probe, own))
        if not (self._has_fact(pair.before) and self._has_fact(pair.after)):
            return Judgement(_without_facts(self._shown(pair.after)))
        subject = context.subject(column, self.name, max(1, pair.after.latency.samples))
        judgement = self._held_if_alike(subject, pair, context)
        if not context.shows_earlier:
            return judgement
        expected = self.alone(pair.before).value
        cell = judgement.cell.model_copy(update={"expected": expected})
        return Judgement(cell, judgement.findings, judgement.settled, judgement.unsure)

    def _held_if_alike(self, subject: Subject, pair: Pair, context: Context) -> Judgement:
        other = self.comparable_when_same
        if other is None or getattr(pair.before.facts, other) == getattr(pair.after.facts, other):
            return self.held(subject, pair, context)
        return Judgement(incomparable(self.alone(pair.after), other))

    def _shown(self, check: Check) -> Cell:
        return self.alone(check) if self._has_fact(check) else Cell(value=None, state=CellState.INCOMPARABLE)

    def _has_fact(self, check: Check) -> bool:
        """Tell whether the fact is there: a saved record that was edited, or of an older release, may lack it."""
        return self.name in type(check.facts).model_fields

    @abstractmethod
    def alone(self, check: Check) -> Cell:
        """Show the fact by itself."""

    @abstractmethod
    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:
        """Hold the facts of a probe that passed on both sides against each other."""


def unpaired(column: Column, probe: str, own: Cell | None) -> Cell:
    """Give the cell of what is not held against anything; `own` is what it shows by itself, if it passed."""
    check = column.check(probe)
    if check is None:
        return Cell(value=None, state=CellState.NOT_PROBED)
    if check.outcome is Outcome.UNSUPPORTED:
        return Cell(value=None, state=CellState.NOT_PROBED)
    if check.outcome is Outcome.FAIL or own is None:
        return Cell(value=None, state=CellState.ERROR)
    return beside(column, probe, own)


def beside(column: Column, probe: str, own: Cell) -> Cell:
    """Give the cell of something that is there by itself, and say why where the other side has no like of it."""
    check, before = column.check(probe), column.expected_check(probe)
    if column.against is None or (check is not None and before is not None and check.outcome is before.outcome):
        return own
    if before is not None and before.outcome is Outcome.UNSUPPORTED:
        return own.model_copy(update={"notes": (*own.notes, Note(why=Why.UNSUPPORTED_THERE))})
    state, why = (
        (CellState.NOT_PROBED, Why.NOT_PROBED_THERE) if before is None else (CellState.INCOMPARABLE, Why.FAILED_THERE)
    )
    return own.model_copy(update={"state": state, "notes": (*own.notes, Note(why=why))})


def incomparable(own: Cell, other_fact: str) -> Cell:
    """Give the cell of what proves nothing, because another fact differs."""
    why = Why.OTHER_MODEL if other_fact == "model" else Why.OTHER_FACT
    note = Note(why=why, word=other_fact)
    return own.model_copy(update={"state": CellState.INCOMPARABLE, "notes": (note,)})


def _without_facts(own: Cell) -> Cell:
    return own.model_copy(update={"state": CellState.INCOMPARABLE, "notes": (Note(why=Why.NO_FACTS),)})
