"""When the parts of a streamed reply came, and whether they came one by one."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.model import Arrival

LEAST_EVENTS: Final = 8
LEAST_TOTAL_MS: Final = 200.0
"""With less than either nothing can be said: a fast gateway's reply fits into one packet."""
AT_ONCE_SHARE: Final = 0.05
"""Of the whole time; nginx in front of HTTP/1.0 hands over twelve tokens of 50 ms each in one piece after 808 ms."""


class Pace(StrEnum):
    """How the content of a stream came."""

    INCREMENTAL = "incremental"
    AT_ONCE = "at_once"
    TOO_FEW = "too_few"
    """Too few events, or too short a time, to say."""


def moments_ms(arrivals: Sequence[Arrival], ends: Sequence[int]) -> list[float]:
    """Give when each of these bytes of a body had come, in milliseconds since the start of the exchange."""
    sizes = [arrival.so_far for arrival in arrivals]
    return [arrivals[number].at_ms for end in ends if (number := bisect_left(sizes, end)) < len(sizes)]


def pace_of(content_ms: Sequence[float], total_ms: float) -> Pace:
    """Say how content came, by the moments of the events that brought some and how long the whole exchange took."""
    if len(content_ms) < LEAST_EVENTS or total_ms < LEAST_TOTAL_MS:
        return Pace.TOO_FEW
    return Pace.AT_ONCE if content_ms[-1] - content_ms[0] < AT_ONCE_SHARE * total_ms else Pace.INCREMENTAL


def gap_ms(content_ms: Sequence[float]) -> float | None:
    """Give the median of the times between two events with content; None where there are no two."""
    gaps = [later - earlier for earlier, later in pairwise(content_ms)]
    return median(gaps) if gaps else None
