from __future__ import annotations

import inspect
import os
import subprocess
import sys

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from cli_runs import run_envcheck
from envcheck import __version__
from envcheck.cli.app import app
from envcheck.cli.commands import COMMANDS, load

NEVER_LOADED = (
    "aiohttp",
    "anyio",
    "asyncio",
    "prometheus_client",
    "pydantic",
    "rich",
    "tabulate",
    "tomli",
    "tomlkit",
    "xml",
)


def group() -> TyperGroup:
    built = get_command(app)
    assert isinstance(built, TyperGroup)
    return built


def loaded_by(*arguments: str) -> set[str]:
    """Run a command line in a process of its own, and give what it had imported when it ended."""
    script = (
        "import atexit, sys; from envcheck.__main__ import main;"
        "atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr)); main()"
    )
    ran = subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True)
    return set(ran.stderr.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_line_of_its_help(name: str) -> None:
    """What `--help` says of a command without loading it is what the command says of itself."""
    assert (inspect.getdoc(load(name)) or "").splitlines()[0] == COMMANDS[name].summary


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_shows_its_own_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every listed command can be built, under the name by which it is listed."""
    assert run_envcheck(name, "--help").code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Usage: envcheck {name} " in shown
    assert COMMANDS[name].summary in shown


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, in the order of the registry, each with its whole line."""
    assert run_envcheck("--help").code == 0
    listed = " ".join(capsys.readouterr().out.split("Commands:")[1].split())
    assert listed == " ".join(f"{name} {entry.summary}" for name, entry in COMMANDS.items())


def test_the_group_knows_its_commands_and_no_other() -> None:
    """Whoever walks the command line, such as a test or a documentation tool, finds what is there."""
    commands = group().commands
    assert {name: command.name for name, command in commands.items()} == {name: name for name in COMMANDS}
    assert len(commands) == len(COMMANDS)
    assert commands.get("no-such-command") is None


def test_a_mistyped_command_is_told_the_nearest() -> None:
    """The suggestion works without building the commands."""
    ran = run_envcheck("chekc-config")
    assert ran.code == 2
    assert "Did you mean 'check-config'?" in ran.stderr


def completions(words: str) -> tuple[list[str], set[str]]:
    """Ask for completions as bash does; give them, and what had been imported when the process ended."""
    script = (
        "import atexit, sys; from envcheck.__main__ import main; sys.argv = ['envcheck'];"
        "atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr)); main()"
    )
    asked = {"_ENVCHECK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    ran = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, env={**os.environ, **asked}
    )
    return ran.stdout.split(), set(ran.stderr.split())


@pytest.mark.undisturbed
def test_a_command_is_completed_without_loading_any() -> None:
    """Completion is asked for at every key press; what typer reads the types of parameters with is its own."""
    assert completions("envcheck c")[0] == ["compare", "checklist", "check-config"]
    loaded = completions("envcheck ru")[1]
    assert loaded.isdisjoint({"envcheck.cli.commands.run", "envcheck.model", *NEVER_LOADED} - {"pydantic"})


def test_an_option_is_completed() -> None:
    """Of the command that was typed, or of none."""
    assert completions("envcheck run -f ju")[0] == ["junit"]
    assert completions("envcheck run --fail")[0] == ["--fail-on", "--fail-on-new", "--fail-on-undecided"]
    assert completions("envcheck --ver")[0] == ["--version"]


@pytest.mark.undisturbed
def test_completing_what_a_command_takes_loads_nothing_heavy() -> None:
    """Nor what reads a file of environments or of keys: a shell asks in whatever folder somebody is."""
    found, loaded = completions("envcheck run -f git")
    assert found == ["github"]
    assert loaded.isdisjoint({*NEVER_LOADED, "envcheck.config", "dotenv"} - {"pydantic"})


@pytest.mark.undisturbed
@pytest.mark.parametrize("arguments", [("--version",), ("--help",)])
def test_what_only_informs_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Help is instant: neither the network, nor the models, nor a renderer is loaded for it."""
    assert loaded_by(*arguments).isdisjoint(NEVER_LOADED)


@pytest.mark.undisturbed
def test_naming_the_formats_loads_none_of_what_writes_them() -> None:
    """The help of a command that has `-f` waits for no renderer, nor for a package that a format needs."""
    assert loaded_by("run", "--help").isdisjoint({"prometheus_client", "xml", "tabulate", "rich"})


@pytest.mark.undisturbed
def test_the_version_is_told_before_anything_is_loaded() -> None:
    """Not even the command line's own library."""
    assert loaded_by("--version").isdisjoint({"typer", "typing", "envcheck.cli"})


def test_the_version_is_the_same_on_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    """The short cut and the option that `--help` lists say the same."""
    ran = subprocess.run([sys.executable, "-m", "envcheck", "--version"], check=True, capture_output=True, text=True)
    assert run_envcheck("--version").code == 0
    assert ran.stdout == capsys.readouterr().out == f"envcheck {__version__}\n"
