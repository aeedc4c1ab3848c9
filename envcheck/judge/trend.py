"""Whether a latency became another one over the nights, and since which night.

Two environments that get worse together are the same to every comparison; each held against its own past is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.judge.chance_of_a_split import MOST_NIGHTS
from envcheck.judge.splits import splits_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from envcheck.judge.splits import Split

LEAST_RATIO: Final = 1.1
"""The larger level to the smaller one: whatever is less stands in the way of nobody, however sure it is."""
PART_OF_THE_FLOOR: Final = 5
"""So much smaller than `latency_floor_ms` a change may be: a level of many nights is surer than samples of one."""

_LEAST_MS: Final = 0.001


class Night(NamedTuple):
    """One night of one latency."""

    day: date
    median_ms: float | None
    """None where there is none: the gateway was down, no samples were taken, or they cannot be held together."""


@dataclass(frozen=True, slots=True)
class Nights:
    """One latency of one environment, over the nights in their order."""

    environment: str
    probe: str
    series: str
    """The field's name, such as `latency`."""
    nights: tuple[Night, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The night from which on a latency is another one, until the next change or the last night."""

    since: date
    """The first night of the new level; as it was between two nights, the night before it may have been a gap."""
    before_ms: float
    """The median of the nights since the change before."""
    after_ms: float
    """The median of the nights up to the next change."""
    nights_before: int
    """How many nights with a median the old level rests on."""
    nights: int
    """How many the new one rests on."""
    p: float
    """How likely it is by chance, among the nights of its one series."""

    @property
    def ratio(self) -> float:
        """How many times as long it takes."""
        return self.after_ms / self.before_ms

    @property
    def is_slower(self) -> bool:
        """Whether it takes longer than before."""
        return self.after_ms > self.before_ms


def changes(nights: Sequence[Night], latency_floor_ms: float) -> list[Change]:
    """Find every change of a series, in the order of its nights, that is neither chance nor too small to matter.

    Nights without a median are left out, as if they had not been. Of more than `MOST_NIGHTS` with one, the last ones
    are looked at.
    """
    known = [(night.day, night.median_ms) for night in nights if night.median_ms is not None][-MOST_NIGHTS:]
    medians = [max(median_ms, _LEAST_MS) for _, median_ms in known]
    splits = splits_of(medians)
    levels = _levels(medians, splits)
    while small := [
        split for split, sides in zip(splits, pairwise(levels), strict=True) if not _is_apart(*sides, latency_floor_ms)
    ]:
        # The least sure first: without it, what is beside it may be large enough.
        splits.remove(max(small, key=lambda split: split.p))
        levels = _levels(medians, splits)
    starts = [split.first_after for split in splits]
    lengths = [end - start for start, end in pairwise((0, *starts, len(medians)))]
    return [
        Change(known[split.first_after][0], *sides, *nights, split.p)
        for split, sides, nights in zip(splits, pairwise(levels), pairwise(lengths), strict=True)
    ]


def standing(found: Sequence[Change], latency_floor_ms: float) -> list[Change]:
    """Give the changes that were not made good: the last level is still on their side, and not by too little."""
    return [
        change
        for change in found
        if (found[-1].after_ms > change.before_ms) == change.is_slower
        and _is_apart(change.before_ms, found[-1].after_ms, latency_floor_ms)
    ]


def _levels(medians: Sequence[float], splits: Sequence[Split]) -> list[float]:
    edges = [0, *(split.first_after for split in splits), len(medians)]
    return [median(medians[start:end]) for start, end in pairwise(edges) if start < end]


def _is_apart(before_ms: float, after_ms: float, latency_floor_ms: float) -> bool:
    """Tell whether two levels are so far apart that somebody notices; in either direction by the same ratio."""
    low, high = sorted((before_ms, after_ms))
    return high >= low * LEAST_RATIO and high - low >= latency_floor_ms / PART_OF_THE_FLOOR
