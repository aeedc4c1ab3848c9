"""How likely chance alone tears a series of nights apart as far as it was seen to be.

In a series without any change every order of its nights is as likely as any other. The table says how far the best
split of such orders is apart; `benchmarks/trend_table.py` counts it, over 400,000 random orders for each number of
nights, so that nothing has to be counted while somebody waits.
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp, log
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_NIGHTS: Final = 12
LEAST_NIGHTS_A_SIDE: Final = 3
MOST_NIGHTS: Final = 800
"""As far as the table goes: more than two years of nights."""
LEVELS: Final = (0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005)
"""The probabilities of each row of the table; of few nights no order is as rare as the last ones, and the row ends."""
TABLE: Final[Mapping[int, tuple[float, ...]]] = MappingProxyType(
    {
        12: (2.030, 2.208, 2.496, 2.680, 2.722, 2.882),
        13: (2.006, 2.286, 2.489, 2.714, 2.781, 2.928),
        14: (1.981, 2.263, 2.492, 2.711, 2.840, 2.969, 3.098, 3.130),
        15: (2.082, 2.315, 2.546, 2.742, 2.893, 3.009, 3.125, 3.240),
        16: (2.064, 2.322, 2.547, 2.731, 2.911, 3.017, 3.151, 3.256, 3.361),
        17: (2.049, 2.342, 2.537, 2.741, 2.928, 3.057, 3.175, 3.272, 3.368),
        18: (2.075, 2.340, 2.577, 2.782, 2.943, 3.046, 3.215, 3.311, 3.396),
        19: (2.123, 2.368, 2.592, 2.807, 2.973, 3.103, 3.245, 3.381, 3.465),
        20: (2.117, 2.392, 2.593, 2.837, 3.001, 3.130, 3.289, 3.395, 3.472),
        21: (2.132, 2.412, 2.607, 2.835, 2.985, 3.133, 3.303, 3.425, 3.521),
        22: (2.153, 2.397, 2.638, 2.856, 3.023, 3.170, 3.330, 3.439, 3.549),
        23: (2.170, 2.419, 2.646, 2.873, 3.034, 3.163, 3.349, 3.465, 3.571),
        24: (2.169, 2.425, 2.636, 2.879, 3.045, 3.200, 3.369, 3.491, 3.580),
        25: (2.176, 2.446, 2.663, 2.901, 3.057, 3.208, 3.394, 3.510, 3.627),
        26: (2.203, 2.452, 2.673, 2.919, 3.088, 3.222, 3.399, 3.503, 3.615),
        27: (2.196, 2.460, 2.675, 2.928, 3.091, 3.240, 3.414, 3.542, 3.652),
        28: (2.202, 2.481, 2.687, 2.927, 3.104, 3.255, 3.435, 3.570, 3.687),
        29: (2.214, 2.480, 2.701, 2.944, 3.114, 3.269, 3.454, 3.579, 3.708),
        30: (2.231, 2.489, 2.699, 2.955, 3.120, 3.283, 3.457, 3.577, 3.683),
        35: (2.263, 2.525, 2.739, 2.997, 3.167, 3.323, 3.510, 3.653, 3.798),
        40: (2.287, 2.552, 2.773, 3.031, 3.208, 3.373, 3.571, 3.711, 3.814),
        50: (2.329, 2.593, 2.813, 3.076, 3.260, 3.430, 3.638, 3.784, 3.932),
        60: (2.367, 2.629, 2.856, 3.124, 3.313, 3.479, 3.692, 3.834, 3.976),
        80: (2.413, 2.678, 2.907, 3.181, 3.370, 3.541, 3.759, 3.914, 4.053),
        100: (2.449, 2.714, 2.946, 3.216, 3.404, 3.581, 3.804, 3.975, 4.133),
        150: (2.504, 2.770, 3.005, 3.281, 3.476, 3.663, 3.875, 4.033, 4.182),
        200: (2.541, 2.808, 3.043, 3.323, 3.520, 3.705, 3.934, 4.104, 4.268),
        300: (2.586, 2.853, 3.090, 3.373, 3.567, 3.754, 3.990, 4.156, 4.296),
        400: (2.617, 2.882, 3.118, 3.399, 3.594, 3.781, 4.016, 4.181, 4.319),
        600: (2.658, 2.924, 3.160, 3.447, 3.640, 3.824, 4.052, 4.208, 4.357),
        800: (2.683, 2.951, 3.190, 3.471, 3.666, 3.853, 4.091, 4.269, 4.422),
    }
)
"""By the number of nights: standard deviations that the best split is at least apart with each probability."""
_NUMBERS: Final = tuple(TABLE)


def p_of_a_split(apart: float, nights: int) -> float:
    """Give how likely the best split of so many nights is at least so many standard deviations apart by chance.

    Between the table's rows it is interpolated over the logarithm of their numbers, between its columns over that of
    the probability; past the last column it falls off as a normal distribution's tail does, which is slower than ranks
    do. What is more likely than the first level is not told apart: it is 1.

    Raises:
        ValueError: there are fewer nights than `LEAST_NIGHTS`, or more than `MOST_NIGHTS`.

    """
    if not LEAST_NIGHTS <= nights <= MOST_NIGHTS:
        raise ValueError(f"from {LEAST_NIGHTS} to {MOST_NIGHTS} nights can be judged")
    row = _row(nights)
    reached = bisect_right(row, apart)
    if reached == 0:
        return 1.0
    if reached == len(row):
        return LEVELS[reached - 1] * exp((row[-1] ** 2 - apart**2) / 2)
    low, high = row[reached - 1], row[reached]
    part = (apart - low) / (high - low)
    return exp((1 - part) * log(LEVELS[reached - 1]) + part * log(LEVELS[reached]))


def _row(nights: int) -> Sequence[float]:
    """Give the row of a number of nights, between two of the table where it has none of its own."""
    place = bisect_right(_NUMBERS, nights)
    below = _NUMBERS[place - 1]
    if below == nights:
        return TABLE[below]
    above = _NUMBERS[place]
    part = log(nights / below) / log(above / below)
    return [(1 - part) * low + part * high for low, high in zip(TABLE[below], TABLE[above], strict=True)]
