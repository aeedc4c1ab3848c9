"""The command line: what stands before a command, and the group that holds them."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck import __version__
from envcheck.cli.completion import give_zsh_a_script_that_answers
from envcheck.cli.lazily import LazyCommands

give_zsh_a_script_that_answers()

app = typer.Typer(
    name="envcheck",
    cls=LazyCommands,
    help="Compare OpenAI-compatible endpoints side by side, with evidence that is safe to share.",
    no_args_is_help=True,
    # Rich help is slow to start and turns colour on by itself where it sees a CI.
    rich_markup_mode=None,
    # A traceback with source lines and local variables would print what it must not.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - the signature of an option's callback
    if wanted:
        typer.echo(f"envcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass
