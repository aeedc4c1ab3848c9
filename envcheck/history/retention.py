"""Making a history smaller: runs that are older than whole ones are kept for become one summary a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Standing
from envcheck.history.file import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import date

    from envcheck.history.file import History

SUMMARIES_DAYS: Final = 730
"""How long summaries are kept, and how far back it is known when a fact changed."""
_LONGEST_PAUSE_DAYS: Final = 31
"""Between two runs of a job that is at work, with a day to spare for one a month."""
_WORST_LAST: Final = tuple(
    map(str, (Standing.NOT_COMPARED, Standing.SAME, Standing.UNDECIDED, Standing.DIFFERS, Standing.FAILED))
)
_OF_RUNS: Final = ("latencies", "checks", "records", "findings", "runs")


def prune(history: History, *, today: date, keep_days: int) -> None:
    """Make summaries of the days before the last `keep_days`, and drop those of more than two years ago; all or none.

    A run that comes long after all others prunes nothing, for its clock may be wrong; the next one does.
    Days are those of UTC. Of a day with several runs the worst verdict stays, and the median of the medians.

    Raises:
        sqlite3.Error: SQLite's; the history is as it was.

    """
    connection = history.connection
    whole_from = today - timedelta(days=keep_days)
    summaries_from = today - timedelta(days=max(SUMMARIES_DAYS, keep_days))
    if not _is_there_any(connection, _moment(whole_from), summaries_from) or _is_alone(connection, today, keep_days):
        return
    with transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO days (environment, day, runs, verdict, failure) VALUES (?, ?, ?, ?, ?)",
            _days(connection, _moment(whole_from)),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO day_latencies (environment, field, day, asked, median_ms, samples)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            _latencies(connection, _moment(whole_from)),
        )
        for table in _OF_RUNS:
            connection.execute(f"DELETE FROM {table} WHERE run < ?", (_moment(whole_from),))  # noqa: S608 - ours
        for table in ("days", "day_latencies"):
            connection.execute(f"DELETE FROM {table} WHERE day < ?", (summaries_from.isoformat(),))  # noqa: S608 - ours
        _forget_changes(connection, _moment(summaries_from))
        connection.execute(
            "DELETE FROM texts WHERE hash NOT IN"
            " (SELECT comparison FROM runs UNION SELECT evidence FROM records UNION SELECT value FROM facts)"
        )


def _is_there_any(connection: sqlite3.Connection, whole_from: int, summaries_from: date) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM runs WHERE run < ?) OR EXISTS (SELECT 1 FROM days WHERE day < ?)"
    return bool(connection.execute(query, (whole_from, summaries_from.isoformat())).fetchone()[0])


def _is_alone(connection: sqlite3.Connection, today: date, keep_days: int) -> bool:
    """Tell whether the last run is the only one for so long that today may not be the day that it seems to be."""
    since = _moment(today - timedelta(days=max(keep_days, _LONGEST_PAUSE_DAYS)))
    return bool(connection.execute("SELECT count(*) < 2 FROM runs WHERE run >= ?", (since,)).fetchone()[0])


def _moment(day: date) -> int:
    """Give the number of a run at a day's beginning."""
    return round(datetime.combine(day, time(), UTC).timestamp() * 1000)


def _days(connection: sqlite3.Connection, before: int) -> Iterator[tuple[object, ...]]:
    rows = connection.execute(
        "SELECT environment, date(run / 1000, 'unixepoch') AS day, verdict, failure FROM records WHERE run < ?"
        " ORDER BY environment, run",
        (before,),
    ).fetchall()
    for place, group in groupby(rows, key=lambda row: row[:2]):
        of_day = list(group)
        failures = [failure for *_, failure in of_day if failure is not None]
        worst = max((verdict for _, _, verdict, _ in of_day), key=_WORST_LAST.index)
        yield (*place, len(of_day), worst, failures[-1] if failures else None)


def _latencies(connection: sqlite3.Connection, before: int) -> Iterator[tuple[object, ...]]:
    rows = connection.execute(
        "SELECT environment, field, date(run / 1000, 'unixepoch') AS day, asked, median_ms, samples FROM latencies"
        " WHERE run < ? ORDER BY environment, field, day, asked",
        (before,),
    ).fetchall()
    for place, group in groupby(rows, key=lambda row: row[:4]):
        of_day = list(group)
        yield (*place, median(row[4] for row in of_day), sum(row[5] for row in of_day))


def _forget_changes(connection: sqlite3.Connection, before: int) -> None:
    """Drop the values that facts had before a moment, but for the one that each had at it."""
    connection.execute(
        "DELETE FROM facts WHERE EXISTS (SELECT 1 FROM facts AS later WHERE later.environment = facts.environment"
        " AND later.field = facts.field AND later.run > facts.run AND later.run <= ?)",
        (before,),
    )
