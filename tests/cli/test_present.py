"""How much of a result is shown, and where the reports are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran


def test_brief_is_the_verdict_and_a_line_for_each_that_is_not_the_same(envcheck: Callable[..., Ran]) -> None:
    """In place of the table, with the exit code that the table would have had."""
    ran = envcheck("run", "--sample", "--brief")
    verdict, _, lines = ran.stdout.partition("(exit 4).\n")
    assert ran.code == 4
    assert verdict.startswith("Verdict: new-region failed (chat: rate_or_quota)")
    *environments, notice = lines.splitlines()
    assert [line.split()[:2] for line in environments] == [["err", "staging"], ["err", "new-region"]]
    assert notice == "! made-up evidence: no gateway was asked"


def test_everything_is_shown_where_that_is_asked_for(envcheck: Callable[..., Ran]) -> None:
    """Certainty too, which the table leaves out."""
    assert "p = 0.0" in envcheck("run", "--sample", "--show-all").stdout
    assert "p = 0.0" not in envcheck("run", "--sample").stdout


def test_saved_evidence_is_shown_as_a_run_is(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """In brief, and whole."""
    envcheck("run", "--sample", "-o", "saved")
    files = [str(path) for path in sorted(tmp_path.glob("saved/*.json")) if path.stem != "comparison"]
    brief = envcheck("compare", *files, "-b", "production", "--brief", "--judge-latency")
    assert brief.stdout.startswith("Verdict: new-region failed")
    assert "p = 0.0" in envcheck("compare", *files, "-b", "production", "--show-all", "--judge-latency").stdout


@pytest.mark.parametrize(
    ("formats", "named", "hint"),
    [
        ((), "nights/comparison.md, nights/comparison.json, and 6 of single environments", True),
        (("-f", "markdown"), "nights/comparison.md, and 3 of single environments", False),
    ],
)
def test_the_last_line_says_where_the_reports_are(
    envcheck: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
    formats: tuple[str, ...],
    named: str,
    hint: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """On stderr; a list that is cut names the report that has it whole, if one is written."""
    monkeypatch.setenv("COLUMNS", "20")
    ran = envcheck("run", "--sample", "-o", "nights", *formats)
    assert ran.stderr.splitlines()[-1] == f"envcheck: reports: {named}"
    said = " ".join(ran.stdout.split())
    assert "! lists are cut to fit: --show-all prints them whole" in said
    assert ("prints them whole, comparison.json has them" in said) == hint
    assert "nights" not in said


def test_nothing_is_said_of_reports_where_none_are_written(envcheck: Callable[..., Ran]) -> None:
    """Nor where nothing is to be said."""
    assert "reports" not in envcheck("run", "--sample").stderr
    assert envcheck("run", "--sample", "-o", "nights", "-q").stderr == ""


def test_json_is_json_however_much_is_to_be_shown(envcheck: Callable[..., Ran]) -> None:
    """A script gets what it asked for."""
    assert json.loads(envcheck("run", "--sample", "--json", "--brief").stdout)["summary"]["exit_code"] == 4
