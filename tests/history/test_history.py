from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from evidences import WHEN, chat, failed, models
from kept_runs import compared, night, no_secret

from envcheck.errors import LeakError, ReportError
from envcheck.history import Question, keep, last_comparison, last_evidence, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Evidence

BOTH = Question(["production", "staging"], is_partial=False)
FIRST = Path(__file__).parent / "version_1.sqlite"


def kept(path: Path, records: Sequence[Evidence]) -> None:
    with opened(path) as history:
        keep(history, compared(records), records, check=no_secret)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def nights_in(path: Path, source: str) -> list[int]:
    """Give which nights have a row, by the numbers they were made with."""
    first = WHEN.timestamp()
    return [round((run / 1000 - first) / 86400) for (run,) in rows(path, f"SELECT run FROM {source} ORDER BY run")]  # type: ignore[operator]  # a number


def test_a_run_comes_back_as_the_records_it_was_made_of(tmp_path: Path) -> None:
    """The last one of several, whatever order they were kept in; before the first there is none."""
    path = tmp_path / "history"
    with opened(path) as history:
        assert last_comparison(history, BOTH) is None
        assert last_evidence(history, BOTH) == {}
    first, last = night(1, models("a")), night(2)
    kept(path, last)
    kept(path, first)
    with opened(path) as history:
        assert last_comparison(history, BOTH) == compared(last)
        assert last_evidence(history, BOTH) == {each.environment: each for each in last}
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_last_evidence_is_of_when_it_last_answered(tmp_path: Path) -> None:
    """An outage says nothing about what an environment is like."""
    answered, down = night(1), night(2, failed("models", "network"))
    kept(tmp_path / "history", answered)
    kept(tmp_path / "history", down)
    with opened(tmp_path / "history") as history:
        assert last_evidence(history, BOTH) == {each.environment: each for each in answered}
        assert last_comparison(history, BOTH) == compared(down)


def test_a_fact_is_written_when_it_changes(tmp_path: Path) -> None:
    """What stands for a year costs one row, and a night on which the probe failed is no change."""
    path = tmp_path / "history"
    for number, ids in enumerate(["a", "a", None, "a", "b", "a"]):
        kept(path, night(number, failed("models", "network") if ids is None else models(ids), names=["production"]))
    assert nights_in(path, "facts WHERE field = 'models.model_ids'") == [0, 4, 5]


def test_a_run_is_kept_once_and_made_up_ones_never(tmp_path: Path) -> None:
    """What is imported twice is there once, and fiction does not lie beside what a gateway answered."""
    path = tmp_path / "history"
    kept(path, night(1))
    kept(path, night(1))
    kept(path, [each.model_copy(update={"made_up": True}) for each in night(2)])
    assert rows(path, "SELECT count(*) FROM runs") == [(1,)]


def test_nothing_is_kept_of_a_run_that_holds_a_secret(tmp_path: Path) -> None:
    """The tripwire stands before the first byte, not before the last."""

    def finds_it_last(text: str, records: list[str] = []) -> None:  # noqa: B006 - counts its calls
        records.append(text)
        if len(records) == 3:
            raise LeakError("a secret")

    path = tmp_path / "history"
    with pytest.raises(LeakError), opened(path) as history:
        keep(history, compared(night(1)), night(1), check=finds_it_last)
    assert rows(path, "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM texts)") == [(0,)]


def test_a_file_of_version_1_is_read(tmp_path: Path) -> None:
    """It was made by the first release that had a history, and loads for ever."""
    path = tmp_path / "history"
    shutil.copy(FIRST, path)
    with opened(path) as history:
        assert last_comparison(history, BOTH) is not None
    kept(path, night(9))
    assert rows(path, "SELECT count(*) FROM runs") == [(3,)]


def is_not_sqlite(path: Path) -> None:
    path.write_bytes(b"somebody's notes, which are no database at all\n" * 40)


def is_anothers(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def is_newer(path: Path) -> None:
    shutil.copy(FIRST, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def is_damaged(path: Path) -> None:
    whole = FIRST.read_bytes()
    path.write_bytes(whole[:200] + b"\x55" * (len(whole) - 200))


def is_a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (is_not_sqlite, "is no history: another kind of file, or damaged"),
        (is_anothers, "is another program's database and no history"),
        (is_newer, "was written by a newer envcheck, which this one cannot read"),
        (is_damaged, "the history is damaged"),
        (is_a_pipe, "is a pipe and no history"),
        (Path.mkdir, "the history cannot be opened"),
    ],
)
def test_what_is_no_history_of_ours_is_told_and_left_as_it_is(tmp_path: Path, made: object, said: str) -> None:
    """One sentence with a remedy, and not a byte of somebody's file is changed."""
    path = tmp_path / "history"
    assert callable(made)
    made(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ReportError, match=rf"^{path}: {said}.*name another file with --history$"):
        kept(path, night(1))
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_locked_history_is_waited_for_and_then_told(tmp_path: Path) -> None:
    """Another process's transaction takes a moment; one that never ends costs no run its reports."""
    path = tmp_path / "history"
    kept(path, night(1))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ReportError, match="is locked by another process"), opened(path, busy_s=0.05) as history:
            keep(history, compared(night(2)), night(2), check=no_secret)
    kept(path, night(2))


def test_a_full_disk_loses_the_run_in_hand_and_no_other(tmp_path: Path) -> None:
    """What was kept before is whole."""
    path = tmp_path / "history"
    kept(path, night(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        with pytest.raises(ReportError, match="cannot be written, for the disk is full"):
            kept(path, night(2, models(*(os.urandom(30).hex() for _ in range(4000)))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    with opened(path) as history:
        assert last_comparison(history, BOTH) == compared(night(1))


def test_a_record_that_was_tampered_with_is_damage(tmp_path: Path) -> None:
    """A text that no longer unpacks is told, and never a traceback."""
    path = tmp_path / "history"
    kept(path, night(1, chat()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE texts SET packed = x'00'")
    with pytest.raises(ReportError, match="the history is damaged"), opened(path) as history:
        last_comparison(history, BOTH)


def test_a_text_that_is_missing_is_damage(tmp_path: Path) -> None:
    """A run whose record somebody took away is told of, and never taken for one that says nothing."""
    path = tmp_path / "history"
    kept(path, night(1, chat()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM texts")
    with pytest.raises(ReportError, match="the history is damaged"), opened(path) as history:
        last_evidence(history, BOTH)


def test_runs_of_one_second_follow_each_other(tmp_path: Path) -> None:
    """The one that was kept later is the last one."""
    path = tmp_path / "history"
    first = night(1, models("a"))
    second = [each.model_copy(update={"run_id": "f" * 16}) for each in night(1, models("b"))]
    kept(path, first)
    kept(path, second)
    with opened(path) as history:
        assert last_evidence(history, BOTH) == {each.environment: each for each in second}
