"""The significance test of latencies: Mann-Whitney U, and Holm's correction for asking it more than once."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from math import comb, erfc, gcd, sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

EXACT_UP_TO: Final = 2500
"""The largest product of the two sizes that is counted exactly: 50 against 50 takes a few hundredths of a second."""


def mann_whitney_u(x: Sequence[float], y: Sequence[float]) -> float:
    """Give the two-sided p value for "neither of the two samples tends to be larger".

    Exact, by counting every way to deal the ranks out, also where values are tied: tied values share the mean of
    their ranks. It is twice the smaller tail, at most 1, as in SciPy's `permutation_test`; without ties that is
    SciPy's `mannwhitneyu(method="exact")`. Past `EXACT_UP_TO` it is the normal approximation, corrected for ties
    and continuity, which is SciPy's `method="asymptotic"`.

    Raises:
        ValueError: one of the samples is empty.

    """
    if not x or not y:
        raise ValueError("both samples need at least one value")
    ranks = doubled_midranks([*x, *y])
    rank_sum = sum(ranks[: len(x)])
    if len(x) * len(y) > EXACT_UP_TO:
        return _approximate(ranks, len(x), rank_sum)
    at_most, at_least = _tails(tuple(sorted(ranks)), len(x), rank_sum)
    return min(1.0, 2 * min(at_most, at_least) / comb(len(ranks), len(x)))


def smallest_p(size_x: int, size_y: int) -> float:
    """Give the least p value that untied samples of these sizes can have."""
    return min(1.0, 2 / comb(size_x + size_y, size_x))


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p values for having asked that many questions, so that one false alarm among all stays as unlikely.

    The order is kept; no adjusted value is above 1.
    """
    adjusted = [0.0] * len(p_values)
    running = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = running
    return adjusted


def doubled_midranks(values: Sequence[float]) -> list[int]:
    """Rank the values from 1 on, ties by their mean; doubled, so that a mean of two ranks is a whole number too."""
    ranks = [0] * len(values)
    before = 0
    for _, tied in groupby(sorted(range(len(values)), key=values.__getitem__), key=values.__getitem__):
        indices = list(tied)
        for index in indices:
            ranks[index] = 2 * before + len(indices) + 1
        before += len(indices)
    return ranks


def _tails(ranks: tuple[int, ...], size: int, rank_sum: int) -> tuple[int, int]:
    """Count the ways to pick `size` of the ranks whose sum is at most, and at least, `rank_sum`."""
    width, step, ways = _ways(ranks, size)
    place = (rank_sum - size * ranks[0]) // step * width
    below = _added_up(ways & ((1 << place) - 1), width)
    here = ways >> place & ((1 << width) - 1)
    return below + here, comb(len(ranks), size) - below


@lru_cache(maxsize=64)
def _ways(ranks: tuple[int, ...], size: int) -> tuple[int, int, int]:
    """Count, for each sum, the ways to pick `size` of the ranks that give it.

    The counts are the coefficients of a polynomial, kept in one large integer, `width` bits for each: adding a rank
    is a shift and an addition, which Python does at the speed of C. Sums are counted in steps from the least rank on.
    """
    width = comb(len(ranks), size).bit_length()
    least = ranks[0]
    step = gcd(*(rank - least for rank in ranks)) or 1
    picked = [1] + [0] * size
    for rank in ranks:
        shift = (rank - least) // step * width
        for count in range(size, 0, -1):
            picked[count] += picked[count - 1] << shift
    return width, step, picked[size]


def _added_up(packed: int, width: int) -> int:
    """Add up the coefficients of a packed polynomial."""
    # Each place counts for 1 modulo 2^width - 1, and the sum stays below that: it leaves out the observed sum's ways.
    return packed % ((1 << width) - 1)


def _approximate(ranks: Sequence[int], size: int, doubled_rank_sum: int) -> float:
    total = len(ranks)
    other = total - size
    u = doubled_rank_sum / 2 - size * (size + 1) / 2
    tied = sum(count**3 - count for count in (len(list(group)) for _, group in groupby(sorted(ranks))))
    variance = size * other / 12 * (total + 1 - tied / (total * (total - 1)))
    if variance <= 0:
        return 1.0  # every value is the same
    distance = abs(u - size * other / 2) - 0.5
    return min(1.0, erfc(distance / sqrt(2 * variance)))
