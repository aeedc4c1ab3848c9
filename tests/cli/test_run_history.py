"""`run --history`: every run is kept, the next one knows what it found, and nothing about the file costs a result."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kept_runs import compared, night, no_secret

from envcheck.history import keep, opened
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cli_runs import Ran

VERSION_1 = Path(__file__).parents[1] / "history" / "version_1.sqlite"
NIGHTLY = ("run", "--history", "kept.sqlite", "--against", "last", "--no-reports", "--json")
KEY = "orange-lemur-bazaar-41"


@pytest.fixture(scope="module")
def urls() -> Iterator[Mapping[str, str]]:
    """Give the base URLs of gateways, by the letter of their manner."""
    manners = {
        "all": Manner(),
        "all_too": Manner(),
        "no_usage": Manner(usage=None),
        "few": Manner(models=(MODELS[:2],)),
        "few_too": Manner(models=(MODELS[:2],)),
        "odd": Manner(models=((*MODELS, KEY),)),
    }
    with serving_all([good_gateway(manner) for manner in manners.values()]) as servers:
        yield {name: server.base_url for name, server in zip(manners, servers, strict=True)}


@pytest.fixture
def write(tmp_path: Path, urls: Mapping[str, str]) -> Callable[..., Path]:
    """Write a file whose environments are gateways of these manners."""

    def written(more: str = "", /, **manners: str) -> Path:
        tables = "".join(f'[environments.{name}]\nbase_url = "{urls[kind]}"\n' for name, kind in manners.items())
        path = tmp_path / "environments.toml"
        path.write_text(f'baseline = "production"\n[defaults]\nmodel = "{MODELS[0]}"\n{tables}{more}')
        return path

    return written


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(query).fetchall()


def states(ran: Ran) -> list[tuple[str, str, str]]:
    found = json.loads(ran.stdout)["findings"]
    return sorted((each["environment"], each["rule"], each["state"]) for each in found)


def test_the_second_night_knows_what_the_first_one_found(
    envcheck: Callable[..., Ran], write: Callable[..., Path]
) -> None:
    """Without any report folder: on the first nothing is new, which is said; then it is unchanged, and then gone."""
    write(production="all", staging="no_usage")
    first = envcheck(*NIGHTLY)
    assert (first.code, {state for *_, state in states(first)}) == (3, {"open"})
    assert (
        "--against last: kept.sqlite holds no run yet, so this is the first one: nothing is called new" in first.stderr
    )
    second = envcheck(*NIGHTLY, "--fail-on-new")
    assert (second.code, {state for *_, state in states(second)}) == (0, {"unchanged"})
    assert "first one" not in second.stderr
    write(production="all", staging="all_too")
    assert {state for *_, state in states(envcheck(*NIGHTLY))} == {"absent"}
    assert Path("kept.sqlite").stat().st_mode & 0o777 == 0o600
    assert rows(Path("kept.sqlite"), "SELECT count(*), sum(is_tracked), sum(is_partial) FROM runs") == [(3, 3, 0)]


def test_what_all_of_them_lost_is_told(envcheck: Callable[..., Ran], write: Callable[..., Path]) -> None:
    """No comparison with a baseline can say so; each environment held against itself can."""
    write(production="all", staging="all_too")
    envcheck(*NIGHTLY)
    write(production="few", staging="few_too")
    ran = envcheck(*NIGHTLY, "--fail-on-new")
    assert {(name, rule, state) for name, rule, state in states(ran)} == {
        (name, "models.removed", "new") for name in ("production", "staging")
    }


def test_last_needs_a_history_and_a_folder_of_that_name_is_reached(
    envcheck: Callable[..., Ran], write: Callable[..., Path]
) -> None:
    """Nothing is sent and the remedy is named; `./last` is a folder like any other."""
    write(production="all", staging="all_too")
    for arguments in (("run", "--against", "last"), ("run", "--against", "last", "--sample")):
        ran = envcheck(*arguments)
        assert ran.code == 2
        assert "add --history FILE, or [history] path in the file; a folder of this name is ./last" in ran.stderr
    Path("last").mkdir()
    assert "--against last: holds no earlier comparison yet" in envcheck("run", "--against", "./last").stderr
    assert "names no file" in envcheck("run", "--history", "").stderr


def test_the_flag_goes_before_the_variable_and_that_before_the_file(
    envcheck: Callable[..., Ran], write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path in the file starts from the file's folder, the others from where the command runs."""
    write('[history]\npath = "of-file"\n', production="all")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    command = ("run", "-c", "../environments.toml", "--no-reports")
    envcheck(*command)
    monkeypatch.setenv("ENVCHECK_HISTORY", "of-variable")
    envcheck(*command)
    envcheck(*command, "--history", "of-flag")
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("of-*")} == {
        "of-file",
        "elsewhere/of-variable",
        "elsewhere/of-flag",
    }


