"""When bytes came, and what is called incremental."""

from __future__ import annotations

import pytest

from envcheck.model import Arrival
from envcheck.probes.pace import Pace, gap_ms, moments_ms, pace_of


def test_a_byte_came_with_the_first_piece_that_reaches_it() -> None:
    """Also where several end in one piece; past the last piece nothing has come."""
    arrivals = [Arrival(10.0, 5), Arrival(20.0, 6), Arrival(30.0, 100)]
    assert moments_ms(arrivals, [1, 5, 6, 7, 100]) == [10.0, 10.0, 20.0, 30.0, 30.0]
    assert moments_ms(arrivals, [101]) == []
    assert moments_ms([], [1]) == []


@pytest.mark.parametrize(
    ("events", "spread_ms", "total_ms", "pace"),
    [
        (8, 100.0, 200.0, Pace.INCREMENTAL),
        (7, 100.0, 200.0, Pace.TOO_FEW),
        (8, 100.0, 199.0, Pace.TOO_FEW),
        (12, 0.0, 808.0, Pace.AT_ONCE),
        (12, 49.0, 1000.0, Pace.AT_ONCE),
        (12, 50.0, 1000.0, Pace.INCREMENTAL),
        (0, 0.0, 1000.0, Pace.TOO_FEW),
    ],
)
def test_content_comes_at_once_where_it_takes_less_than_a_twentieth_of_the_time(
    events: int, spread_ms: float, total_ms: float, pace: Pace
) -> None:
    """With fewer than 8 events, or in less than 200 ms, nothing is said."""
    moments = [100.0 + spread_ms * number / max(1, events - 1) for number in range(events)]
    assert pace_of(moments, total_ms) is pace


def test_a_gap_is_the_median_of_those_between_two() -> None:
    """One long wait among short ones does not make it long; one event has none."""
    assert gap_ms([0.0, 10.0, 20.0, 500.0, 510.0]) == 10.0
    assert gap_ms([0.0, 100.0, 110.0]) == 55.0
    assert gap_ms([1.0]) is None
