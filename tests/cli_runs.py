"""Command lines run in this process: what goes in is named by the test, what comes out is text."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.cli.boundary import run_command_line
from envcheck.cli.console import Console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str


def as_if_real(folder: Path) -> None:
    """Let a folder's made-up reports pass for those of a run, for tests of what is refused for others."""
    for path in folder.glob("*.json"):
        path.write_text(path.read_text().replace('"made_up": true', '"made_up": false'))


class Stream(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def run_envcheck(*arguments: object, variables: Mapping[str, str] | None = None, terminal: bool = False) -> Ran:
    """Run a command line that sees these variables and no others."""
    stdout, stderr = Stream(terminal=terminal), Stream(terminal=terminal)
    code = run_command_line([str(each) for each in arguments], Console(stdout, stderr, variables or {}))
    return Ran(code, stdout.getvalue(), stderr.getvalue())


def console_of(variables: Mapping[str, str] | None = None) -> tuple[Console, Stream]:
    """Give a console that sees these variables and no others, and its stderr."""
    stderr = Stream(terminal=False)
    return Console(Stream(terminal=False), stderr, variables or {}), stderr