@pytest.mark.parametrize(
    "by_day", [("run", "staging", "--history", "kept.sqlite", "--no-reports"), (*NIGHTLY, "staging")]
)
def test_a_run_by_day_is_not_the_last_one_of_the_others(
    envcheck: Callable[..., Ran], write: Callable[..., Path], by_day: tuple[str, ...]
) -> None:
    """What is known of those that it did not look at stays known, and none of them is called gone."""
    write(production="all", staging="no_usage", eu="few")
    night = states(envcheck(*NIGHTLY))
    assert {name for name, *_ in night} == {"staging", "eu"}
    assert envcheck(*by_day).code == 3
    ran = envcheck(*NIGHTLY, "--fail-on-new")
    assert ran.code == 0
    assert states(ran) == [(name, rule, "unchanged") for name, rule, _ in night]
    write(production="all", staging="no_usage")
    assert [each["environment"] for each in json.loads(envcheck(*NIGHTLY).stdout)["notices"] if gone(each)] == ["eu"]
    assert not any(map(gone, json.loads(envcheck(*NIGHTLY).stdout)["notices"]))


def gone(notice: Mapping[str, Mapping[str, str]]) -> bool:
    return notice["note"]["why"] == "gone"


def is_damaged(path: Path) -> None:
    whole = VERSION_1.read_bytes()
    path.write_bytes(whole[:200] + b"\x55" * (len(whole) - 200))


def is_anothers(path: Path) -> None:
    rows(path, "CREATE TABLE bookmarks (url TEXT)")


def is_newer(path: Path) -> None:
    shutil.copy(VERSION_1, path)
    rows(path, "PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (is_damaged, "the history is damaged"),
        (is_anothers, "is another program's database and no history"),
        (is_newer, "was written by a newer envcheck"),
        (Path.mkdir, "the history cannot be opened"),
        (lambda path: path.symlink_to(path), "cannot be reached"),
    ],
)
def test_a_history_that_fails_costs_no_result(
    envcheck: Callable[..., Ran], write: Callable[..., Path], made: Callable[[Path], object], said: str
) -> None:
    """One sentence and exit 6; the result and the reports stand, and the file is as it was."""
    write(production="all", staging="no_usage")
    path = Path("kept.sqlite")
    made(path)
    before = path.read_bytes() if path.is_file() else None
    ran = envcheck("run", "--history", path, "--against", "last")
    assert ran.code == 6
    told = [line for line in ran.stderr.splitlines() if "kept.sqlite" in line]
    assert len(told) == 1
    assert said in told[0]
    assert "staging" in ran.stdout
    assert Path("reports/comparison.json").exists()
    assert (path.read_bytes() if path.is_file() else None) == before


_ROOM = 33_000
"""Bytes: enough for each report and for SQLite's index of 32 KiB, and too few for what a run changes."""


def test_a_disk_that_fills_up_costs_no_result(envcheck: Callable[..., Ran], write: Callable[..., Path]) -> None:
    """The reports are written before the run is kept, and what was kept before is whole."""
    write(production="all", staging="no_usage")
    ran = envcheck("run", "--history", "kept.sqlite")
    assert max(path.stat().st_size for path in Path("reports").iterdir()) < _ROOM
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, hard))
    try:
        ran = envcheck("run", "--history", "kept.sqlite", "--against", "last")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ran.code == 6
    assert "the history cannot be written, for the disk is full or faulty" in ran.stderr
    assert "the run is not kept" in ran.stderr
    assert "reports: reports/comparison.md, reports/comparison.json" in ran.stderr
    assert rows(Path("kept.sqlite"), "SELECT count(*) FROM runs") == [(1,)]


