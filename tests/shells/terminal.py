"""A shell in a terminal of its own, into which is typed and of which is read what a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIMIT_S: Final = 30.0
_ROWS: Final = 50
_COLUMNS: Final = 200
READY: Final = "ready-for-it"
# Orders to the terminal, such as colours, and what a shell writes over what it has written.
_ORDERS: Final = re.compile(r"\x1b\[[0-9;?>]*[a-zA-Z]|\x1b\][^\x07]*\x07|\x1b[=>()][B0]?|[\x0e\x0f\r\x07]")


class Terminal:
    """A started shell with a home folder of its own; leaving the `with` ends it."""

    def __init__(self, command: Sequence[str], home: Path) -> None:
        self._screen, shells_end = pty.openpty()
        fcntl.ioctl(shells_end, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self._seen = ""
        self._process = subprocess.Popen(
            command,
            stdin=shells_end,
            stdout=shells_end,
            stderr=shells_end,
            cwd=home,
            env={
                "HOME": str(home),
                "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
                "TERM": "xterm",
                "LANG": "C.UTF-8",
            },
            start_new_session=True,
            preexec_fn=_take_the_terminal,  # noqa: PLW1509 - no thread is running, and a shell needs one of its own
        )
        os.close(shells_end)

    def __enter__(self) -> Self:
        self.type(f"echo {READY[:5]}''{READY[5:]}\r")  # which is not what is echoed of it
        self.wait_for(READY)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._screen)

    def type(self, keys: str) -> None:
        """Type; what was seen before is forgotten."""
        self._seen = ""
        os.write(self._screen, keys.encode())

    def wait_for(self, words: str) -> str:
        """Read until the words are on the screen, and give what was seen since the last key.

        Raises:
            AssertionError: they did not come within half a minute.

        """
        until = time.monotonic() + _LIMIT_S
        while words not in self.shown:
            left = until - time.monotonic()
            assert left > 0, f"{words!r} did not come, but:\n{self.shown}"
            if select.select([self._screen], [], [], left)[0]:
                self._seen += os.read(self._screen, 65536).decode(errors="replace")
        return self.shown

    @property
    def shown(self) -> str:
        """What was seen since the last key, without orders to the terminal."""
        return _ORDERS.sub("", self._seen)


def _take_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
