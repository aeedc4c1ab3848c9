"""Where a series of numbers falls apart into levels: the best split by ranks, and then those of either side.

A split stands where the standardised rank sum of one side is furthest from what chance expects; by ranks, so that one
night that took ten times as long moves it no further than any other slow one. Either side is split in its turn, as long
as chance alone does as much less than once in a hundred. Pettitt, "A non-parametric approach to the change-point
problem" (Applied Statistics 1979) is the split by ranks, Vostrikova, "Detecting disorder in multidimensional random
processes" (Soviet Mathematics Doklady 1981) the bisection.
"""

from __future__ import annotations

from itertools import accumulate
from math import sqrt
from statistics import median
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
    splits = sorted(_within(values, 0, len(values)))
    for number, split in enumerate(splits):
        start = splits[number - 1].first_after if number else 0
        end = splits[number + 1].first_after if number + 1 < len(splits) else len(values)
        splits[number] = Split(start + _between_levels(values[start:end], split.first_after - start), split.p)
    return splits


def _between_levels(values: Sequence[float], length: int) -> int:
    """Give how many numbers are before the place from which on they are nearer to the later level than to the former.

    Ranks tell best that there is a change, and less well where: of the larger side those that happen to be among its
    lesser half seem to belong to the other one. And the first splits were placed before the others were known.
    """
    before, after = median(values[:length]), median(values[length:])
    nearer = list(accumulate(abs(value - after) - abs(value - before) for value in values))
    return max(range(LEAST_NIGHTS_A_SIDE, len(values) - LEAST_NIGHTS_A_SIDE + 1), key=lambda place: nearer[place - 1])


def _within(values: Sequence[float], start: int, end: int) -> Iterator[Split]:
    if end - start < LEAST_NIGHTS:
        return
    split = _best(values, start, end)
    if split.p >= SIGNIFICANT:
        split = _best_in_a_half(values, start, end)
    if split.p < SIGNIFICANT:
        yield split
        yield from _within(values, start, split.first_after)
        yield from _within(values, split.first_after, end)


def _best(values: Sequence[float], start: int, end: int) -> Split:
    length, apart = _furthest_apart(values[start:end])
    return Split(start + length, p_of_a_split(apart, end - start))


def _best_in_a_half(values: Sequence[float], start: int, end: int) -> Split:
    """Give the best split of the first half, the middle one and the last, each chance corrected for all (Bonferroni).

    What went up and came down again is no split of the whole, for the numbers on either side are alike; and what has
    done so hides whatever came later.
    """
    size = (end - start) // 2
    if size < LEAST_NIGHTS:
        return Split(start, 1.0)
    halves = [_best(values, first, first + size) for first in (start, (start + end - size) // 2, end - size)]
    best = min(halves, key=lambda split: split.p)
    return Split(best.first_after, min(1.0, len(halves) * best.p))


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
