"""How late this process itself was, and when: what a gateway must not be blamed for."""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

import anyio

if TYPE_CHECKING:
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


class Stall(NamedTuple):
    """A time in which this process did not run, in seconds of the monotonic clock."""

    start: float
    end: float


class LagSentinel:
    """A task that asks to be woken at short intervals and notes when it was woken too late."""

    def __init__(self) -> None:
        self._stalls: deque[Stall] = deque(maxlen=_KEPT)

    async def watch(self) -> None:
        """Run until cancelled."""
        while True:
            due = perf_counter() + PERIOD_S
            await anyio.sleep(PERIOD_S)
            woken = perf_counter()
            if woken - due > _NOTED_S:
                self._stalls.append(Stall(due, woken))

    async def catch_up(self) -> None:
        """Wait until all that has happened so far is noted: what ends with a stall is told of before the watcher is."""
        await anyio.sleep(2 * PERIOD_S)

    def voids(self, exchange: Exchange) -> bool:
        """Tell whether a stall of this process overlaps an exchange by so much that its time is not the gateway's."""
        length_s = (exchange.timing.total_ms or 0.0) / 1000
        return self._overlap_s(exchange.started, exchange.started + length_s) > max(LATE_S, LATE_SHARE * length_s)

    def excuses(self, exchange: Exchange, timeout_s: float) -> bool:
        """Tell whether a deadline passed while, or because, this process stood still."""
        deadline = exchange.started + timeout_s
        stood_still = any(stall.start <= deadline <= stall.end for stall in self._stalls)
        return stood_still or self._overlap_s(exchange.started, deadline) > _TIMEOUT_SHARE * timeout_s

    def _overlap_s(self, start: float, end: float) -> float:
        overlap = 0.0
        for stall in reversed(self._stalls):  # the newest first: a sample is judged soon after it was taken
            if stall.end <= start:
                break
            overlap += max(0.0, min(end, stall.end) - max(start, stall.start))
        return overlap
