"""Taking runs out again, as the records that they were made of; every text in them is redacted anew."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from envcheck.comparison import Comparison, HeldAgainst
from envcheck.evidence import Evidence, Summary
from envcheck.history.rows import unpacked
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from envcheck.comparison import Finding
    from envcheck.history.file import History

_Kept = TypeVar("_Kept", bound=BaseModel)


class Question(NamedTuple):
    """What a run asks: only findings of runs that asked the same can be held together."""

    environments: Sequence[str]
    """The baseline first."""
    is_partial: bool
    """Whether these are some of those that the file has."""
    is_tracked: bool = True
    """Whether findings are held against an earlier run."""

    @property
    def held_against(self) -> HeldAgainst:
        """What each of them is held against."""
        return HeldAgainst.BASELINE if len(self.environments) > 1 else HeldAgainst.NOTHING

    @property
    def baseline(self) -> str | None:
        """The environment that the others are held against; None for a single one."""
        return self.environments[0] if self.held_against is HeldAgainst.BASELINE else None


_OF_RUNS: Final = ("runs", "records", "checks", "latencies", "findings")
_ALLOWED: Final = timedelta(minutes=1)
"""A clock is put right by so little all the time, and runs of one second have numbers after it."""


def pass_over_later(history: History, moment: datetime) -> None:
    """Let what is read from now on be that of runs up to a moment: a later one was kept by a clock that was wrong.

    It would be the last run of every night until then, so that what comes in between would be known already.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    until = round((moment + _ALLOWED).timestamp() * 1000)
    for table in _OF_RUNS:  # a view that is temporary stands before the table of its name
        query = f"SELECT * FROM main.{table} WHERE run <= {until}"  # noqa: S608 - ours
        history.connection.execute(f"CREATE TEMP VIEW {table} AS {query}")


def last_comparison(history: History, question: Question) -> Comparison | None:
    """Give what is known of each environment from the last run that looked at it; None where there is no run yet.

    A run by day of some environments is so the last one of these, and of no others. A run that is tracked goes by those
    that were tracked too, as far as there are any: what was tried in between was told as new to nobody. Where no run
    asked the same, the last one of another kind is given, which whoever compares can tell.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    connection = history.connection
    asked = (question.held_against.value, question.baseline)
    found = connection.execute(
        "SELECT run FROM runs"
        " ORDER BY held_against = ? AND baseline IS ? DESC, is_partial, is_tracked >= ? DESC, run DESC",
        (*asked, question.is_tracked),
    ).fetchone()
    if found is None:
        return None
    base = _comparison(connection, found[0])
    if (base.held_against, base.baseline) != (question.held_against, question.baseline):
        names = question.environments if question.is_partial else base.environments
        return base.model_copy(update={"environments": tuple(name for name in base.environments if name in names)})
    names = question.environments if question.is_partial else [*base.environments, *question.environments]
    latest = {
        name: run[0]
        for name in names
        if (run := connection.execute(_LAST_RUN_OF, (name, *asked, question.is_tracked)).fetchone()) is not None
    }
    comparisons = {run: base if run == found[0] else _comparison(connection, run) for run in set(latest.values())}
    return base.model_copy(
        update={
            "environments": tuple(latest),
            "findings": tuple(_of_each(latest, {run: each.findings for run, each in comparisons.items()})),
            "carried": tuple(_of_each(latest, {run: each.carried for run, each in comparisons.items()})),
        }
    )


_LAST_RUN_OF: Final = (
    "SELECT run FROM records JOIN runs USING (run) WHERE environment = ? AND held_against = ? AND baseline IS ?"
    " ORDER BY is_tracked >= ? DESC, run DESC LIMIT 1"
)


def _of_each(latest: dict[str, int], findings: dict[int, tuple[Finding, ...]]) -> Iterator[Finding]:
    """Give the findings of each environment in its own last run."""
    for name, run in latest.items():
        yield from (finding for finding in findings[run] if finding.environment == name)


def last_evidence(history: History, question: Question) -> Mapping[str, Evidence]:
    """Give each environment's record as it was when it last answered, by its name; none of one that never did.

    Of each probe that is the last time that it passed, for an outage says nothing about what an environment is like,
    and a run by day may have left some out. Which runs are gone by is as for `last_comparison`.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    found = {name: _last_passed(history.connection, name, question) for name in question.environments}
    return {name: _put_together(history.connection, name, runs) for name, runs in found.items() if runs}


def _last_passed(connection: sqlite3.Connection, environment: str, question: Question) -> dict[str, int]:
    """Give the run in which each probe passed the last time."""
    return dict(
        connection.execute(
            "SELECT probe, coalesce(max(run) FILTER (WHERE is_tracked >= ?), max(run)) FROM checks"
            " JOIN runs USING (run) WHERE environment = ? AND outcome = 'pass' GROUP BY probe",
            (question.is_tracked, environment),
        ).fetchall()
    )


def _put_together(connection: sqlite3.Connection, environment: str, runs: Mapping[str, int]) -> Evidence:
    records = {run: _evidence(connection, environment, run) for run in set(runs.values())}
    newest = records[max(records)]
    names = dict.fromkeys([check.probe for check in newest.checks] + list(runs))
    checks = tuple(check for name in names if name in runs and (check := records[runs[name]].check(name)) is not None)
    return newest.model_copy(
        update={
            "target": newest.target.model_copy(update={"probes": tuple(check.probe for check in checks)}),
            "checks": checks,
            "summary": Summary(ok=True, failure_class=None),
        }
    )


def _comparison(connection: sqlite3.Connection, run: int) -> Comparison:
    query = "SELECT packed FROM runs JOIN texts ON hash = comparison WHERE run = ?"
    return _unpacked(connection.execute(query, (run,)).fetchone(), Comparison)


def _evidence(connection: sqlite3.Connection, environment: str, run: int) -> Evidence:
    query = "SELECT packed FROM records JOIN texts ON hash = evidence WHERE environment = ? AND run = ?"
    return _unpacked(connection.execute(query, (environment, run)).fetchone(), Evidence)


def _unpacked(found: tuple[bytes] | None, kind: type[_Kept]) -> _Kept:
    if found is None:
        raise sqlite3.DatabaseError("a record is missing")
    try:
        return kind.model_validate_json(unpacked(found[0]), context=Redactor(), extra="ignore")
    except ValidationError:
        raise sqlite3.DatabaseError("a record is not what was written") from None
