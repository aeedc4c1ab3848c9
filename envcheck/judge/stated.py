"""Facts that a gateway may state or not: what one side says nothing about is no difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.comparison import Cell, CellState, Note, Why
from envcheck.judge.judgement import Judgement
from envcheck.judge.scalar import Scalar

if TYPE_CHECKING:
    from envcheck.evidence import Check
    from envcheck.judge.columns import Pair
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject


@dataclass(frozen=True, slots=True)
class Stated(Scalar):
    """A fact with one value, judged where both sides state it; null is where nothing is said."""

    def alone(self, check: Check) -> Cell:
        """Show the value, and nothing where there is none."""
        return Scalar.alone(self, check) if self._is_said(check) else Cell(value=None, state=CellState.SAME)

    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:
        """Find a difference between what both sides say."""
        if all(map(self._is_said, pair)):
            return Scalar.held(self, subject, pair, context)
        if any(map(self._is_said, pair)):
            unsaid = Cell(value=None, state=CellState.INCOMPARABLE, notes=(Note(why=Why.SAID_BY_ONE),))
            return Judgement(unsaid.model_copy(update={"value": self.alone(pair.after).value}))
        return Judgement(self.alone(pair.after), settled=frozenset(rule.name for rule in self.rules))

    def _is_said(self, check: Check) -> bool:
        return getattr(check.facts, self.name) is not None
