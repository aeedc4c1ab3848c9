"""What a history says of many nights, asked of the tables that runs were kept in and that somebody may have edited."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from evidences import chat, failed, models, skipped, timed
from kept_nights import FIRST, forty_nights, kept, later, timed_night
from kept_runs import night

from envcheck.errors import ConfigError, ReportError
from envcheck.history import Asked, environments_in, fields_in, nights_of, opened_to_read, past_of
from envcheck.past import NightOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from envcheck.past import Past

SECRET = "sk-proj-MadeUp0123456789abcdefghijkl"


def edited(path: Path, *statements: str, given: Sequence[object] = ()) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement, given)


def seen(path: Path, *environments: str, fields: Iterable[str] = (), since: date | None = None) -> Past:
    with opened_to_read(path) as history:
        named = environments or environments_in(history)
        return past_of(history, Asked(named, 50, frozenset(fields), since))


def medians(path: Path, environment: str = "staging") -> list[float | None]:
    with opened_to_read(path) as history:
        [series] = nights_of(history, [environment])
    assert [each.day for each in series.nights] == [
        series.nights[0].day + timedelta(days=number) for number in range(len(series.nights))
    ]
    return [each.median_ms for each in series.nights]


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forty_nights(tmp_path_factory.mktemp("kept") / "history")


def test_what_changed_and_what_failed_has_its_days(forty: Path) -> None:
    """A list's members, and the runs in a row that failed."""
    staging = seen(forty).environments[1]
    told = [(each.day, each.field, each.removed, each.added) for each in staging.changes]
    assert told == [
        (FIRST + timedelta(days=20), "models.model_ids", ("a",), ("c",)),
        (FIRST + timedelta(days=22), "models.model_ids", ("c",), ("a",)),
    ]
    [outage] = staging.outages
    assert (outage.since, outage.nights, outage.failures) == (FIRST + timedelta(days=5), 2, ("network",))
    assert (outage.is_over, outage.probes) == (True, ("models",))


def test_a_step_of_a_fifth_is_seen_with_its_day(forty: Path) -> None:
    """From 240 to 288 ms, in noise of three per cent, with gaps."""
    [latency] = seen(forty).environments[0].latencies
    [change] = latency.changes
    assert (latency.field, change.since) == ("chat.latency", FIRST + timedelta(days=28))
    assert (change.before_ms, change.after_ms) == pytest.approx((240, 288), rel=0.02)
    assert (change.nights_before, change.nights) == (25, 12)


def test_days_without_a_run_or_an_answer_are_gaps(forty: Path) -> None:
    """Every day is there; the missing ones are neither the same nor no time at all."""
    past = seen(forty)
    assert len(past.days) == 40
    outcomes = past.environments[0].outcomes
    assert outcomes[5] is NightOutcome.FAILED
    assert outcomes[9] is NightOutcome.NO_RUN
    assert {*outcomes} == {NightOutcome.SAME, NightOutcome.FAILED, NightOutcome.NO_RUN}
    assert [place for place, each in enumerate(medians(forty)) if each is None] == [5, 6, 9]


def test_only_what_is_asked_for_is_shown_and_it_is_gone_by_what_was_before(forty: Path) -> None:
    """A change is told from the nights before, though these are not shown."""
    past = seen(forty, "staging", since=FIRST + timedelta(days=22))
    [staging] = past.environments
    assert past.days[0] == FIRST + timedelta(days=22)
    assert [each.removed for each in staging.changes] == [("c",)]
    assert staging.outages == ()
    assert [each.nights_before for each in staging.latencies[0].changes] == [25]
    assert len(staging.latencies[0].nights.nights) == 18
    assert len(seen(forty, "staging", since=FIRST + timedelta(days=6)).environments[0].outages) == 1
    assert seen(forty, "staging", since=FIRST + timedelta(days=7)).environments[0].outages == ()
    after = seen(forty, "staging", since=FIRST + timedelta(days=30)).environments[0]
    assert (after.changes, after.latencies[0].changes) == ((), ())
    assert seen(forty, since=FIRST + timedelta(days=40)).days == ()


