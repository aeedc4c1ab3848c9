"""Our own work beside the waiting: one piece at a time, so that in a crowd no arrival is noticed late because of it."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

import anyio
from anyio import to_thread

if TYPE_CHECKING:
    from collections.abc import Callable


_T = TypeVar("_T")

LARGE_BODY: Final = 16 * 1024
"""Bytes from which a reply is read beside the event loop.

A list of 20,000 models takes longer than a round of it, and so does one of a thousand names that no model has.
"""


READ_BESIDE_AT_ONCE: Final = 8
"""Replies that plug-ins read at the same time, each in a thread: one that hangs holds up the others."""
WIND_UP_S: Final = 2.0
"""Seconds that a cancelled run may still spend on what has arrived: long for a crowd, short for who waits for it."""


class Pacing:
    """Whoever holds the lock does one piece of work; the next waits until the event loop has come round.

    What has arrived is not lost when the run is cancelled: work that waits for its turn then is done at once.
    """

    def __init__(self) -> None:
        self.lock = anyio.Lock()
        # More than one thread would only take time from each other, and from the loop.
        self._thread = anyio.CapacityLimiter(1)
        self._beside = anyio.CapacityLimiter(READ_BESIDE_AT_ONCE)
        self._wind_up_ends: float | None = None

    async def take(self, work: Callable[[], _T]) -> _T:
        """Do a piece of work in its turn."""
        try:
            async with self.lock:
                return work()
        except anyio.get_cancelled_exc_class():
            if self._is_too_late():
                raise
            return work()

    async def read(self, work: Callable[[], _T], size: int) -> _T:
        """Read a reply of so many bytes in its turn, or beside the loop when it is large."""
        if size <= LARGE_BODY:
            return await self.take(work)
        try:
            return await to_thread.run_sync(work, limiter=self._thread)
        except anyio.get_cancelled_exc_class():
            if self._is_too_late():
                raise
            return work()

    async def read_beside(self, work: Callable[[], _T]) -> _T:
        """Read a reply beside the loop, whatever its size: a stranger's code may take its time, or never end.

        What is under way when the run is cancelled is not waited for.
        """
        return await to_thread.run_sync(work, limiter=self._beside, abandon_on_cancel=True)

    def _is_too_late(self) -> bool:
        """Tell whether the time for winding up is over; it begins when this is first asked."""
        now = perf_counter()
        self._wind_up_ends = self._wind_up_ends or now + WIND_UP_S
        return now > self._wind_up_ends
