"""Our own work beside the waiting: one piece at a time, so that in a crowd no arrival is noticed late because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import anyio
from anyio import to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.model import Observation
    from envcheck.normalize import Reading
    from envcheck.redact import Redactor

LARGE_BODY: Final = 128 * 1024
"""Bytes from which a reply is read beside the event loop: a list of 20,000 models takes longer than a round of it."""


class Turns:
    """Whoever holds the lock does one piece of work; the next waits until the event loop has come round."""

    def __init__(self) -> None:
        self.lock = anyio.Lock()
        # More than one thread would only take time from each other, and from the loop.
        self._thread = anyio.CapacityLimiter(1)

    async def read(
        self, normalize: Callable[[Observation, Redactor], Reading], observation: Observation, redactor: Redactor
    ) -> Reading:
        """Read a reply in its turn, or beside the loop when it is large."""
        if len(observation.body) > LARGE_BODY:
            return await to_thread.run_sync(normalize, observation, redactor, limiter=self._thread)
        async with self.lock:
            return normalize(observation, redactor)
