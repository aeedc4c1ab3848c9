"""What an on-call person reads of a fleet in which much differs, at the widths that terminals have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from render_samples import compared, fleet

from envcheck.render.terminal import brief
from envcheck.render.terminal.layout import width_of
from envcheck.render.terminal.table import render

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize("number", [2, 6, 12])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_forty_differences_in_each_environment(number: int, width: int, snapshot: SnapshotAssertion) -> None:
    """As many members as the width allows, expected beside actual, and no model's name broken within a part."""
    evidences = fleet(number)
    shown = render(
        compared(*evidences), evidences, width=width, color=False, only_differences=False, whole_in="comparison.json"
    )
    assert shown == snapshot
    assert max(map(width_of, shown.split("\n"))) <= width
    table = shown.partition("\n\n")[0]
    assert table.count("\n") < 10 * number + 20
    assert not re.search(r"[a-z]$\n +[0-9a-z]+-[0-9]{3}", table, re.MULTILINE)


def test_what_differs_shows_beside_what_was_expected_in_a_row_each() -> None:
    """Of each environment, in the narrowest terminal too."""
    evidences = fleet(12)
    table = render(compared(*evidences), evidences, width=60, color=False, only_differences=False).partition("\n\n")[0]
    lines = [line.strip() for line in table.split("\n")]
    assert lines.count("≠ models.model_ids 300 → 268 models (-35 +3)") >= 8
    assert lines.count("≠ chat.latency 244 ms → 610 ms (2.5×, n=7)") >= 5
    assert any(line.startswith("models: model_ids 300 models") for line in lines)


@pytest.mark.parametrize("width", [60, 120])
def test_a_fleet_in_brief(width: int, snapshot: SnapshotAssertion) -> None:
    """One line for each environment that is not the same."""
    shown = brief.render(compared(*fleet(12)), width=width, color=False)
    assert shown == snapshot
    lines = shown.partition("(exit 4).\n")[2].splitlines()
    assert len(lines) == 11


def test_a_fleet_shown_whole_names_every_member() -> None:
    """In the table and in the findings: once each."""
    evidences = fleet(2)
    shown = render(compared(*evidences), evidences, width=80, color=False, only_differences=False, show_all=True)
    missing = set(evidences[0].checks[0].facts.model_ids) - set(evidences[1].checks[0].facts.model_ids)  # type: ignore[attr-defined]  # of the models probe
    table, _, found = "".join(shown.split()).partition("Found")
    assert len(missing) == 35
    assert all(table.count(f"-{name}") == 1 and found.count(name) == 1 for name in missing)
