"""How late this process itself was, and when: what a gateway must not be blamed for."""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

import anyio

from envcheck.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.model import Exchange

PERIOD_S: Final = 0.005
_NOTED_S: Final = 0.001
"""Lateness below this is the clock's and the scheduler's usual grain."""
LATE_S: Final = 0.010
LATE_SHARE: Final = 0.02
"""A sample is void where this process stood still for longer than either while it ran."""
_TIMEOUT_SHARE: Final = 0.25
"""A deadline that passed is no fault of the gateway's where this process stood still for so much of it."""
_KEPT: Final = 10_000
_TIMEOUTS: Final = frozenset({Fault.TIMEOUT_DNS, Fault.TIMEOUT_CONNECTING, Fault.TIMEOUT_HEADERS, Fault.TIMEOUT_BODY})


class Stall(NamedTuple):
    """A time in which this process did not run, in seconds of the monotonic clock."""

    start: float
    end: float


class LagSentinel:
    """A task that asks to be woken at short intervals and notes when it was woken too late.

    What ends together with a stall may be looked at before the sentinel is woken, so the stall that it is still to be
    woken from counts as well.
    """

    def __init__(self) -> None:
        self._stalls: deque[Stall] = deque(maxlen=_KEPT)
        self._due: float | None = None
        """When it is to be woken next."""
        self._is_stopped = False

    async def watch(self) -> None:
        """Run until stopped, or cancelled."""
        try:
            while not self._is_stopped:
                self._due = perf_counter() + PERIOD_S
                await anyio.sleep(PERIOD_S)
                self._stalls.extend(self._so_far())
        finally:
            self._due = None

    def stop(self) -> None:
        """Let `watch` end when it is woken next.

        Not by cancelling it: on Python 3.11 whatever traces this thread, as coverage does, loses the frames around a
        coroutine that an exception is thrown into, and every run would be one.
        """
        self._is_stopped = True

    def spoils(self, exchange: Exchange, timeout_s: float) -> bool:
        """Tell whether this process stood still so long that what an exchange shows is not the gateway's doing.

        That is the time of one that was answered, and the passing of the deadline of one that was not.
        """
        if exchange.fault is None:
            return self._voids(exchange)
        return exchange.fault in _TIMEOUTS and self._excuses(exchange, timeout_s)

    def _voids(self, exchange: Exchange) -> bool:
        length_s = (exchange.timing.total_ms or 0.0) / 1000
        waiting = _waiting(exchange)
        # The longest and not the sum: an end is noticed late by the one stall that it falls into, and the clock's
        # grain on a busy machine would add up over a long exchange.
        longest = max(
            (
                overlap
                for stall, overlap in self._overlaps(exchange.started, exchange.started + length_s)
                if not (waiting.start <= stall.start and stall.end <= waiting.end)
            ),
            default=0.0,
        )
        return longest > max(LATE_S, LATE_SHARE * length_s)

    def _excuses(self, exchange: Exchange, timeout_s: float) -> bool:
        deadline = exchange.started + timeout_s
        stood_still = any(stall.start <= deadline <= stall.end for stall in self._all() if _is_long(stall))
        lost_s = sum(overlap for _, overlap in self._overlaps(exchange.started, deadline) if overlap > LATE_S)
        return stood_still or lost_s > _TIMEOUT_SHARE * timeout_s

    def _overlaps(self, start: float, end: float) -> Iterator[tuple[Stall, float]]:
        for stall in self._all():
            if stall.end <= start:
                return
            yield stall, min(end, stall.end) - max(start, stall.start)

    def _all(self) -> Iterator[Stall]:
        """Yield the newest first: an exchange is looked at soon after it ended."""
        yield from self._so_far()
        yield from reversed(self._stalls)

    def _so_far(self) -> Iterator[Stall]:
        """Yield the stall that the sentinel is late by at this moment, where it is."""
        now = perf_counter()
        if self._due is not None and now - self._due > _NOTED_S:
            yield Stall(self._due, now)


def _waiting(exchange: Exchange) -> Stall:
    """Give the time in which it makes no difference what this process does: until a moment before the headers come.

    A request is on its way and nothing has come back yet. Whatever arrives during a stall is noticed when the stall
    ends, or a turn of the loop later.
    """
    timing = exchange.timing
    if timing.total_ms is None or timing.ttfb_ms is None or timing.body_ms is None:
        return Stall(exchange.started, exchange.started)
    replied = exchange.started + (timing.total_ms - timing.body_ms) / 1000
    return Stall(replied - timing.ttfb_ms / 1000, replied - 2 * PERIOD_S)


def _is_long(stall: Stall) -> bool:
    return stall.end - stall.start > LATE_S
