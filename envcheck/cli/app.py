"""The commands, in the order in which a newcomer meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck import __version__
from envcheck.cli.commands.accept import accept
from envcheck.cli.commands.compare import compare
from envcheck.cli.commands.demo import demo
from envcheck.cli.commands.probe import probe
from envcheck.cli.commands.run import run
from envcheck.cli.commands.setup import check_config, init, schema

app = typer.Typer(
    name="envcheck",
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


app.command()(run)
app.command()(probe)
app.command()(compare)
app.command()(accept)
app.command()(init)
app.command("check-config")(check_config)
app.command()(schema)
app.command()(demo)
