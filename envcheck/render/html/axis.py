"""Where a number lies on a drawing: one axis from nothing to a round number past the largest."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEPS: Final = (1, 2, 2.5, 5, 10)
_MOST_TICKS: Final = 5


class Tick(NamedTuple):
    """A line across the drawing, with its number."""

    at: float
    value: float


class Axis(NamedTuple):
    """Milliseconds onto a drawing's units."""

    start: float
    length: float
    """Below nothing where it runs upwards."""
    end_ms: float
    step_ms: float

    @classmethod
    def over(cls, values: Iterable[float], start: float, length: float) -> Axis:
        """Make one that holds every value."""
        largest = max(values, default=0) or 1
        rough = largest / _MOST_TICKS
        power = 10 ** floor(log10(rough))
        step = next(each * power for each in _STEPS if each * power >= rough * (1 - 1e-9))
        return cls(start, length, ceil(largest / step * (1 - 1e-9)) * step, step)

    def at(self, value: float) -> float:
        """Give where a value lies."""
        return round(self.start + self.length * value / self.end_ms, 1)

    def ticks(self) -> list[Tick]:
        """Give the round numbers, from nothing on."""
        values = [self.step_ms * number for number in range(round(self.end_ms / self.step_ms) + 1)]
        return [Tick(self.at(value), value) for value in values]
