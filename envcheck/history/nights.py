"""The latencies of a history as series of nights, in which trends are looked for."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final, TypeAlias

from pydantic import TypeAdapter

from envcheck.history.days import last_day
from envcheck.history.rows import Word, rows_of
from envcheck.judge.trend import Night, Nights
from envcheck.record import Milliseconds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from envcheck.history.file import History

_Row: TypeAlias = tuple[Word, date, bytes, Milliseconds]
_ROWS: Final = TypeAdapter(list[_Row])
_LATENCIES: Final = (
    "SELECT field, day, asked, median_ms FROM ("
    "SELECT field, day, 0 AS run, asked, median_ms FROM day_latencies WHERE environment = ?1 UNION ALL"
    " SELECT field, date(run / 1000, 'unixepoch'), run, asked, median_ms FROM latencies WHERE environment = ?1"
    ") ORDER BY field, day, run"
)


def nights_of(history: History, environments: Collection[str]) -> list[Nights]:
    """Give each latency of these environments, a night for every day from its first one to the last of the history.

    A night has no median where there was no run, where none was taken, or where another model, prompt or endpoint was
    asked than in the last one that has: what is held together is what was asked last. Of several runs in a day it is
    the median of theirs, for none of them is more the night's than another, and of a day that only its summary is left
    of, the summary's. Days are those of UTC.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    last = last_day(history)
    return [] if last is None else [series for name in environments for series in _of_one(history, name, last)]


def _of_one(history: History, environment: str, last: date) -> Iterator[Nights]:
    rows = rows_of(history, _ROWS, _LATENCIES, environment)
    for field, of_one in groupby(rows, lambda row: row[0]):
        probe, _, series = field.partition(".")
        yield Nights(environment, probe, series, tuple(_nights(list(of_one), last)))


def _nights(rows: Sequence[_Row], last: date) -> Iterator[Night]:
    """Yield a night for every day; the rows are in the order of their runs."""
    asked_last = rows[-1][2]
    alike = [(day, ms) for _, day, asked, ms in rows if asked == asked_last]
    by_day = {day: median(ms for _, ms in of_day) for day, of_day in groupby(alike, lambda row: row[0])}
    first = alike[0][0]
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield Night(day, by_day.get(day))
