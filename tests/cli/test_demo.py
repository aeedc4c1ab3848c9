from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cli_runs import Ran
from envcheck.cli.jobs import demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def test_the_demo_finds_what_was_put_into_it(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Real HTTP on loopback, exit 0, and no report that could be taken for one of a real run."""
    ran = envcheck("demo")
    assert ran.code == 0
    assert "all 6 known differences were found" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_demos_reports_say_that_they_are_made_up(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """They are written where `-o` says, and are never held against real ones."""
    assert envcheck("demo", "-o", "demo").code == 0
    made_up = [json.loads(path.read_text())["made_up"] for path in (tmp_path / "demo").glob("*.json")]
    assert made_up == [True] * 5
    assert (tmp_path / "demo" / "comparison.md").is_file()


def test_the_demo_says_when_it_found_something_else(
    envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo that is wrong is a fault, not a show."""
    monkeypatch.setattr(demo, "expected", lambda _probes: frozenset())
    assert envcheck("demo").code == 1


def test_the_demo_shows_the_probes_that_it_is_asked_for(envcheck: Callable[..., Ran]) -> None:
    """On gateways that differ in known ways there too; a name that is none is refused before anything is sent."""
    ran = envcheck("demo", "--probes", "tools", "--json")
    assert ran.code == 0
    assert "tools.honoured" in {finding["rule"] for finding in json.loads(ran.stdout)["findings"]}
    assert envcheck("demo", "--probes", "deeep") == Ran(
        2, "", 'envcheck: --probes: deeep is not a probe; did you mean "deep"?\n'
    )


def test_the_demo_that_cannot_write_is_exit_6(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """As everywhere, a missing report has its own code."""
    (tmp_path / "reports" / "production.md").mkdir(parents=True)
    assert envcheck("demo", "-o", "reports").code == 6
