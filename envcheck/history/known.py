"""What the runs of a history found, as far as it decides what is news: see `envcheck.comparison.news`.

Runs that were held against no earlier one, such as one by hand, are passed over where there is any that was: nobody
was told what is new in them.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import HeldAgainst
from envcheck.comparison.news import WINDOW, Changing, Known, Lately, Weight, change_key
from envcheck.model import NO_OUTAGE, PASSING_CAUSES, Outcome
from envcheck.redact import Redactor
from envcheck.rules import PROBE_FAILED, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

    from envcheck.comparison.news import Key
    from envcheck.history.file import History

_LOOKS: Final = """
SELECT run, outcome, failure FROM checks WHERE environment = ? AND run IN (
  SELECT run FROM runs WHERE is_tracked OR NOT EXISTS (SELECT 1 FROM runs WHERE is_tracked)
) ORDER BY run DESC
"""
_SEEN: Final = """
SELECT rule, fingerprint, severity, counted, max(run) FROM findings
WHERE state IN ('open', 'new', 'unchanged') AND held_against <> 'itself_earlier' AND run IN (
  SELECT run FROM runs WHERE is_tracked OR NOT EXISTS (SELECT 1 FROM runs WHERE is_tracked)
) GROUP BY rule, fingerprint
"""
_CHANGED: Final = """
SELECT run, environment, rule, fingerprint, field, held_against, expected, actual, state FROM findings
WHERE run >= ? AND state IN ('new', 'absent') AND rule <> ? AND rule NOT LIKE '%.undecided' ORDER BY run DESC
"""


class _Look(NamedTuple):
    """One environment in one run."""

    run: int
    is_down: bool
    is_whole: bool
    """Whether it is down, and no probe passed."""


def known_before(history: History, environments: Collection[str], day_of: Callable[[datetime], date]) -> Known:
    """Give what decides which news a run of these environments has, that is kept after all that are kept now.

    `day_of` gives the day that a moment is on where the runs are read.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    looks = {name: found for name in environments if (found := _looks(history.connection, name))}
    seen = list(_seen(history.connection))

    def day(run: int) -> date:
        return day_of(datetime.fromtimestamp(run / 1000, UTC))

    return Known(
        last={name: day(found[0].run) for name, found in looks.items()},
        seen={key: day(run) for key, run, _ in seen},
        weighed={key: weight for key, _, weight in seen},
        lately={name: _lately(found, day) for name, found in looks.items()},
        changing=_changing(history.connection, looks),
    )


def _looks(connection: sqlite3.Connection, environment: str) -> list[_Look]:
    """Give the runs that looked at an environment, the last one first."""
    rows = connection.execute(_LOOKS, (environment,))
    return [_look(run, [(outcome, failure) for _, outcome, failure in checks]) for run, checks in groupby(rows, _first)]


def _first(row: tuple[int, str, str | None]) -> int:
    return row[0]


def _look(run: int, checks: Collection[tuple[str, str | None]]) -> _Look:
    failures = [failure for outcome, failure in checks if outcome == Outcome.FAIL]
    is_answered = any(outcome not in {Outcome.FAIL, Outcome.SKIPPED} for outcome, _ in checks)
    is_whole = bool(failures) and not is_answered and NO_OUTAGE.isdisjoint(failures)
    return _Look(run, is_whole or any(failure in PASSING_CAUSES for failure in failures), is_whole)


def _lately(looks: list[_Look], day: Callable[[int], date]) -> Lately:
    was_down = tuple(look.is_down for look in looks[: WINDOW + 1])
    lasting = next((number for number, look in enumerate(looks) if not look.is_down), len(looks))
    if not lasting:
        return Lately(was_down)
    return Lately(was_down, day(looks[lasting - 1].run), len({day(look.run) for look in looks[:lasting]}))


def _seen(connection: sqlite3.Connection) -> Iterator[tuple[Key, int, Weight]]:
    """Give each difference with the last run that found it; beside `max` stands what is in that run's row."""
    for rule, fingerprint, severity, counted, run in connection.execute(_SEEN):
        if severity not in set(Severity):
            raise sqlite3.DatabaseError("a finding is not what was written")
        yield (rule, fingerprint), run, Weight(Severity(severity), bool(counted))


def _changing(connection: sqlite3.Connection, looks: Mapping[str, list[_Look]]) -> dict[Key, Changing]:
    """Give what came or went in the last few runs that learnt something of its environment."""
    ago = {
        name: {look.run: number for number, look in enumerate(_telling(found), start=1)}
        for name, found in looks.items()
    }
    oldest = min((run for runs in ago.values() for run in runs), default=0)
    rows = connection.execute(_CHANGED, (oldest, PROBE_FAILED.name))
    found: dict[Key, Changing] = {}
    for run, name, rule, fingerprint, field, held_against, expected, actual, state in rows:
        if run not in ago.get(name, {}):
            continue
        is_a_change = held_against == HeldAgainst.ITSELF_EARLIER
        key = change_key(name, field, expected, actual) if is_a_change else (rule, fingerprint)
        is_there = actual is not None if is_a_change else state == "new"
        known = found.get(
            key, Changing(name, rule, field, _shown(expected if actual is None else actual), (), is_there)
        )
        found[key] = known._replace(ago=(*known.ago, ago[name][run]))
    return found


def _shown(text: str | None) -> str | None:
    """Redact a text anew, for anybody may have written it into the file."""
    return None if text is None else Redactor().loaded(text)


def _telling(looks: list[_Look]) -> list[_Look]:
    return [look for look in looks if not look.is_whole][:WINDOW]
