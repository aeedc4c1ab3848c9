"""Stalls of the process under test, brought about for real: its event loop does nothing for a while."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

import anyio
from collecting import Collected, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.model import Environment
    from envcheck.run.runner import Second


class Loop:
    """The event loop of a run, for a server in another thread to hold up."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def stall(self, seconds: float) -> None:
        """Let the run's process stand still; come back at once."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(time.sleep, seconds)

    def run(self, environments: Sequence[Environment], *, second: Second | None = None) -> Collected:
        """Run, and give what was told."""
        collected = Collected()

        async def go() -> None:
            self._loop = asyncio.get_running_loop()
            await running(environments, collected, second=second)()

        anyio.run(partial(go))
        return collected
