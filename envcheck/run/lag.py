"""How late this process itself is: what a latency measured here must not be blamed on a gateway for."""

from __future__ import annotations

from time import perf_counter
from typing import Final

import anyio

_PERIOD_S: Final = 0.005
LATE_MS: Final = 10.0
"""Past this the event loop, or the machine under it, was too busy for a sample to be the gateway's own."""


class LagSentinel:
    """A task that asks to be woken at short intervals and notes by how much it was woken too late."""

    def __init__(self) -> None:
        self._worst_ms = 0.0

    async def watch(self) -> None:
        """Run until cancelled."""
        while True:
            asleep = perf_counter()
            await anyio.sleep(_PERIOD_S)
            late_ms = (perf_counter() - asleep - _PERIOD_S) * 1000
            self._worst_ms = max(self._worst_ms, late_ms)

    def start_over(self) -> None:
        """Forget what was noted so far."""
        self._worst_ms = 0.0

    @property
    def was_late(self) -> bool:
        """Whether the loop was late since `start_over`."""
        return self._worst_ms > LATE_MS
