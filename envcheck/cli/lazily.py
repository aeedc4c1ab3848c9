"""A group of commands that are built when they are called, completed or asked for their own help."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from functools import wraps
from typing import TYPE_CHECKING, Any

import typer
from typer.core import CompletionItem, TyperCommand, TyperGroup  # type: ignore[attr-defined]  # differs by version
from typer.main import get_command

from envcheck.cli.commands import COMMANDS, load
from envcheck.cli.streams import Outlet
from envcheck.cli.values import with_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer._click import Command, Context, HelpFormatter


class _Command(TyperCommand):
    """Takes an option's value as optional where `with_values` says so, which typer knows nothing of."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Take a command line apart."""
        return super().parse_args(ctx, with_values(args))


class _BuiltWhenTaken(Mapping[str, "Command"]):
    """The commands by name, of which naming them builds none."""

    def __getitem__(self, name: str) -> Command:
        if name not in COMMANDS:
            raise KeyError(name)
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(name, cls=_Command)(_heard_alone(load(name)))
        return get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Nowhere(io.TextIOBase):
    """A stream that takes everything and keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)


def _heard_alone(command: Callable[..., object]) -> Callable[..., object]:
    """Let a command's console be the only one to be heard: what a plug-in prints past the tripwire goes nowhere.

    In a process of envcheck's own that lasts to its end, for threads and what is left to `atexit` print too.
    """

    @wraps(command)
    def heard_alone(*arguments: object, **options: object) -> object:
        is_last = isinstance(getattr(sys.stdout, "buffer", None), Outlet)
        streams = ExitStack()
        streams.enter_context(redirect_stdout(_Nowhere()))
        streams.enter_context(redirect_stderr(_Nowhere()))
        try:
            return command(*arguments, **options)
        finally:
            if not is_last:
                streams.close()

    return heard_alone


class LazyCommands(TyperGroup):
    """Lists its commands from what `COMMANDS` says of them."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - typer hands on what is its own
        super().__init__(**attributes)
        self.commands = _BuiltWhenTaken()  # type: ignore[assignment]  # typer only reads it

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name, or an option that stands before one."""
        names = [
            CompletionItem(name, help=entry.summary) for name, entry in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*names, *super(TyperGroup, self).shell_complete(ctx, incomplete)]

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - the same
        """Write the part of the help that lists the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])
