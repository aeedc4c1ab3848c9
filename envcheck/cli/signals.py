"""What a signal does while there is something to lose: the first one winds the command up, the second one ends it.

Before and after that `__main__` lets any of them end the process. No handler raises: an exception out of nowhere ends
in a traceback, or is swallowed by whatever is running. To end the process where it stands is safe, for reports are
replaced whole or not at all.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import contextmanager
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, LiteralString, NoReturn

from envcheck.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

WIND_UP_S: Final = 5.0
"""Seconds that a command may take from the first signal until all that was finished is written."""

_CODES: Final[Mapping[int, ExitCode]] = MappingProxyType(
    {
        signal.SIGINT: ExitCode.INTERRUPTED,
        signal.SIGTERM: ExitCode.TERMINATED,
        # A terminal that is closed, or a connection to it that is lost, ends a command as `kill` does.
        signal.SIGHUP: ExitCode.TERMINATED,
    }
)
AGAIN_S: Final = 0.5
"""Seconds after the first signal from which another one is somebody who will not wait.

`timeout` sends its signal twice, a shell and the kernel both hang up when a terminal is closed, and systemd may send
two in a row: those are one wish.
"""


def _heard() -> Iterator[int]:
    """Yield the signals that are not ignored: `nohup` and `command &` ask for that, and it is theirs to ask."""
    return (number for number in _CODES if signal.getsignal(number) is not signal.SIG_IGN)


def _end(code: ExitCode, words: str) -> NoReturn:
    """End the process without unwinding it. The stream's own buffer may be in use, so the descriptor is written to."""
    try:
        # Nobody may be reading from a pipe that is full, and waiting for that would be no end.
        takes_words = select.select([], [2], [], 0)[1]
        os.write(2, f"envcheck: {words}\n".encode() if takes_words else b"")
    finally:
        os._exit(code)


class Interruption:
    """Whether a signal came while there was something to lose, and what is done about it."""

    def __init__(self) -> None:
        self.code: ExitCode | None = None
        """What the first signal makes of the exit code; None while there was none."""
        self.stands: LiteralString = "nothing was written"
        """What is there already, for whoever ends the command before it is done."""
        self._heard_at = 0.0
        self._stop: Callable[[], object] | None = None

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call `stop` on the first signal, for as long as the block lasts; at once where it has come already."""
        self._stop = stop
        if self.code is not None:
            stop()
        try:
            yield
        finally:
            self._stop = None

    def hear(self, number: int, _frame: FrameType | None) -> None:
        """Wind the command up on the first signal, and end it on one that comes clearly later."""
        if self.code is not None:
            if monotonic() - self._heard_at >= AGAIN_S:
                _end(self.code, f"ended by a second signal; {self.stands}")
            return
        self.code = _CODES[number]
        self._heard_at = monotonic()
        signal.setitimer(signal.ITIMER_REAL, WIND_UP_S)
        if self._stop is not None:
            self._stop()

    def run_out(self, _number: int, _frame: FrameType | None) -> None:
        """End the command, for winding it up takes too long."""
        _end(self.code or ExitCode.FAULT, f"not done within {WIND_UP_S:g} s of the signal; {self.stands}")


@contextmanager
def wound_up_when_signalled() -> Iterator[Interruption]:
    """Give what notes the signals during the block, in which there is something to lose."""
    interruption = Interruption()
    alarm = signal.signal(signal.SIGALRM, interruption.run_out)
    before = {number: signal.signal(number, interruption.hear) for number in _heard()}
    try:
        yield interruption
    finally:
        # The timer after the signals that start it, and before its own handler, which would else be the system's.
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, alarm)
