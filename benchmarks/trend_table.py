"""How far a series without any change comes apart by chance: `python -m benchmarks.trend_table` prints the table.

It is the table of `envcheck/judge/chance_of_a_split.py`: for each number of nights, what the largest standardised rank
sum over all splits reaches or passes with each probability, counted over random orders of untied ranks.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

import numpy as np

from envcheck.judge.chance_of_a_split import LEAST_NIGHTS_A_SIDE, LEVELS, TABLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AT_ONCE: Final = 2_000


def largest_of(random: np.random.Generator, nights: int, orders: int) -> NDArray[np.float64]:
    """Draw orders of so many nights, and give how far the best split of each is apart."""
    return np.concatenate(
        [_largest(random, nights, min(_AT_ONCE, orders - done)) for done in range(0, orders, _AT_ONCE)]
    )


def _largest(random: np.random.Generator, nights: int, orders: int) -> NDArray[np.float64]:
    ranks = random.permuted(np.tile(np.arange(nights) - (nights - 1) / 2, (orders, 1)), axis=1)
    first = np.arange(LEAST_NIGHTS_A_SIDE, nights - LEAST_NIGHTS_A_SIDE + 1)
    sums = np.cumsum(ranks, axis=1)[:, first - 1]
    spread = np.sqrt(first * (nights - first) * (nights + 1) / 12)
    largest: NDArray[np.float64] = np.max(np.abs(sums) / spread, axis=1)
    return largest


def row_of(apart: NDArray[np.float64]) -> list[float]:
    """Give the least values that are reached or passed no more often than each level says, as far as there are any."""
    values, first = np.unique(np.sort(apart), return_index=True)
    chance = 1 - first / len(apart)
    return [float(values[np.argmax(chance <= level)]) for level in LEVELS if chance[-1] <= level]


def main() -> None:
    """Print the lines of the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trend_table", description=__doc__)
    parser.add_argument("--orders", type=int, default=400_000, help="for each number (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for nights in TABLE:
        random = np.random.default_rng([options.seed, nights])
        row = row_of(largest_of(random, nights, options.orders))
        print(f"        {nights}: ({', '.join(f'{value:.3f}' for value in row)}),", flush=True)


if __name__ == "__main__":
    main()
