"""What a person sees on stderr while a run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class ProgressDisplay:
    """A bar that counts finished environments; it is gone when the run is over."""

    def __init__(self, environments: int) -> None:
        self._bar = Progress(
            TextColumn("probing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("environments"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[latest]}"),
            console=RichConsole(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("probing", total=environments, latest="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def at(self, environment: str) -> None:
        """Name the environment that was last heard of; its name is of the file's own characters."""
        self._bar.update(self._task, latest=environment)

    def one_more(self) -> None:
        """Count one environment that is done."""
        self._bar.advance(self._task)