@pytest.mark.thorough  # it waits as long as a run waits for another one
def test_a_history_that_another_process_locks_costs_no_result(
    envcheck: Callable[..., Ran], write: Callable[..., Path]
) -> None:
    """It is waited for, and then told."""
    write(production="all")
    envcheck("run", "--history", "kept.sqlite")
    with closing(sqlite3.connect("kept.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = envcheck("run", "--history", "kept.sqlite")
    assert ran.code == 6
    assert "the history is locked by another process" in ran.stderr


def test_a_history_that_holds_a_key_of_this_run_is_not_gone_by(
    envcheck: Callable[..., Ran], write: Callable[..., Path]
) -> None:
    """What was the name of a model is a key by now; it is on no stream, and nothing is called new."""
    write(production="odd", staging="odd")
    envcheck(*NIGHTLY)
    write(
        '[environments.us]\nbase_url = "http://127.0.0.1:9"\napi_key_env = "NOW_A_KEY"\n',
        production="all",
        staging="few",
    )
    ran = envcheck(*NIGHTLY, variables={"NOW_A_KEY": KEY})
    assert "kept.sqlite: holds a key of this run; nothing is held against an earlier run there" in ran.stderr
    assert "first one" not in ran.stderr
    assert KEY not in ran.stdout + ran.stderr
    assert {state for *_, state in states(ran)} == {"open"}


def test_what_is_made_up_is_never_kept(
    envcheck: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fiction does not lie beside what a gateway answered."""
    monkeypatch.setenv("ENVCHECK_HISTORY", str(tmp_path / "kept.sqlite"))
    envcheck("run", "--sample")
    envcheck("demo")
    assert not (tmp_path / "kept.sqlite").exists()


def test_nights_of_the_history_are_looked_through_for_trends(
    envcheck: Callable[..., Ran], write: Callable[..., Path]
) -> None:
    """Two environments that both became slower are the same to every comparison, and each has a finding."""
    write(production="all", staging="all_too")
    envcheck(*NIGHTLY, "--samples", "5")
    days = [(datetime.now(UTC) - timedelta(days=number)).date().isoformat() for number in range(1, 25)]
    with closing(sqlite3.connect("kept.sqlite")) as connection, connection:
        for number, day in enumerate(days):
            connection.execute(
                "INSERT INTO day_latencies SELECT environment, field, ?, asked, ?, 7 FROM latencies",
                (day, (900 if number < 8 else 300) + number % 3),
            )
            connection.execute("INSERT INTO days SELECT environment, ?, 1, 'same', NULL FROM records", (day,))
    assert {(name, rule) for name, rule, _ in states(envcheck(*NIGHTLY, "--samples", "5"))} >= {
        (name, "trend.slower") for name in ("production", "staging")
    }


def plant_an_old_run(path: Path) -> None:
    """A night of months ago."""
    with opened(path) as history:
        keep(history, compared(night(1)), night(1), check=no_secret)


@pytest.mark.parametrize(("kept_for", "runs"), [("90d", 2), ("forever", 3)])
def test_what_is_older_than_runs_are_kept_becomes_a_summary(
    envcheck: Callable[..., Ran], write: Callable[..., Path], kept_for: str, runs: int
) -> None:
    """At the end of a run, where another one was not long ago."""
    write(f'[history]\npath = "kept.sqlite"\nkeep = "{kept_for}"\n', production="all", staging="all_too")
    plant_an_old_run(Path("kept.sqlite"))
    assert envcheck("run", "--no-reports").code == 0
    assert envcheck("run", "--no-reports").code == 0
    assert rows(Path("kept.sqlite"), "SELECT count(*) FROM runs") == [(runs,)]
    summaries = rows(Path("kept.sqlite"), "SELECT environment, day, verdict FROM days")
    assert summaries == (
        [("production", "2026-03-05", "not_compared"), ("staging", "2026-03-05", "same")] if runs == 2 else []
    )


def test_a_history_that_cannot_be_made_smaller_is_a_warning(
    envcheck: Callable[..., Ran], write: Callable[..., Path]
) -> None:
    """It is larger than it should be, and the run is kept."""
    write(production="all")
    plant_an_old_run(Path("kept.sqlite"))
    rows(Path("kept.sqlite"), "CREATE TRIGGER never BEFORE DELETE ON runs BEGIN SELECT RAISE(ABORT, 'no'); END")
    envcheck("run", "--history", "kept.sqlite", "--no-reports")
    ran = envcheck("run", "--history", "kept.sqlite", "--no-reports")
    assert ran.code == 0
    assert "envcheck: warning: kept.sqlite: " in ran.stderr
    assert "what is older than 90 days stays until another run" in ran.stderr
    assert rows(Path("kept.sqlite"), "SELECT count(*) FROM runs") == [(3,)]


def test_a_history_is_of_one_place(envcheck: Callable[..., Ran], write: Callable[..., Path]) -> None:
    """What looks otherwise from another vantage has not changed; the result stands, and nothing is mixed."""
    write(production="all", staging="few")
    assert envcheck(*NIGHTLY, "--vantage", "eu-west").code == 3
    ran = envcheck(*NIGHTLY, "--vantage", "us-east")
    assert ran.code == 6
    assert "kept.sqlite: has the runs of another place (eu-west); name a history for each --vantage" in ran.stderr
    assert json.loads(ran.stdout)["summary"]["verdict"] == "differs"
    assert "another place" not in envcheck(*NIGHTLY, "--vantage", "eu-west").stderr
    assert rows(Path("kept.sqlite"), "SELECT count(*) FROM runs") == [(2,)]


def test_a_shard_keeps_no_history(envcheck: Callable[..., Ran], write: Callable[..., Path], tmp_path: Path) -> None:
    """A part of a run is none of the nights; what is put together can be kept."""
    write('[history]\npath = "kept.sqlite"\n', production="all", staging="few")
    ran = envcheck("run", "--shard", "1/1")
    assert ran.code == 3
    assert "a shard keeps no history; keep what `envcheck merge` writes, with `envcheck history import`" in ran.stderr
    assert not (tmp_path / "kept.sqlite").exists()
    assert envcheck("merge", "reports/shard-1-of-1", "-o", "whole").code == 3
    assert envcheck("history", "import", "whole").code == 0
    assert rows(Path("kept.sqlite"), "SELECT count(*) FROM runs") == [(1,)]
