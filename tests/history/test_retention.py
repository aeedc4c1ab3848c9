"""What is older than whole runs are kept for: one summary a day, for two years, and nothing that nobody refers to."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from evidences import WHEN, chat, failed, models, timed
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_runs import compared, night, no_secret

from envcheck.history import History, Question, keep, last_comparison, nights_of, opened, prune
from envcheck.history.schema import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from random import Random

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence

TODAY = WHEN.date()
ANSWERS = {"a": models("a"), "b": models("b"), "down": failed("models", "network")}


def kept(history: History, number: int, *checks: Check, hour: int = 0) -> None:
    """Keep a night of two environments, so many days from the first."""
    moment = {"generated_at": WHEN + timedelta(days=number, hours=hour), "run_id": f"{number + 1000:08x}{hour:08x}"}
    records = [each.model_copy(update=moment) for each in night(number, *checks)]
    keep(history, compared(records), records, check=no_secret)


def rows(history: History, query: str) -> list[tuple[object, ...]]:
    return history.connection.execute(query).fetchall()


def pruned(history: History, *, day: int, keep_days: int) -> None:
    prune(history, today=TODAY + timedelta(days=day), keep_days=keep_days)


def days_of_lists(history: History) -> list[str]:
    """Give the days from which on staging had another list of models."""
    place = "environment = 'staging' AND field = 'models.model_ids'"
    found = rows(history, f"SELECT date(run / 1000, 'unixepoch') FROM facts WHERE {place} ORDER BY run")
    return [str(day) for (day,) in found]


def test_older_runs_become_one_summary_a_day(tmp_path: Path) -> None:
    """Of two runs in a day the worst verdict and the median of the medians; the days that are kept whole stay."""
    with opened(tmp_path / "history") as history:
        kept(history, 0, models("a"), chat(latency=timed(100.0)))
        kept(history, 0, models("a"), chat(latency=timed(300.0, 310.0, 320.0)), hour=2)
        kept(history, 0, failed("models", "network"), hour=3)
        kept(history, 1, models("a"), chat(latency=timed(200.0)))
        kept(history, 2, models("a"), chat(latency=timed(250.0)))
        pruned(history, day=3, keep_days=1)
        assert rows(history, "SELECT count(*) FROM runs") == [(1,)]
        assert rows(history, "SELECT * FROM days WHERE environment = 'staging'") == [
            ("staging", "2026-03-04", 3, "failed", "network"),
            ("staging", "2026-03-05", 1, "same", None),
        ]
        medians = "SELECT field, day, median_ms, samples FROM day_latencies WHERE environment = 'staging'"
        assert rows(history, medians) == [
            ("chat.latency", "2026-03-04", 205.0, 4),
            ("chat.latency", "2026-03-05", 200.0, 1),
        ]
        assert last_comparison(history, Question(["production", "staging"], is_partial=False)) is not None
        (series,) = nights_of(history, ["staging"])
    assert [each.median_ms for each in series.nights][-2:] == [200.0, 250.0]


def test_all_that_is_left_is_referred_to(tmp_path: Path) -> None:
    """A text that no run and no fact needs is gone, and every other one is there."""
    with opened(tmp_path / "history") as history:
        for number in range(6):
            kept(history, number, models("a" if number < 2 else "b"))
        pruned(history, day=6, keep_days=2)
        values = len(rows(history, "SELECT DISTINCT value FROM facts"))
        assert rows(history, "SELECT count(*) FROM texts") == [(2 * (1 + 2) + values,)]
        for table in ("checks", "records", "findings", "latencies"):
            assert rows(history, f"SELECT count(*) FROM {table} WHERE run NOT IN (SELECT run FROM runs)") == [(0,)]


def test_nothing_to_do_writes_nothing(tmp_path: Path) -> None:
    """Most runs find nothing that is older, and then wait for nobody who writes."""
    with opened(tmp_path / "history", busy_s=0.0) as history:
        kept(history, 0)
        kept(history, 4)
        pruned(history, day=5, keep_days=2)
        with closing(sqlite3.connect(tmp_path / "history")) as other:
            other.execute("BEGIN IMMEDIATE")
            pruned(history, day=5, keep_days=2)
        assert rows(history, "SELECT count(*) FROM days") == [(2,)]


def test_a_run_that_comes_long_after_all_others_prunes_nothing(tmp_path: Path) -> None:
    """Its clock may be a year ahead; the next run, which has another one near it, prunes what is old."""
    with opened(tmp_path / "history") as history:
        for day in (0, 1, 400):
            kept(history, day)
        pruned(history, day=400, keep_days=90)
        assert rows(history, "SELECT count(*) FROM runs") == [(3,)]
        kept(history, 401)
        pruned(history, day=401, keep_days=90)
        assert rows(history, "SELECT count(*) FROM runs") == [(2,)]


def test_summaries_end_after_two_years(tmp_path: Path) -> None:
    """So does what changed before, but for the value that each fact had when these years began."""
    with opened(tmp_path / "history") as history:
        for number, name in enumerate(["a", "b", "c"]):
            kept(history, number, models(name))
        pruned(history, day=10, keep_days=1)
        assert rows(history, "SELECT count(*) FROM days") == [(6,)]
        assert days_of_lists(history) == ["2026-03-04", "2026-03-05", "2026-03-06"]
        kept(history, 730, models("d"))
        kept(history, 731, models("d"))
        pruned(history, day=732, keep_days=1)
        assert rows(history, "SELECT DISTINCT day FROM days") == [("2026-03-06",), ("2028-03-03",)]
        assert days_of_lists(history) == ["2026-03-05", "2026-03-06", "2028-03-03"]


def test_what_is_kept_whole_for_longer_is_known_for_longer(tmp_path: Path) -> None:
    """Three years of whole runs are three years of what changed."""
    with opened(tmp_path / "history") as history:
        for number, name in {0: "a", 3: "b", 4: "c"}.items():
            kept(history, number, models(name))
        pruned(history, day=1097, keep_days=1095)
        assert rows(history, "SELECT count(*) FROM runs") == [(2,)]
        assert days_of_lists(history) == ["2026-03-04", "2026-03-07", "2026-03-08"]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(list(ANSWERS)), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_facts_are_the_same_in_whatever_order_runs_are_kept(answers: list[str], random: Random) -> None:
    """Old reports that are imported later change nothing of what is known of the nights after them."""
    shuffled = list(range(len(answers)))
    random.shuffle(shuffled)
    assert facts_after(answers, shuffled) == facts_after(answers, sorted(shuffled))


def facts_after(answers: Sequence[str], numbers: Sequence[int]) -> list[tuple[object, ...]]:
    """Keep nights that answered so in this order, and give the facts that are then known."""
    with in_memory() as history:
        for number in numbers:
            comparison, records = of_one(number, answers[number])
            keep(history, comparison, records, check=no_secret)
        return rows(history, "SELECT environment, field, run, value FROM facts ORDER BY 1, 2, 3")


@cache
def of_one(number: int, answer: str) -> tuple[Comparison, list[Evidence]]:
    records = night(number, ANSWERS[answer], names=["production"])
    return compared(records), records


@contextmanager
def in_memory() -> Iterator[History]:
    """Give a history without a file, for those that are thrown away in a moment."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript("".join(STEPS))
        yield History(connection)
