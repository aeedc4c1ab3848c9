from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.cli.jobs import demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from cli_runs import Ran


def test_the_demo_finds_what_was_put_into_it(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Real HTTP on loopback, exit 0, reports on disk."""
    ran = envcheck("demo")
    assert ran.code == 0
    assert "all 6 known differences were found" in ran.stderr
    assert (tmp_path / "reports" / "comparison.md").is_file()


def test_the_demo_says_when_it_found_something_else(
    envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo that is wrong is a fault, not a show."""
    monkeypatch.setattr(demo, "EXPECTED", frozenset())
    assert envcheck("demo", "--no-reports").code == 1


def test_the_demo_that_cannot_write_is_exit_6(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """As everywhere, a missing report has its own code."""
    (tmp_path / "reports" / "production.md").mkdir(parents=True)
    assert envcheck("demo").code == 6