def test_a_field_that_is_asked_for_is_alone(forty: Path) -> None:
    """Facts, latencies and outcomes each by their names, which the history lists."""
    [of_ids, of_latency, of_outcome] = (
        seen(forty, "staging", fields=[field]).environments[0]
        for field in ("models.model_ids", "chat.latency", "models.outcome")
    )
    assert (len(of_ids.changes), of_ids.outages, of_ids.latencies) == (2, (), ())
    assert (of_latency.changes, of_latency.outages, len(of_latency.latencies)) == ((), (), 1)
    assert (of_outcome.changes, len(of_outcome.outages), of_outcome.latencies) == ((), 1, ())
    with opened_to_read(forty) as history:
        known = fields_in(history, ["staging"])
    assert known == sorted(known)
    assert {"models.model_ids", "chat.latency", "models.outcome"} <= {*known}


def test_the_baseline_of_the_last_run_is_the_first(tmp_path: Path) -> None:
    """And the others by their names, those that are gone too."""
    path = kept(tmp_path / "history", night(1, names=["zone", "alpha"]), night(2, names=["middle", "alpha"]))
    with opened_to_read(path) as history:
        assert environments_in(history) == ["middle", "alpha", "zone"]


def test_of_several_runs_in_a_day_the_median_is_the_nights(tmp_path: Path) -> None:
    """None of them is more the night's than another; and the worst of what they came to is the day's."""
    tired = night(1, failed("models", "network"), skipped("chat"))
    path = kept(
        tmp_path / "history",
        timed_night(0, 100),
        later(timed_night(1, 300), 1),
        later(timed_night(1, 200), 2),
        later(timed_night(1, 900), 3),
        later(tired, 4),
        later(timed_night(1, 210), 5),
    )
    assert medians(path) == [100, 255]
    assert seen(path).environments[0].outcomes == (NightOutcome.SAME, NightOutcome.FAILED)


@pytest.mark.parametrize("about", [{"model": "other"}, {"at": "https://other.example/v1"}])
def test_nights_that_asked_something_else_are_gaps(tmp_path: Path, about: dict[str, str]) -> None:
    """Another model or endpoint than in the last night takes another time; nothing begins before the first alike."""
    runs = [timed_night(0, 100, **about), timed_night(1, 110), timed_night(2, 500, **about), timed_night(3, 120)]
    assert medians(kept(tmp_path / "history", *runs)) == [110, None, 120]


def test_an_outage_at_the_end_is_a_gap_at_the_end(tmp_path: Path) -> None:
    """The series goes on to the last day of the history."""
    path = kept(tmp_path / "history", timed_night(0, 100), night(2, failed("models", "network"), skipped("chat")))
    assert medians(path) == [100, None, None]


def test_what_is_left_of_older_days_counts(tmp_path: Path) -> None:
    """Their medians, how they came out, and why they failed, though nobody knows any more which probe it was.

    One whose failure was accepted has failed all the same.
    """
    path = kept(tmp_path / "history", timed_night(4, 140))
    with opened_to_read(path) as history:
        [asked] = history.connection.execute("SELECT asked FROM latencies WHERE environment = 'staging'").fetchone()
    for number, (verdict, failure) in enumerate([("same", None), ("differs", None), ("same", "network")]):
        edited(
            path,
            "INSERT INTO days (environment, day, runs, verdict, failure) VALUES ('staging', ?, 1, ?, ?)",
            given=((FIRST + timedelta(days=number)).isoformat(), verdict, failure),
        )
    edited(
        path,
        "INSERT INTO day_latencies (environment, field, day, asked, median_ms, samples)"
        " VALUES ('staging', 'chat.latency', ?, ?, 90, 5)",
        given=(FIRST.isoformat(), asked),
    )
    [staging] = seen(path, "staging").environments
    assert medians(path) == [90, None, None, None, 140]
    assert [each.value for each in staging.outcomes] == ["same", "differs", "failed", "no run", "same"]
    [outage] = staging.outages
    assert (outage.probes, outage.failures, outage.nights, outage.is_over) == ((), ("network",), 1, True)


