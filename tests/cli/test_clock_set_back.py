"""A clock that was wrong for one night, and whose run is later than all that come after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nights import nights_of, told

from gateways.good import GOOD, MODELS, Manner

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NIGHTLY = ("run", "-q", "--changes-only", "--brief", "--history", "nights.db")
FEWER = Manner(models=(MODELS[:-1],))


def test_a_run_of_a_day_to_come_hides_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What that run found is not known to the next one, which tells it, and so on with each that follows."""
    said: list[str] = []
    with nights_of(tmp_path, monkeypatch, "production", "staging") as nights:
        for number, manner in ((1, GOOD), (40, FEWER), (2, FEWER), (3, FEWER), (4, GOOD), (5, GOOD)):
            nights.become(staging=manner)
            said.append(told(nights.night(number, *NIGHTLY)))
    lacks = "staging lacks text-embedding-3-small"
    assert [each.splitlines()[:2] for each in said[1:]] == [
        ["exit 3", f"New since the last run (2026-11-16): {lacks}."],
        ["exit 3", f"New since the last run (2026-11-16): {lacks}."],
        ["exit 3, silent"],
        ["exit 0", f"Gone since the last run (2026-11-18): {lacks}."],
        ["exit 0, silent"],
    ]
