"""Report folders become runs of a history: oldest first, each once, and what cannot be read is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from evidences import chat, models
from kept_runs import compared, night

from cli_runs import console_of
from envcheck.cli.jobs.history_import import import_job
from envcheck.comparison import Result
from envcheck.errors import ConfigError, ExitCode, ReportError
from envcheck.render.json import json_files

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, number: int) -> Path:
    """Write the reports of a night."""
    records = night(number, models(f"m{number}"), chat())
    folder.mkdir()
    for name, text in json_files(Result(records, compared(records))):
        (folder / name).write_text(text)
    return folder


def days(history: Path) -> list[str]:
    with closing(sqlite3.connect(history)) as connection:
        return [at[:10] for (at,) in connection.execute("SELECT at FROM runs ORDER BY run")]


def test_each_folder_is_kept_once(tmp_path: Path) -> None:
    """Whatever their order, and however often they are imported."""
    folders = [written(tmp_path / str(number), number) for number in (3, 1, 2)]
    console, _ = console_of()
    assert import_job(console, tmp_path / "history", folders) is ExitCode.OK
    assert days(tmp_path / "history") == ["2026-03-05", "2026-03-06", "2026-03-07"]
    assert import_job(console, tmp_path / "history", [*folders, written(tmp_path / "4", 4)]) is ExitCode.OK
    assert console._stdout.getvalue().splitlines() == [  # type: ignore[attr-defined]  # a text in memory
        f"{tmp_path}/history: 3 runs imported",
        f"{tmp_path}/history: 1 run imported, 3 left: there already, or made up",
    ]


def test_what_cannot_be_read_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    """An empty folder, a torn record, and a comparison of another run than its records."""
    folders = [written(tmp_path / str(number), number) for number in range(3)]
    (tmp_path / "empty").mkdir()
    (folders[0] / "staging.json").write_text("{")
    (folders[1] / "comparison.json").write_text((folders[2] / "comparison.json").read_text())
    console, stderr = console_of()
    assert import_job(console, tmp_path / "history", [*folders, tmp_path / "empty"]) is ExitCode.INCONCLUSIVE
    assert days(tmp_path / "history") == ["2026-03-06"]
    told = stderr.getvalue().splitlines()
    assert [line.endswith("; this run is left out") for line in told] == [True] * 3
    assert "0/staging.json: is not JSON" in told[0]
    assert "1: its comparison is of another run than the reports beside it" in told[1]
    assert "empty/comparison.json: there is no such file" in told[2]


def test_what_is_no_folder_is_a_mistake(tmp_path: Path) -> None:
    """All of them are named, and nothing is kept."""
    console, _ = console_of()
    with pytest.raises(ConfigError) as raised:
        import_job(console, tmp_path / "history", [tmp_path / "a", written(tmp_path / "b", 1), tmp_path / "c"])
    assert [problem.partition(": ")[0] for problem in raised.value.problems] == [f"{tmp_path}/a", f"{tmp_path}/c"]
    assert not (tmp_path / "history").exists()


def test_a_history_that_fails_is_told(tmp_path: Path) -> None:
    """It is not written, for it is somebody's file."""
    (tmp_path / "history").write_text("somebody's notes")
    console, _ = console_of()
    with pytest.raises(ReportError, match="is no history"):
        import_job(console, tmp_path / "history", [written(tmp_path / "1", 1)])
