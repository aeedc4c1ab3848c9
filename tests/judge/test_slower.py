from __future__ import annotations

import random
from math import exp, sqrt
from typing import TYPE_CHECKING

import pytest

from envcheck.comparison import Why
from envcheck.evidence import Series
from envcheck.judge.slower import is_apart, what_speaks_against
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY = Policy()
STEADY = (230.0, 244.0, 238.0, 250.0, 236.0, 247.0, 241.0)
"""Each on the other side of the middle than the one before: no memory."""
DRIFTS = (210.0, 222.0, 228.0, 240.0, 251.0, 262.0, 270.0)
"""Each near to the one before."""


def times(series: Sequence[float], factor: float) -> tuple[float, ...]:
    return tuple(each * factor for each in series)


def against(before: Series, after: Series, questions: int = 2) -> Why | None:
    return what_speaks_against(before, after, POLICY, questions)


def both(batch: Sequence[float], factor: float = 1.0) -> Series:
    return Series(times(batch, factor), times(batch, factor))


@pytest.mark.parametrize(("before", "after"), [((), (1.0,)), ((1.0,), ()), ((), ())])
def test_nothing_is_apart_from_nothing(before: tuple[float, ...], after: tuple[float, ...]) -> None:
    """A side without samples has no median."""
    assert not is_apart(before, after, POLICY)


def test_samples_without_memory_are_taken_at_their_word() -> None:
    """Slower twice, by as little as the ratio and the floor ask for."""
    assert against(both(STEADY), both(STEADY, 1.3)) is None


def test_gateways_that_drift_must_be_further_apart() -> None:
    """The same medians, in an order in which each is near to the one before it, prove nothing; ten times does."""
    assert against(both(DRIFTS), both(DRIFTS, 1.3)) is Why.DRIFTING
    assert against(both(sorted(STEADY)), both(sorted(STEADY), 1.6)) is None
    assert against(both(DRIFTS), both(DRIFTS, 10)) is None


def test_a_drift_of_either_side_counts() -> None:
    """Also where the other one is as steady as can be."""
    up, down = (260.0, 273.0, 293.0, 325.0, 364.0, 403.0, 423.0), (416.0, 390.0, 351.0, 325.0, 299.0, 280.0, 267.0)
    assert against(both(STEADY), Series(times(up, 1.1), times(down, 1.1))) is Why.DRIFTING
    assert against(Series(up, down), both(STEADY, 1.9)) is Why.DRIFTING
    assert against(both(STEADY, 0.4), Series(up, down)) is None


def test_the_more_is_asked_the_further_one_drifts_by_chance() -> None:
    """What two questions find, a thousand do not."""
    before, after = both(DRIFTS), both(DRIFTS, 1.75)
    assert [against(before, after, questions) for questions in (0, 1, 2, 1000)] == [None, None, None, Why.DRIFTING]


def test_one_outlier_is_no_drift() -> None:
    """A sample that took a minute neither makes a memory nor hides a difference."""
    once = Series((*STEADY[:-1], 60_000), STEADY)
    assert against(once, both(STEADY, 1.4)) is None


def test_an_outlier_hides_no_drift() -> None:
    """Beside it the others still hang together."""
    once = Series(DRIFTS, (*DRIFTS[:-1], 60_000))
    assert against(once, both(DRIFTS, 1.3)) is Why.DRIFTING


def test_wide_scatter_without_memory_is_no_drift() -> None:
    """How far apart independent samples must be is for the significance to say."""
    scattered = (200.0, 300.0, 205.0, 295.0, 210.0, 290.0, 207.0, 297.0)
    assert against(both(scattered), both(scattered, 1.8)) is None


def test_times_of_nothing_are_no_mistake() -> None:
    """A clock too coarse for a gateway in the same process gives 0."""
    assert against(both([0.0] * 5), both([100.0] * 5)) is None


@pytest.mark.parametrize(
    ("second", "policy", "expected"),
    [
        ((), POLICY, Why.NOT_CONFIRMED),
        (STEADY[:4], POLICY, Why.NOT_CONFIRMED),
        (STEADY[:5], POLICY, Why.NOT_SEEN_TWICE),
        ((), Policy(confirm_over_s=0), None),
    ],
)
def test_the_second_batch_must_be_there_and_agree(
    second: tuple[float, ...], policy: Policy, expected: Why | None
) -> None:
    """Five samples, apart by themselves; unless nobody wants a second batch."""
    before, after = Series(STEADY, STEADY), Series(times(STEADY, 3), second)
    assert what_speaks_against(before, after, policy, 1) is expected


def test_equal_gateways_with_a_memory_are_hardly_ever_called_slower() -> None:
    """Over 2,000 pairs that drift, at most 1 in 20 speaks for a difference where two plain batches let 1 in 8."""
    generator = random.Random(1)
    found = apart_twice = 0
    for _ in range(2000):
        before, after = (_remembering(generator) for _ in "ab")
        if is_apart(before.first_ms, after.first_ms, POLICY):
            why = against(before, after)
            found += why is None
            apart_twice += why in {None, Why.DRIFTING}
    assert found < 2000 / 20
    assert apart_twice > 2000 / 8


def _remembering(generator: random.Random, size: int = 7) -> Series:
    """Draw two batches of samples that keep nine tenths of the one before."""
    state = generator.gauss(0, 0.3)
    drawn = []
    for _ in range(2 * size):
        drawn.append(300 * exp(state))
        state = 0.9 * state + 0.3 * sqrt(1 - 0.81) * generator.gauss(0, 1)
    return Series(drawn[:size], drawn[size:])
