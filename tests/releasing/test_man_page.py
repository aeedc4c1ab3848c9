"""envcheck(1) says what `--help` says."""

from __future__ import annotations

import re

import pytest
from checkout import ROOT, imported
from typer.main import get_command

from envcheck.cli.app import app
from envcheck.cli.commands import COMMANDS
from envcheck.errors import ExitCode

man_page = imported("release.man_page")
roff = imported("release.roff")
PAGE = (ROOT / "release" / "envcheck.1").read_text(encoding="ascii")
PLAIN = re.sub(r"\\f.|\\&", "", PAGE).replace("\\-", "-")


def test_the_checked_in_page_is_current() -> None:
    """To make it again: `make man`."""
    assert man_page.page() == PAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_stands_below_it(name: str) -> None:
    """With the command's own summary."""
    part = PLAIN.split(f'.SS "envcheck {name}"\n')[1].split("\n.S", 1)[0]
    assert COMMANDS[name].summary in " ".join(part.split())
    command = get_command(app).commands[name]  # type: ignore[attr-defined]  # a group, which has commands
    options = {option for each in command.params if each.param_type_name == "option" for option in each.opts}
    assert options | {"--help"} <= set(re.findall(r"(?<![\w-])--?\w[\w-]*", part))


def test_every_exit_code_stands_in_the_page() -> None:
    """A script's author reads `man` too."""
    part = PLAIN.split('.SH "EXIT STATUS"\n')[1].split(".SH", 1)[0]
    terms = re.findall(r"^\.TP\n(.+)$", part, re.MULTILINE)
    assert {int(code) for term in terms for code in term.split(", ")} == set(ExitCode)


def test_no_line_but_a_macro_is_an_order() -> None:
    """A line that begins with a point or a quote would be one, and be gone from the page."""
    assert roff.prose(f"{'word ' * 15}.gitignore 'quoted'") == ["word " * 14 + "word", "\\&.gitignore 'quoted'"]
    orders = {line.split(" ")[0] for line in PAGE.splitlines() if line.startswith((".", "'"))}
    assert orders == {'.\\"', ".TH", ".SH", ".SS", ".TP", ".PP", ".nh", ".ad"}


def test_what_is_copied_from_the_page_can_be_typed() -> None:
    r"""Two hyphens are two hyphens, a backslash is one, and what is not of ASCII is shown in every locale."""
    assert roff.escaped("--fail-on a\\b 2×") == "\\-\\-fail\\-on a\\eb 2\\[u00D7]"
    assert roff.prose("with `--json` only") == ["with \\fB\\-\\-json\\fR only"]
