"""Since when a latency is another one: planted steps, noise, gaps, and what is too small to matter."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from checkout import imported
from hypothesis import given
from hypothesis import strategies as st

from envcheck.judge.trend import Change, Night, changes, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

trends = imported("benchmarks.trends")

FIRST = date(2026, 9, 28)
FLOOR_MS = 50
CONTRACT = "5 %, AR(1) .3"
"""With 1 night of 20 that is 1.3 to 3 times as slow."""


def nights_of(medians: Sequence[float | None], every: int = 1) -> list[Night]:
    return [Night(FIRST + timedelta(days=every * number), median) for number, median in enumerate(medians)]


def levels(*lengths: tuple[int, float], seed: int = 1, noise: float = 0.03) -> list[float]:
    random = Random(seed)
    return [level * random.gauss(1, noise) for length, level in lengths for _ in range(length)]


def named(found: Sequence[Change]) -> list[tuple[int, str]]:
    """Give the nights of changes, by their numbers, and which way each went."""
    return [((change.since - FIRST).days, "slower" if change.is_slower else "faster") for change in found]


def test_a_planted_step_is_named_with_its_night() -> None:
    """20 % slower for the last nine nights of sixty, with the level before and after."""
    [change] = changes(nights_of(levels((51, 240), (9, 288))), FLOOR_MS)
    assert change.since == date(2026, 11, 18)
    assert (change.nights_before, change.nights) == (51, 9)
    assert change.before_ms == pytest.approx(240, rel=0.02)
    assert change.after_ms == pytest.approx(288, rel=0.03)
    assert change.ratio == pytest.approx(1.2, rel=0.04)
    assert change.p < 0.001


def test_noise_is_no_trend() -> None:
    """At most 2 false alarms in 100 series of 60 nights of the noise that is promised."""
    found = trends.found(trends.drawn(np.random.default_rng(1), CONTRACT, 1000))
    assert sum(map(bool, found)) <= 20


def test_a_fifth_more_is_found_within_a_week() -> None:
    """In 75 of 100 series whose last 7 nights are 20 % slower, and mostly on the right night, give or take three."""
    found = [each for each in trends.found(trends.drawn(np.random.default_rng(2), CONTRACT, 1000, after=7)) if each]
    assert len(found) >= 750
    assert sum(min(abs(night - 53) for night in each) <= 3 for each in found) >= 0.85 * len(found)


def test_a_latency_that_comes_back_is_two_changes() -> None:
    """Slower, and faster again, by the same ratio; only the second still stands."""
    found = changes(nights_of(levels((30, 240), (20, 266), (20, 240), noise=0.002)), FLOOR_MS)
    assert named(found) == [(30, "slower"), (50, "faster")]
    assert named(standing(found, FLOOR_MS)) == [(50, "faster")]


def test_what_was_made_good_in_part_still_stands() -> None:
    """And so does what made it good: of 240, 480 and 360 ms both are true."""
    found = changes(nights_of(levels((30, 240), (20, 480), (20, 360))), FLOOR_MS)
    assert named(standing(found, FLOOR_MS)) == [(30, "slower"), (50, "faster")]


def test_what_went_further_the_other_way_does_not_stand() -> None:
    """Slower than at first is no more true where it is faster than ever."""
    found = changes(nights_of(levels((30, 240), (20, 360), (20, 120))), FLOOR_MS)
    assert named(found) == [(30, "slower"), (50, "faster")]
    assert named(standing(found, FLOOR_MS)) == [(50, "faster")]
    assert standing([], FLOOR_MS) == []


@pytest.mark.parametrize(
    ("before_ms", "after_ms", "floor_ms", "is_found"),
    [
        (240, 262, 50, False),
        (240, 266, 50, True),
        (266, 240, 50, True),
        (262, 240, 50, False),
        (40, 49, 50, False),
        (40, 52, 50, True),
        (40, 49, 40, True),
    ],
)
def test_a_change_counts_from_a_tenth_and_a_fifth_of_the_floor(
    before_ms: float,
    after_ms: float,
    floor_ms: float,
    is_found: bool,  # noqa: FBT001 - a column of a table
) -> None:
    """However sure it is, and in both directions alike."""
    steady = nights_of(levels((30, before_ms), (30, after_ms), noise=0.001))
    assert bool(changes(steady, floor_ms)) is is_found


def test_small_steps_add_up() -> None:
    """Two of 7 % are one of 14 %, on the surer night, which is that of the longer levels."""
    for lengths, night in (((40, 12, 20), 40), ((20, 12, 40), 32)):
        steps = zip(lengths, (240, 257, 276), strict=True)
        found = changes(nights_of(levels(*steps, noise=0.003)), FLOOR_MS)
        assert named(found) == [(night, "slower")]


def test_a_night_without_samples_is_a_gap_and_no_zero() -> None:
    """The medians and the night are those of the nights that have one; the first such night is the one named."""
    full = levels((40, 240), (20, 298))
    gaps: list[float | None] = [None if place in {3, 17, 39, 40, 41, 59} else ms for place, ms in enumerate(full)]
    [change] = changes(nights_of(gaps), FLOOR_MS)
    assert change.since == FIRST + timedelta(days=42)
    assert (change.nights_before, change.nights) == (37, 17)
    assert change.before_ms == pytest.approx(240, rel=0.02)


def test_days_are_as_far_apart_as_they_are() -> None:
    """Who looks once a week is told the day of that week."""
    [change] = changes(nights_of(levels((20, 240), (20, 298)), every=7), FLOOR_MS)
    assert change.since == FIRST + timedelta(weeks=20)


@pytest.mark.parametrize("known", [0, 1, 11])
def test_too_few_nights_are_no_trend(known: int) -> None:
    """However many have no median."""
    medians: list[float | None] = [*levels((known // 2, 100), (known - known // 2, 900)), *([None] * 60)]
    assert changes(nights_of(medians), FLOOR_MS) == []


def test_of_very_many_nights_the_last_are_looked_at() -> None:
    """A step before them is not seen, and one among them has its night."""
    found = changes(nights_of(levels((50, 100), (800, 240), (50, 298))), FLOOR_MS)
    assert named(found) == [(850, "slower")]


def test_no_time_at_all_is_a_time() -> None:
    """A clock that is too coarse divides nothing by nothing."""
    [change] = changes(nights_of([0.0] * 30 + [60.0] * 30), FLOOR_MS)
    assert change.is_slower
    assert 0 < change.before_ms < 0.01


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9)), max_size=80), st.floats(0, 1e6))
def test_any_series_gives_changes_that_hold(medians: list[float | None], floor_ms: float) -> None:
    """On nights of the series that have a median, in their order, apart by the ratio and the floor."""
    nights = nights_of(medians)
    found = changes(nights, floor_ms)
    assert [change.since for change in found] == sorted({change.since for change in found})
    assert {change.since for change in found} <= {night.day for night in nights if night.median_ms is not None}
    for change in found:
        assert max(change.ratio, 1 / change.ratio) >= 1.1 - 1e-9
        assert abs(change.after_ms - change.before_ms) >= floor_ms / 5
        assert min(change.nights_before, change.nights) >= 3
    assert set(standing(found, floor_ms)) <= set(found)
