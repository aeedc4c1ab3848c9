"""Completion without a shell; `make test-shells` types into real ones."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from typer.completion import get_completion_script  # type: ignore[attr-defined]  # it imports it from where it was

from envcheck.cli.completion import ASKED_BY_A_SHELL


def asked_by_fish(action: str, words: str) -> subprocess.CompletedProcess[str]:
    """Ask as fish does: `get-args` for what may follow, `is-args` whether anything may."""
    asked = {
        ASKED_BY_A_SHELL: "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": action,
        "_TYPER_COMPLETE_ARGS": words,
    }
    command = [sys.executable, "-m", "envcheck"]
    return subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("words", "code"), [("envcheck ru", 0), ("envcheck check-config some-fi", 1)])
def test_fish_is_told_whether_there_is_anything_to_complete(words: str, code: int) -> None:
    """By the exit code alone: whatever else is written lies on the line that is being typed."""
    ran = asked_by_fish("is-args", words)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", "")


def test_fish_is_told_what_may_follow() -> None:
    """With a line of help for each."""
    ran = asked_by_fish("get-args", "envcheck ru")
    assert ran.stdout.startswith("run\tProbe the file's environments side by side")
    assert ran.stderr == ""


def test_zsh_is_given_a_script_that_answers_the_first_question() -> None:
    """It is run at the first TAB, and has to complete too, not to register alone."""
    script = get_completion_script(prog_name="envcheck", complete_var=ASKED_BY_A_SHELL, shell="zsh")
    assert script.startswith("#compdef envcheck\n")
    assert 'if [[ $funcstack[1] == _envcheck ]]; then\n  _envcheck_completion "$@"\nfi' in script
    assert f"{ASKED_BY_A_SHELL}=complete_zsh envcheck" in script
