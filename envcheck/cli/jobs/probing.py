"""Running the probes from a command: the display, the signals, and what is kept when a run is cut short."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import anyio

from envcheck import runner
from envcheck.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.progress import ProgressDisplay
    from envcheck.evidence import Evidence
    from envcheck.model import Environment
    from envcheck.redact import Redactor

_EXIT_CODES: Final = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}

_TURN_OF_A_THREAD_S: Final = 0.0005


@dataclass(slots=True)
class Probed:
    """What a run brought back."""

    display: ProgressDisplay | None = None
    by_name: dict[str, Evidence] = field(default_factory=dict)
    stopped: ExitCode | None = None
    """Set when a signal cut the run short."""

    def exchanged(self, environment: str) -> None:
        """Show where the run is."""
        if self.display is not None:
            self.display.at(environment)

    def finished(self, evidence: Evidence) -> None:
        """Keep a record."""
        self.by_name[evidence.environment] = evidence
        if self.display is not None:
            self.display.one_more()


def probe_all(environments: Sequence[Environment], redactor: Redactor, concurrency: int, console: Console) -> Probed:
    """Probe every environment; a signal ends the run early and keeps what is finished."""
    with ExitStack() as stack:
        probed = Probed()
        if console.shows_progress:
            from envcheck.cli.jobs.progress import ProgressDisplay  # noqa: PLC0415 - rich is loaded where it is seen

            probed.display = stack.enter_context(ProgressDisplay(len(environments)))
        _collect_garbage_again()
        # A large reply is read in a thread, which must not keep the loop from noticing the others'.
        sys.setswitchinterval(_TURN_OF_A_THREAD_S)
        anyio.run(_probe_until_signalled, environments, redactor, concurrency, probed)
    return probed


def _collect_garbage_again() -> None:
    """Undo what `__main__` did for the imports, and never look through what they brought: that stalls the loop."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


async def _probe_until_signalled(
    environments: Sequence[Environment], redactor: Redactor, concurrency: int, probed: Probed
) -> None:
    loop = asyncio.get_running_loop()
    with anyio.CancelScope() as scope, ExitStack() as restored:

        def stop(code: ExitCode) -> None:
            probed.stopped = code
            scope.cancel()

        for number, code in _EXIT_CODES.items():
            # Without its handler back, a signal while reports are written would leave a half-written one.
            restored.callback(signal.signal, number, signal.getsignal(number))
            restored.callback(loop.remove_signal_handler, number)
            loop.add_signal_handler(number, stop, code)
        await runner.run(environments, redactor=redactor, concurrency=concurrency, progress=probed)
