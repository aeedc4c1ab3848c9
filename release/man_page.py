"""`python -m release.man_page`: print envcheck(1), made of what `--help` is made of.

The commands, arguments and options are those of the command line itself, in its own words; the exit codes are the
README's. `make man` writes it to release/envcheck.1, which a test holds against this and which a wheel installs as
share/man/man1/envcheck.1. Its day is that of the newest release, so that making it again changes nothing.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from typer.main import get_command

from envcheck import __version__
from envcheck.cli.app import app
from envcheck.cli.commands import COMMANDS
from release.changelog import CHANGELOG, ROOT, newest
from release.roff import bold, escaped, heading, italic, item, prose, subheading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer._click import Command, Context, Parameter

_EXIT_CODE: Final = re.compile(r"^\| ([0-9, ]+) \| (.+) \|$", re.MULTILINE)
# What follows the names of an option, such as ` NAME`, or ` <list[a|b]>` where typer makes it of a type.
_TERM: Final = re.compile(r"(?P<names>(?:--?[\w-]+(?:, )?)+|\S+)(?: (?P<value>.+))?")
_BRACKETS: Final = re.compile(r"<(?:list\[)?(?P<inside>.*?)\]?>")
_VARIABLES: Final = {
    "ENVCHECK_CONFIG": "The file that names the environments, where `--config` is not given.",
    "ENVCHECK_DEBUG": "With 1, a fault of envcheck itself is told with a traceback, from which secrets are taken out.",
    "NO_COLOR, FORCE_COLOR": "Whether there is colour, wherever the output goes; else a terminal has it alone.",
    "COLUMNS": "How wide the table may be.",
}


def page() -> str:
    """Write the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    group = get_command(app)
    root = group.make_context("envcheck", [], resilient_parsing=True)
    day = newest(CHANGELOG.read_text(encoding="utf-8")).day
    yield '.\\" Made by `make man` of what `envcheck --help` is made of.'
    yield f'.TH ENVCHECK 1 {day} "envcheck {__version__}" "User Commands"'
    # Neither words cut in two nor stretched lines: what is copied can be typed.
    yield from (".nh", ".ad l")
    yield heading("NAME")
    yield "envcheck \\- compare OpenAI\\-compatible endpoints side by side"
    yield heading("SYNOPSIS")
    yield f"{bold('envcheck')} {escaped(' '.join(group.collect_usage_pieces(root)))}"
    yield heading("DESCRIPTION")
    yield from prose(group.help or "")
    yield heading("OPTIONS")
    yield from _options(group, root)
    yield heading("COMMANDS")
    for name in COMMANDS:
        command = group.commands[name]  # type: ignore[attr-defined]  # a group, which has commands
        yield from _command(name, command, command.make_context(name, [], parent=root, resilient_parsing=True))
    yield heading("EXIT STATUS")
    for codes, meaning in _EXIT_CODE.findall(_part_of_readme("Exit codes")):
        yield from item(bold(codes), meaning)
    yield heading("ENVIRONMENT")
    for variable, meaning in _VARIABLES.items():
        yield from item(bold(variable), meaning)
    yield heading("FILES")
    yield from item(bold("environments.toml"), "The environments; `envcheck init` writes one, with comments.")
    yield from item(bold("reports"), "The folder that reports are written to.")


def _command(name: str, command: Command, context: Context) -> Iterator[str]:
    yield subheading(f"envcheck {name}")
    yield f"{bold(f'envcheck {name}')} {escaped(' '.join(command.collect_usage_pieces(context)))}"
    yield ".PP"
    for place, paragraph in enumerate((command.help or "").split("\n\n")):
        if place:
            yield ".PP"
        yield from prose(paragraph)
    yield from _options(command, context)


def _options(command: Command, context: Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        yield from _parameter(parameter, context)


def _parameter(parameter: Parameter, context: Context) -> Iterator[str]:
    record = parameter.get_help_record(context)
    found = _TERM.fullmatch(record[0]) if record is not None else None
    if record is None or found is None:
        return
    value = _BRACKETS.sub(r"\g<inside>", found["value"] or "")
    is_argument = parameter.param_type_name == "argument"
    term = [italic(found["names"]) if is_argument else bold(found["names"])]
    if value and (not is_argument or "|" in value):  # that an argument is a text goes without saying
        term.append(italic(value).replace("|", "|\\:"))  # where a line may end
    yield from item(" ".join(term), record[1])


def _part_of_readme(title: str) -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8").split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


if __name__ == "__main__":
    sys.stdout.write(page())
