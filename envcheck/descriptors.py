"""Writing all of something to a descriptor, and reading from one, also where it is set not to wait.

Whether a pipe or a terminal waits belongs to what is open and not to who opened it: any process that shares it may
have said `O_NONBLOCK`, and a write then takes what fits at the moment, or nothing.
"""

from __future__ import annotations

import os
import re
import select
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_STANDARD: Final = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED: Final = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")
_AT_ONCE: Final = 256 * 1024


def named_by(path: Path) -> int | None:
    """Give the descriptor of this process that a path is another name of, such as 1 for `/dev/stdout`.

    Opening such a name anew is something else: it begins at the start of a file that `>>` appends to, and a socket,
    as ssh gives a command for its streams, cannot be opened at all.
    """
    numbered = _NUMBERED.fullmatch(str(path))
    return int(numbered[1]) if numbered else _STANDARD.get(str(path))


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it, waiting wherever there is no room.

    Raises:
        OSError: the system's, with some of it written.

    """
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            _wait(descriptor, select.POLLOUT)


def read_up_to(descriptor: int, limit: int) -> bytes:
    """Read to the end, or this many bytes where there is more.

    Raises:
        OSError: the system's.

    """
    read = bytearray()
    while len(read) < limit:
        try:
            piece = os.read(descriptor, min(_AT_ONCE, limit - len(read)))
        except BlockingIOError:
            _wait(descriptor, select.POLLIN)
            continue
        if not piece:
            break
        read += piece
    return bytes(read)


def _wait(descriptor: int, until: int) -> None:
    poll = select.poll()
    poll.register(descriptor, until)
    poll.poll()