def test_what_was_edited_by_hand_is_redacted(tmp_path: Path) -> None:
    """A text in the file is a stranger's, whoever wrote the file at first."""
    path = kept(tmp_path / "history", night(0, models("a")), night(1, models("b")))
    text = zlib.compress(f'["a", "{SECRET}"]'.encode())
    edited(
        path,
        "UPDATE texts SET packed = ? WHERE hash IN (SELECT value FROM facts WHERE run = (SELECT max(run) FROM facts))",
        given=(text,),
    )
    shown = repr(seen(path))
    assert SECRET not in shown
    assert "[redacted]" in shown


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE latencies SET median_ms = -1",
        "UPDATE latencies SET median_ms = 9e999",
        "UPDATE latencies SET field = 'Chat Latency'",
        "UPDATE records SET verdict = 'fine'",
        "UPDATE records SET environment = '<b>' WHERE environment = 'staging'",
        f"UPDATE records SET environment = '{SECRET}' WHERE environment = 'staging'",
        "UPDATE checks SET outcome = 'perhaps'",
        "UPDATE checks SET failure = 'Not A Class'",
        "UPDATE facts SET field = char(27) || '[31m' WHERE field = 'models.model_ids'",
        "UPDATE texts SET packed = x'00'",
        "UPDATE runs SET run = run * 100000",
        "UPDATE records SET run = run * 100000",
        "DROP TABLE latencies",
    ],
)
def test_what_is_not_as_it_was_written_is_damage(tmp_path: Path, statement: str) -> None:
    """One sentence, and nothing of it is shown."""
    path = kept(tmp_path / "history", timed_night(0, 100), night(1, models("b"), chat(latency=timed(5))))
    edited(path, "PRAGMA foreign_keys = OFF", statement)
    with pytest.raises(ReportError, match=rf"^{path}: the history is damaged; name another file with --history$"):
        seen(path)


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 1}', "[[]]", '"' + "x" * 9, "[" * 100_000])
def test_a_fact_that_is_none_is_damage(tmp_path: Path, text: str) -> None:
    """Whatever stands in its place."""
    path = kept(tmp_path / "history", night(0, models("a")), night(1, models("b")))
    edited(
        path,
        "UPDATE texts SET packed = ? WHERE hash IN (SELECT value FROM facts)",
        given=(zlib.compress(text.encode()),),
    )
    with pytest.raises(ReportError, match="the history is damaged"):
        seen(path)


def test_reading_makes_no_history(tmp_path: Path) -> None:
    """Where there is none, or an empty file, that is said, with what makes one."""
    path = tmp_path / "history"
    with pytest.raises(ConfigError, match="there is no history yet; `envcheck run --history"), opened_to_read(path):
        pass
    assert not path.exists()
    path.touch()
    with pytest.raises(ConfigError, match="there is no history yet"), opened_to_read(path):
        pass
    assert path.read_bytes() == b""
    with pytest.raises(ReportError, match="is a folder and no history"), opened_to_read(tmp_path):
        pass


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """Not one byte, whoever asks; a path with signs that an address gives a meaning is a path."""
    path = kept(tmp_path / "a?mode=memory#%41", night(0))
    before = path.read_bytes()
    with pytest.raises(ReportError, match="read-only"), opened_to_read(path) as history:
        history.connection.execute("DELETE FROM runs")
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_history_that_another_process_keeps_to_itself_is_told(tmp_path: Path) -> None:
    """And it is read while another one only writes to it."""
    path = kept(tmp_path / "history", night(0))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(seen(path).days) == 1
        other.execute("ROLLBACK")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with (
            pytest.raises(ReportError, match="the history is locked by another process"),
            opened_to_read(path, busy_s=0.05),
        ):
            pass
