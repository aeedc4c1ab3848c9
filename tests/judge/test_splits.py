"""The split by ranks and its chance, held against SciPy, and against orders that are drawn anew."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from checkout import imported
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, norm, permutation_test

from envcheck.judge import splits
from envcheck.judge.chance_of_a_split import LEAST_NIGHTS_A_SIDE, MOST_NIGHTS, TABLE, p_of_a_split
from envcheck.judge.splits import splits_of

trend_table = imported("benchmarks.trend_table")


def furthest_by_scipy(values: list[float]) -> tuple[int, float]:
    """Give the best split by SciPy's rank sums, without its correction for continuity."""
    apart = {
        length: float(
            norm.isf(
                mannwhitneyu(values[:length], values[length:], use_continuity=False, method="asymptotic").pvalue / 2
            )
        )
        for length in range(LEAST_NIGHTS_A_SIDE, len(values) - LEAST_NIGHTS_A_SIDE + 1)
    }
    best = max(apart, key=apart.__getitem__)
    return best, apart[best]


@pytest.mark.parametrize("digits", [9, 0])
def test_the_best_split_is_that_of_scipys_rank_sums(digits: int) -> None:
    """Of untied numbers, and of numbers most of which are tied."""
    random = Random(digits)
    for size in (12, 13, 20, 61):
        values = [round(random.gauss(5, 2) + (2 if place > size * 0.7 else 0), digits) for place in range(size)]
        length, apart = splits._furthest_apart(values)
        expected_length, expected = furthest_by_scipy(values)
        assert apart == pytest.approx(expected, abs=1e-9)
        assert length == expected_length


def test_the_chance_is_that_of_scipys_permutation_test() -> None:
    """To what ten thousand orders can tell."""
    random = Random(4)
    for size, step in ((14, 1.5), (37, 0.9)):
        values = [random.gauss(0, 1) + (step if place >= size - 6 else 0) for place in range(size)]
        oracle = permutation_test(
            (np.array(values),),
            lambda order: splits._furthest_apart(order.tolist())[1],
            permutation_type="pairings",
            vectorized=False,
            alternative="greater",
            n_resamples=4000,
            rng=1,
        ).pvalue
        own = p_of_a_split(splits._furthest_apart(values)[1], size)
        assert 0.001 < own < 0.2
        assert own == pytest.approx(oracle, rel=0.25, abs=0.002)


@pytest.mark.parametrize("nights", [12, 37, 60, 333, MOST_NIGHTS])
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_chance_is_told_as_often_as_it_says(nights: int, level: float) -> None:
    """Of orders drawn anew so many have that p value, in the table's rows and between them; and never much more."""
    apart = trend_table.largest_of(np.random.default_rng([9, nights]), nights, 4000)
    told = np.mean([p_of_a_split(each, nights) < level for each in apart])
    spread = 3 * np.sqrt(level / 4000)
    coarse = 0.5 if nights < 20 else 1  # few orders, and so few values, of few nights
    assert coarse * level - spread < told < level + spread


def test_the_table_is_one_that_its_script_counts() -> None:
    """A row of it, from fewer orders."""
    row = trend_table.row_of(trend_table.largest_of(np.random.default_rng(2), 40, 20_000))
    assert row[:5] == pytest.approx(TABLE[40][:5], abs=0.04)
    assert len(row) == len(TABLE[40])


@given(st.integers(12, MOST_NIGHTS), st.floats(0, 12), st.floats(0, 3))
def test_what_is_further_apart_is_never_likelier(nights: int, apart: float, more: float) -> None:
    """Within the table and past its end, and always a probability."""
    near, far = p_of_a_split(apart, nights), p_of_a_split(apart + more, nights)
    assert 0 < far <= near <= 1


def test_the_chance_is_between_those_of_the_rows_around_it_and_falls_off_past_their_end() -> None:
    """Of 700 nights, which have no row of their own; and of what is further apart than anything that was counted."""
    at_600, at_700, at_800 = (p_of_a_split(3.65, nights) for nights in (600, 700, 800))
    assert at_600 < at_700 < at_800
    assert p_of_a_split(6, 60) < p_of_a_split(5, 60) / 10 < p_of_a_split(4.5, 60) / 10


def test_chance_alone_splits_no_more_than_it_may() -> None:
    """The whole at most once in a hundred series, and its halves together once more."""
    random = Random(8)
    split = sum(bool(splits_of([random.gauss(0, 1) for _ in range(60)])) for _ in range(3000))
    assert 0.008 * 3000 < split < 0.021 * 3000


@pytest.mark.parametrize("nights", [11, MOST_NIGHTS + 1])
def test_more_or_fewer_nights_than_the_table_has_are_refused(nights: int) -> None:
    """It would have to make them up."""
    with pytest.raises(ValueError, match="from 12 to 800 nights"):
        p_of_a_split(3, nights)


def test_two_steps_are_two_splits() -> None:
    """Either side is looked at again; each split is told with its place, in the order of the series."""
    random = Random(1)
    levels = [1.0] * 20 + [2.0] * 20 + [3.0] * 20
    found = splits_of([level * random.gauss(1, 0.05) for level in levels])
    assert [split.first_after for split in found] == [20, 40]
    assert all(0 < split.p < 0.001 for split in found)


@pytest.mark.parametrize("seed", range(5))
def test_what_came_back_is_found_in_a_half(seed: int) -> None:
    """As many nights slow as before and after it are no split of the whole, wherever in the series they are."""
    random = Random(seed)
    for lengths in ((20, 20, 20), (44, 10, 36), (15, 15, 60)):
        levels = [level for length, level in zip(lengths, (1.0, 2.0, 1.0), strict=True) for _ in range(length)]
        places = [split.first_after for split in splits_of([level * random.gauss(1, 0.05) for level in levels])]
        for edge in (lengths[0], lengths[0] + lengths[1]):
            assert any(abs(place - edge) <= 3 for place in places)


@pytest.mark.parametrize("values", [[], [1.0] * 5 + [2.0] * 6, [3.0] * 60, [1.0, 2.0] * 30])
def test_where_nothing_can_be_told_there_is_no_split(values: list[float]) -> None:
    """Too few nights, nights that are all the same, and a level that never lasts."""
    assert splits_of(values) == []


def test_one_night_moves_a_split_no_further_than_another() -> None:
    """By ranks: a hundred times as slow is only the slowest."""
    random = Random(3)
    values = [random.gauss(1 if place < 30 else 2, 0.1) for place in range(40)]
    slowest, far_slower = ([*values[:12], spoilt, *values[13:]] for spoilt in (3.0, 3000.0))
    assert splits_of(slowest) == splits_of(far_slower)
    assert splits_of(slowest)[-1].first_after == 30
