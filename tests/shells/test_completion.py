"""What `--install-completion` leaves works in the shell that it was typed into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from shells.terminal import Terminal

pytestmark = pytest.mark.shells
TAB = "\t"
RETURN = "\r"


def test_a_command_is_completed_to_its_end(terminal: Terminal) -> None:
    """`envcheck ru<TAB>` is `envcheck run `, so that the next word may follow."""
    terminal.type(f"envcheck ru{TAB}--help{RETURN}")
    terminal.wait_for("Usage: envcheck run [OPTIONS]")


def test_what_may_follow_is_shown(terminal: Terminal) -> None:
    """Where more than one command begins so."""
    terminal.type(f"envcheck check{TAB}{TAB}")
    terminal.wait_for("check-config")
    assert "compare" not in terminal.wait_for("checklist")


def test_an_option_of_a_command_is_completed(terminal: Terminal) -> None:
    """`--no-r<TAB>` is `--no-reports `, and the run below is one with it: of made-up evidence, and without a file."""
    terminal.type(f"envcheck run --sample -q --no-r{TAB}--brief{RETURN}")
    assert "No such option" not in terminal.wait_for("Verdict: new-region failed")


def test_the_name_of_a_format_is_completed(terminal: Terminal) -> None:
    """`-f git<TAB>` is `-f github`, which prints annotations for GitHub."""
    terminal.type(f"envcheck run --sample -q --brief -f git{TAB}{RETURN}")
    terminal.wait_for("::error title=")


def test_a_file_is_completed_where_a_path_belongs(terminal: Terminal, home: Path) -> None:
    """By the shell itself, and envcheck says nothing in between."""
    (home / "some-environments.toml").write_text("[")
    terminal.type(f"envcheck check-config some-env{TAB}{RETURN}")
    shown = terminal.wait_for("envcheck: some-environments.toml: ")
    assert "COMPLETE" not in shown
