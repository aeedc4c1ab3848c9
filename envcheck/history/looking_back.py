"""All that a history says of some environments, as a `Past`: read from its tables, and safe to show."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import TypeAdapter

from envcheck.history.changed_facts import Stated, changes_of, fact_in
from envcheck.history.days import came_of, last_day, worst_by_day
from envcheck.history.nights import nights_of
from envcheck.history.outages import Checked, outages_of
from envcheck.history.rows import Failure, Word, rows_of, unpacked
from envcheck.judge.trend import changes
from envcheck.model import Outcome
from envcheck.past import EnvironmentPast, LatencyPast, NightOutcome, Past
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from envcheck.history.days import Came
    from envcheck.history.file import History
    from envcheck.past import FactChange, Outage

_OUTCOME: Final = ".outcome"
_FIELDS: Final = TypeAdapter(list[tuple[Word]])
_CHECKS: Final = TypeAdapter(list[tuple[Word, date, Outcome, Failure | None]])
_FACTS: Final = TypeAdapter(list[tuple[Word, date, bytes]])
_FIELDS_OF: Final = (
    "SELECT field FROM facts WHERE environment = ?1 UNION SELECT field FROM latencies WHERE environment = ?1"
    " UNION SELECT field FROM day_latencies WHERE environment = ?1"
    " UNION SELECT probe || '.outcome' FROM checks WHERE environment = ?1"
)
_CHECKS_OF: Final = (
    "SELECT probe, date(run / 1000, 'unixepoch'), outcome, failure FROM checks WHERE environment = ?1"
    " ORDER BY probe, run"
)
# What was the same all the time is not unpacked.
_FACTS_OF: Final = (
    "SELECT field, date(run / 1000, 'unixepoch'), packed FROM facts JOIN texts ON hash = value WHERE environment = ?1"
    " AND field IN (SELECT field FROM facts WHERE environment = ?1 GROUP BY field HAVING count(*) > 1)"
    " ORDER BY field, run"
)


class Asked(NamedTuple):
    """What of a history is looked at."""

    environments: Sequence[str]
    latency_floor_ms: float
    """By which changes of latencies are told from what nobody notices."""
    fields: Collection[str] = ()
    """Facts, latencies and outcomes, by probe and name; all where none is named."""
    since: date | None = None
    """The first day that is shown; what is known of the days before is gone by all the same."""

    def takes(self, field: str) -> bool:
        """Tell whether a field is looked at."""
        return not self.fields or field in self.fields

    def shows(self, day: date) -> bool:
        """Tell whether a day is shown."""
        return self.since is None or day >= self.since


def fields_in(history: History, environments: Collection[str]) -> list[str]:
    """Name the fields that are known of any of these environments.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    return sorted({field for name in environments for (field,) in rows_of(history, _FIELDS, _FIELDS_OF, name)})


def past_of(history: History, asked: Asked) -> Past:
    """Look back on environments.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    came = {name: came_of(history, name) for name in asked.environments}
    days = _days(history, asked, came)
    return Past(days, tuple(_of_one(history, asked, name, came[name], days) for name in asked.environments))


def _days(history: History, asked: Asked, came: Mapping[str, Sequence[Came]]) -> tuple[date, ...]:
    """Give every day from the first that is shown to the last of the history."""
    last = last_day(history)
    shown = [each.day for of_one in came.values() for each in of_one if asked.shows(each.day)]
    if last is None or not shown:
        return ()
    first = min(shown)
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _of_one(
    history: History, asked: Asked, environment: str, came: Sequence[Came], days: Sequence[date]
) -> EnvironmentPast:
    worst = worst_by_day(came)
    return EnvironmentPast(
        environment,
        tuple(worst.get(day, NightOutcome.NO_RUN) for day in days),
        tuple(each for each in _changes(history, environment, asked) if asked.shows(each.day)),
        tuple(each for each in _outages(history, environment, came, asked) if asked.shows(each.last)),
        tuple(_latencies(history, environment, asked)),
    )


def _changes(history: History, environment: str, asked: Asked) -> list[FactChange]:
    redactor = Redactor()
    rows = rows_of(history, _FACTS, _FACTS_OF, environment)
    try:
        return changes_of(
            Stated(field, day, fact_in(unpacked(packed), redactor)) for field, day, packed in rows if asked.takes(field)
        )
    except ValueError:
        raise sqlite3.DatabaseError("a fact is not what was written") from None


def _outages(history: History, environment: str, came: Sequence[Came], asked: Asked) -> Iterator[Outage]:
    """Yield those of older days, of which no probe is known, and then those of whole runs."""
    if not asked.fields:
        whole = [each for each in came if not each.is_summary]
        older = [
            Checked("", each.day, Outcome.PASS if each.failure is None else Outcome.FAIL, each.failure)
            for each in came
            if each.is_summary
        ]
        for outage in outages_of(older):
            yield replace(outage, probes=(), is_over=outage.is_over or bool(whole))
    rows = rows_of(history, _CHECKS, _CHECKS_OF, environment)
    yield from outages_of(Checked(*row) for row in rows if asked.takes(f"{row[0]}{_OUTCOME}"))


def _latencies(history: History, environment: str, asked: Asked) -> Iterator[LatencyPast]:
    for series in nights_of(history, [environment]):
        shown = tuple(night for night in series.nights if asked.shows(night.day))
        if asked.takes(f"{series.probe}.{series.series}") and any(night.median_ms is not None for night in shown):
            found = changes(series.nights, asked.latency_floor_ms)
            changed = tuple(each for each in found if asked.shows(each.since))
            yield LatencyPast(replace(series, nights=shown), changed)
