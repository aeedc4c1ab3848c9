"""Where a series of numbers falls apart into levels: the best split by ranks, and then those of either side.

Each split stands where the standardised rank sum of one side is furthest from what chance expects; by ranks, so that
one night that took ten times as long moves it no further than any other slow one. It is bisected as long as chance
alone does as much less than once in a hundred: Vostrikova, "Detecting disorder in multidimensional random processes"
(Soviet Mathematics Doklady 1981) is the bisection, Pettitt, "A non-parametric approach to the change-point problem"
(Applied Statistics 1979) the split by ranks.
"""

from __future__ import annotations

from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.judge.chance_of_a_split import LEAST_NIGHTS, LEAST_NIGHTS_A_SIDE, p_of_a_split
from envcheck.judge.stats import doubled_midranks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIGNIFICANT: Final = 0.01


class Split(NamedTuple):
    """A place between two numbers of a series."""

    first_after: int
    """The position of the first number behind it."""
    p: float
    """How likely a split that is so far apart is by chance, among the numbers that it was looked for in."""


def splits_of(values: Sequence[float]) -> list[Split]:
    """Give every split that is hardly chance, in the order of the series."""
    return sorted(_within(values, 0, len(values)))


def _within(values: Sequence[float], start: int, end: int) -> Iterator[Split]:
    if end - start < LEAST_NIGHTS:
        return
    length, apart = _furthest_apart(values[start:end])
    p = p_of_a_split(apart, end - start)
    if p < SIGNIFICANT:
        yield Split(start + length, p)
        yield from _within(values, start, start + length)
        yield from _within(values, start + length, end)


def _furthest_apart(values: Sequence[float]) -> tuple[int, float]:
    """Give how many numbers stand before the best split, and how many standard deviations it is from chance."""
    size = len(values)
    above = [rank - (size + 1) for rank in doubled_midranks(values)]
    squares = sum(each * each for each in above)
    if squares == 0:
        return LEAST_NIGHTS_A_SIDE, 0.0  # every night is the same
    sums = list(accumulate(above))
    lengths = range(LEAST_NIGHTS_A_SIDE, size - LEAST_NIGHTS_A_SIDE + 1)
    # Of the sum of a part that is drawn without putting back, from these very ranks, tied or not.
    scale = sqrt(size * (size - 1) / squares)
    return max(
        ((length, scale * abs(sums[length - 1]) / sqrt(length * (size - length))) for length in lengths),
        key=lambda split: split[1],
    )
