"""A few numbers that stand for a vector, held against the baseline's by the angle between the two."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, VectorValue
from envcheck.judge.field import PairwiseField, incomparable
from envcheck.judge.judgement import Judgement, Measured, switched_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Check
    from envcheck.judge.columns import Pair
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject
    from envcheck.rules import Rule

SAME_FROM: Final = 0.98
"""The cosine from which two sketches are of the same vector: engines and precisions of one model stay above 0.999, and
sketches of two models are as good as never near to each other."""
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Sketch(PairwiseField):
    """A fact that is a few components of a vector."""

    name: str
    rule: Rule
    size: str
    """Another fact: how many components the whole vector has; where that differs, the two are of different spaces."""
    comparable_when_same: str | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The one rule that a finding of it can come from."""
        return (self.rule,)

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:  # noqa: ARG002 - it is never quite the same
        """Give nothing."""
        return ()

    def alone(self, check: Check) -> Cell:
        """Show the components."""
        return Cell(value=VectorValue(components=self._components(check)), state=CellState.SAME)

    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:  # noqa: ARG002 - see `PairwiseField`
        """Find a vector that points elsewhere."""
        if getattr(pair.before.facts, self.size) != getattr(pair.after.facts, self.size):
            return Judgement(incomparable(self.alone(pair.after), self.size))
        angle = cosine(self._components(pair.before), self._components(pair.after))
        shown = round(angle, _DIGITS)
        cell = Cell(
            value=VectorValue(components=self._components(pair.after), cosine=shown),
            state=CellState.SAME,
        )
        settled = frozenset({self.rule.name})
        if angle >= SAME_FROM:
            return Judgement(cell, settled=settled)
        if subject.is_off(self.rule):
            return Judgement(cell.model_copy(update={"notes": (switched_off(self.rule),)}), settled=settled)
        # Known by no value: the angle is a little different every night, and the finding is not.
        finding = subject.finding(self.rule, numbers=Measured(cosine=shown))
        return Judgement(cell.model_copy(update={"state": CellState.DIFFERS}), (finding,), settled)

    def _components(self, check: Check) -> tuple[float, ...]:
        components: tuple[float, ...] = getattr(check.facts, self.name)
        return components


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the cosine of the angle between two vectors, of which the shorter one goes on with zeros.

    Two of only zeros point the same way, and one of them no other's.
    """
    lengths = hypot(*one) * hypot(*other)
    if lengths == 0:
        return 1.0 if any(one) == any(other) else 0.0
    together = sum(left * right for left, right in zip(one, other, strict=False))
    return max(-1.0, min(1.0, together / lengths))
