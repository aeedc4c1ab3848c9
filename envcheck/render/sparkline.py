"""A series of numbers in one line of text, as high as eight block characters tell: `▁▁▂▁ ▁│▅▄▅`."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

BLOCKS: Final = "▁▂▃▄▅▆▇█"
GAP: Final = " "
CHANGE: Final = "│"
_LEAST_HEIGHT: Final = 1.25
"""The top is at least so many times the bottom, so that noise of a few per cent does not look like mountains."""
_MOST_HEIGHT: Final = 1.5
"""The top is at most so many times the median, so that one outlier leaves room to tell the others apart."""


def sparkline(values: Sequence[float | None], changed: Collection[int] = ()) -> str:
    """Draw a character for each number, a space where there is none, and a stroke before each place in `changed`."""
    known = [value for value in values if value is not None]
    low = min(known, default=0.0)
    high = max(min(max(known), _MOST_HEIGHT * median(known)), _LEAST_HEIGHT * low) if known else low
    return "".join(
        (CHANGE if place in changed else "") + (GAP if value is None else _block(value, low, high))
        for place, value in enumerate(values)
    )


def _block(value: float, low: float, high: float) -> str:
    # Bounded before it is a whole number: above the top by a lot, it may be more than any number.
    part = min((value - low) / (high - low), 1.0) if high > low else 0.0
    return BLOCKS[min(int(part * len(BLOCKS)), len(BLOCKS) - 1)]
