"""The latencies of a history as series of nights, in which trends are looked for."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from envcheck.judge.trend import Night, Nights

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from envcheck.history.file import History


def nights_of(history: History, environments: Collection[str]) -> list[Nights]:
    """Give each latency of these environments, a night for each day on which any of them was probed.

    A night has no median where none was taken, or where another model, prompt or endpoint was asked than in the last
    one that has. Of several runs in a day the last one counts. Days are those of UTC.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    return [series for name in environments for series in _of_one(history, name)]


def _of_one(history: History, environment: str) -> Iterator[Nights]:
    connection = history.connection
    days = connection.execute(
        "SELECT day FROM days WHERE environment = ?1 UNION SELECT date(run / 1000, 'unixepoch') FROM records"
        " WHERE environment = ?1 ORDER BY 1",
        (environment,),
    ).fetchall()
    rows = connection.execute(
        "SELECT field, day AS day, 0 AS run, asked, median_ms FROM day_latencies WHERE environment = ?1"
        " UNION ALL SELECT field, date(run / 1000, 'unixepoch'), run, asked, median_ms FROM latencies"
        " WHERE environment = ?1 ORDER BY field, day, run",
        (environment,),
    )
    for field, of_one in groupby(rows, key=lambda row: str(row[0])):
        found = list(of_one)
        medians = {day: median_ms for _, day, _, asked, median_ms in found if asked == found[-1][3]}
        probe, _, series = field.partition(".")
        nights = tuple(Night(date.fromisoformat(day), medians.get(day)) for (day,) in days)
        yield Nights(environment, probe, series, nights)
