"""stdout and stderr that never raise, so that what a stream did not take is one question, asked in one place.

Whoever prints, and typer prints the help and completions itself, would else have to know what a full disk, a reader
that has gone and a closed stream mean to the exit code; and the interpreter flushes a stream once more at its end.
"""

from __future__ import annotations

import os
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from envcheck.descriptors import write_whole

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Outlet(BufferedIOBase):
    """A descriptor of the process's own; it takes everything, and remembers the first that the system did not take."""

    def __init__(self, descriptor: int) -> None:
        self.name: Final = descriptor  # what a text stream over it is called by, as over any unnamed file
        self.failure: OSError | None = None

    def write(self, data: ReadableBuffer) -> int:
        """Write all of it, waiting for a slow reader, also where the stream is set not to wait."""
        content = bytes(data)
        if self.failure is None:
            try:
                write_whole(self.name, content)
            except OSError as error:
                self.failure = error
        return len(content)

    def writable(self) -> bool:
        """Whether it is there to be written to, which is all it is for."""
        return True

    def fileno(self) -> int:
        """Give the descriptor."""
        return self.name

    def isatty(self) -> bool:
        """Whether a person may be looking."""
        return os.isatty(self.name)


def never_raising(stream: TextIO | None, *, errors: str) -> TextIO:
    """Give a stream to the same place; one that is closed takes nothing, and one of a host program is left as it is."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if not isinstance(stream, TextIOWrapper):
        return stream
    stream.flush()
    return TextIOWrapper(Outlet(stream.fileno()), encoding=stream.encoding, errors=errors, write_through=True)


def failure_of(stream: TextIO) -> OSError | None:
    """Give what kept a stream from taking all that was written to it; a reader that has seen enough is no failure."""
    outlet = getattr(stream, "buffer", None)
    failure = outlet.failure if isinstance(outlet, Outlet) else None
    return None if isinstance(failure, BrokenPipeError) else failure
