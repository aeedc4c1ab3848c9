"""Every command that a page shows is run by a test, or its block says `gateway`: it needs some of the reader's own."""

from __future__ import annotations

import re
import shlex
from typing import NamedTuple

import pytest
from checkout import ROOT
from test_site import PAGES
from typer.main import get_command

from envcheck.cli.app import app

_BLOCK = re.compile(r"^```(?P<info>(?:sh|console|cron)\b[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
NEEDS_A_GATEWAY = "gateway"

# A block by its first line, and the test that runs it.
RUN_BY = {
    "$ envcheck run --sample --no-reports": ("docs/test_readme.py", "test_every_output_in_the_readme_is_real"),
    "$ envcheck run --sample --brief -f github": ("docs/test_formats_page.py", "test_every_output_on_the_page_is_real"),
    "uvx --from . envcheck demo": ("packages/test_installing.py", "test_it_runs_without_being_installed"),
    "jq": ("docs/test_readme.py", "test_the_line_for_a_script_finds_who_differs_and_why"),
    "envcheck run --wait 10m --every 20s --samples 7 --fail-on err": (
        "docs/test_ci_page.py",
        "test_what_a_shell_is_given_runs",
    ),
    "code=0": ("docs/test_ci_page.py", "test_what_a_shell_is_given_runs"),
    "envcheck schema config > environments.schema.json": ("docs/test_ci_page.py", "test_what_a_shell_is_given_runs"),
    ".venv/bin/python -m benchmarks": (
        "docs/test_speed_page.py",
        "test_the_commands_on_the_page_name_sections_that_exist",
    ),
}

# A page whose blocks are run one after the other, and the tests that do so.
RUN_AS_A_WHOLE = {
    "rollout.md": ("docs/test_rollout_page.py", "test_whoever_follows_the_page_sees_what_it_shows"),
    "history.md": ("docs/test_history_page.py", "test_the_output_on_the_page_is_real"),
    "nightly.md": ("docs/test_nightly_page.py", "test_the_job_of_the_crontab_mails_once"),
    "many-machines.md": ("docs/test_many_machines_page.py", "test_two_vantages_are_compared_as_the_page_says"),
}


class Block(NamedTuple):
    """Commands that a page shows together."""

    page: str
    info: str
    text: str

    @property
    def lines(self) -> list[str]:
        """What is typed: in a `console` with its prompt, where there is one."""
        lines = [line for line in self.text.splitlines() if line.strip()]
        return [line for line in lines if line.startswith("$ ")] or lines


BLOCKS = [
    Block(page.name, found["info"], found["text"])
    for page in PAGES
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
]
EACH_BLOCK = pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}: {block.lines[0][:40]}")


def envchecks(line: str) -> list[list[str]]:
    """Give the command lines of envcheck that a line of a shell holds, each without what follows it.

    To podman `envcheck` is the name of an image.
    """
    if line.removeprefix("$ ").startswith("podman "):
        return []
    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    found: list[list[str]] = []
    current: list[str] | None = None
    for word in reader:
        if set(word) <= set("();<>|&"):
            current = None
        elif word == "envcheck" and current is None:
            found.append(current := [])
        elif current is not None:
            current.append(word)
    return found


def _run_by(block: Block) -> tuple[str, str]:
    (known,) = (RUN_BY[begin] for begin in RUN_BY if block.lines[0].startswith(begin))
    return known


@EACH_BLOCK
def test_every_command_is_run_by_a_test_or_says_what_it_needs(block: Block) -> None:
    """A page cannot show what nobody tried."""
    if NEEDS_A_GATEWAY in block.info.split():
        return
    if all(line.startswith("make ") for line in block.lines):
        assert {line.split()[1] for line in block.lines} <= _TARGETS
        return
    if block.lines[0] == "python3 -m venv .venv":  # what the Makefile does, for those who have no make
        recipes = (ROOT / "Makefile").read_text(encoding="utf-8").replace("'.[all]' --group", "--group")
        assert block.lines[2].removeprefix(".venv/bin/").replace("install", "install --quiet") in recipes
        assert block.lines[4].removeprefix(".venv/bin/python -m pip install --constraint constraints.txt") in recipes
        return
    file, test = RUN_AS_A_WHOLE.get(block.page) or _run_by(block)
    assert f"\ndef {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


@EACH_BLOCK
def test_every_command_line_is_one_that_envcheck_takes(block: Block) -> None:
    """Also of those that need gateways: each command and option is there, and takes the value that is shown."""
    group = get_command(app)
    for words in (words for line in block.lines for words in envchecks(line)):
        command = group.commands[words[0]]  # type: ignore[attr-defined]  # a group, which has commands
        assert command.make_context(words[0], words[1:]).params


def test_what_needs_a_gateway_is_found() -> None:
    """The tests above are about something, and a line with more than one command is taken apart."""
    assert len([block for block in BLOCKS if NEEDS_A_GATEWAY in block.info.split()]) >= 4
    assert envchecks("cd x && envcheck run -q > last || envcheck compare a b  # why") == [
        ["run", "-q"],
        ["compare", "a", "b"],
    ]
    assert envchecks("echo none") == []


@pytest.mark.parametrize("begin", RUN_BY)
def test_no_test_is_named_for_a_block_that_is_gone(begin: str) -> None:
    """The list above is as short as it can be."""
    assert [block.page for block in BLOCKS if block.lines[0].startswith(begin)]
