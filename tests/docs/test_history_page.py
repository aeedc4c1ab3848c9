"""The page about looking back shows what is really printed, of nights in which it is known what happened."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from kept_nights import forty_nights
from test_readme import WIDTH, consoles
from typer.main import get_command

from envcheck.cli.app import app
from envcheck.render.history.document import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from cli_runs import Ran

PAGE = (Path(__file__).parents[2] / "docs" / "history.md").read_text()


def test_the_output_on_the_page_is_real(
    envcheck: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the width that the page has room for."""
    forty_nights(tmp_path / "history.sqlite")
    monkeypatch.setenv("COLUMNS", WIDTH)
    [(command, output)] = consoles(PAGE)
    assert envcheck(*shlex.split(command)[1:]).stdout == output


def test_every_option_is_on_the_page() -> None:
    """And no other, in the table of what is shown; what is named beside it is there too."""
    own = get_command(app).commands["history"]  # type: ignore[attr-defined]  # a group, which has commands
    options = {option for parameter in own.params for option in parameter.opts if option.startswith("--")}
    rows = set(re.findall(r"^\| `(--[a-z]+)", PAGE, re.MULTILINE))
    assert rows == options - {"--history", "--config", "--quiet", "--help"}
    assert "`--history FILE`" in PAGE
    assert f"`{SCHEMA_VERSION}`" in PAGE
