"""Which days and environments a history has, and how each environment came out of each day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import TypeAdapter

from envcheck.comparison import Standing
from envcheck.history.rows import Failure, Name, rows_of
from envcheck.past import NightOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.history.file import History
    from envcheck.record import FailureName

_DAYS: Final = TypeAdapter(list[tuple[date]])
_NAMES: Final = TypeAdapter(list[tuple[Name]])
_RECORDS: Final = TypeAdapter(list[tuple[date, Standing, Failure | None, bool, int]])
_LAST_DAYS: Final = (
    "SELECT * FROM (SELECT date(run / 1000, 'unixepoch') FROM runs ORDER BY run DESC LIMIT 1) UNION ALL"
    " SELECT * FROM (SELECT day FROM days ORDER BY day DESC LIMIT 1)"
)
_ENVIRONMENTS: Final = (
    "SELECT environment FROM (SELECT environment FROM records UNION SELECT environment FROM days)"
    " ORDER BY environment IS NOT (SELECT baseline FROM runs ORDER BY run DESC LIMIT 1), environment"
)
_RECORDS_OF: Final = (
    "SELECT day, verdict, failure, 1, 0 AS at FROM days WHERE environment = ?1 UNION ALL"
    " SELECT date(run / 1000, 'unixepoch'), verdict, failure, 0, run FROM records WHERE environment = ?1 ORDER BY 1, 5"
)
_BY_HOW_BAD: Final = (NightOutcome.SAME, NightOutcome.DIFFERS, NightOutcome.FAILED)


class Came(NamedTuple):
    """What an environment came to in one run, or of an older day in all that there were."""

    day: date
    outcome: NightOutcome
    failure: FailureName | None
    is_summary: bool


def last_day(history: History) -> date | None:
    """Give the day of the last run, in UTC; None where there is no run.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    return max((day for (day,) in rows_of(history, _DAYS, _LAST_DAYS)), default=None)


def environments_in(history: History) -> list[str]:
    """Name the environments there are, the last run's baseline first, then by their names.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    return [name for (name,) in rows_of(history, _NAMES, _ENVIRONMENTS)]


def came_of(history: History, environment: str) -> list[Came]:
    """Give what each run of an environment came to, in their order.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    rows = rows_of(history, _RECORDS, _RECORDS_OF, environment)
    return [
        Came(day, _outcome(standing, failure), failure, is_summary) for day, standing, failure, is_summary, _ in rows
    ]


def worst_by_day(came: Sequence[Came]) -> Mapping[date, NightOutcome]:
    """Give what each day came to: of several runs the worst, which a later one must not hide."""
    worst: dict[date, NightOutcome] = {}
    for each in came:
        worst[each.day] = max(worst.get(each.day, NightOutcome.SAME), each.outcome, key=_BY_HOW_BAD.index)
    return worst


def _outcome(standing: Standing, failure: FailureName | None) -> NightOutcome:
    """Say what a record came to; one that was not compared is the same as far as anybody can tell."""
    if failure is not None or standing is Standing.FAILED:
        return NightOutcome.FAILED
    return NightOutcome.DIFFERS if standing is Standing.DIFFERS else NightOutcome.SAME
