"""An environment that leaves the file on the night on which something else is asked too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nights import nights_of, told

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from nights import Nights

NIGHTLY = ("run", "-q", "--changes-only", "--brief", "--history", "nights.db")


def write_file(nights: Nights, baseline: str, *names: str) -> None:
    tables = (f'[environments.{name}]\nbase_url = "{nights.servers[name].base_url}"\n' for name in names)
    (nights.folder / "environments.toml").write_text(f'baseline = "{baseline}"\n' + "".join(tables))


def test_who_left_is_told_whatever_else_the_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another one is the baseline, or one is left alone."""
    with nights_of(tmp_path, monkeypatch, "production", "staging", "eu") as nights:
        nights.night(1, *NIGHTLY)
        write_file(nights, "staging", "staging", "eu")
        said = [told(nights.night(number, *NIGHTLY)) for number in (2, 3)]
        write_file(nights, "staging", "staging")
        said += [told(nights.night(number, *NIGHTLY)) for number in (4, 5)]
    assert [each.splitlines()[:2] for each in said] == [
        ["exit 0", "No longer looked at: production."],
        ["exit 0, silent"],
        ["exit 0", "No longer looked at: eu."],
        ["exit 0, silent"],
    ]


def test_a_run_of_a_single_one_says_of_none_that_it_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was told which one to look at."""
    with nights_of(tmp_path, monkeypatch, "production", "staging") as nights:
        nights.night(1, *NIGHTLY)
        assert told(nights.night(1, *NIGHTLY, "production", "--no-reports", hours=6)) == "exit 0, silent"
