"""What a person sees on stderr while a run goes on."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TextIO, cast

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self


_HIDE_CURSOR: Final = "\x1b[?25l"


class _BestEffort(io.TextIOBase):
    """A terminal that may go away (EIO), be the shell's for a while, or take nothing: only the display is lost then."""

    encoding = "utf-8"

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        if _is_the_shells(self._terminal):
            return len(text)
        with suppress(OSError, ValueError):
            # Whatever ends or suspends the process would leave the cursor hidden.
            self._terminal.write(text.replace(_HIDE_CURSOR, ""))
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._terminal.flush()

    def isatty(self) -> bool:
        return True


def _is_the_shells(terminal: TextIO) -> bool:
    """Whether this run is in the background, by `&` or by `bg`, and the terminal for the prompt; `fg` changes that."""
    try:
        return os.tcgetpgrp(terminal.fileno()) != os.getpgrp()
    except (OSError, ValueError):  # a terminal that knows no jobs, for it is not the one that controls this process
        return False


class ProgressDisplay:
    """A bar that counts requests; it is gone when the run is over."""

    def __init__(self, requests: int, terminal: TextIO) -> None:
        self._bar = Progress(
            TextColumn("probing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("requests"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[latest]}"),
            console=RichConsole(file=cast("TextIO", _BestEffort(terminal))),
            transient=True,
        )
        self._task = self._bar.add_task("probing", total=requests, latest="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    @contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        """Take the bar away while a line is written where it stands."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def expect(self, requests: int) -> None:
        """Count on so many requests more."""
        total = self._bar.tasks[0].total or 0
        self._bar.update(self._task, total=total + requests)

    def one_more(self, environment: str) -> None:
        """Count one request, and name its environment; the name is of the file's own characters."""
        task = self._bar.tasks[0]
        # A request that was not counted on, such as one that is asked again, must not make it 17 of 16.
        total = max(task.total or 0, task.completed + 1)
        self._bar.update(self._task, advance=1, total=total, latest=environment)
