"""Outages over several runs: which environments are down, since when, and which answer again.

An environment is down where no probe passes in it. One that says what it does without answers, and so does one that
serves what it should have refused; where the key's variable is unset nothing was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import Note, Notice, OutcomeValue, Why
from envcheck.judge.outcome import FIELD as OUTCOME
from envcheck.model import NO_OUTAGE, Outcome
from envcheck.record import FailureName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check
    from envcheck.judge.columns import Column


_NO_OUTAGE: Final = frozenset(map(FailureName, NO_OUTAGE))


class _Outage(NamedTuple):
    """How long it lasted, up to a run."""

    since: date
    runs: int


def outages(columns: Sequence[Column], earlier: Comparison, today: date) -> Iterator[Notice]:
    """Tell of each environment that is down, from the first run on, and of each that was and answers again."""
    for column in columns:
        if column.evidence is None:
            continue
        before = _outage_in(earlier, column.name)
        if is_down(column.evidence.checks):
            since, runs = (today, 0) if before is None else before
            yield _notice(column.name, Why.DOWN, _Outage(since, runs + 1))
        elif before is not None and any(check.outcome is Outcome.PASS for check in column.evidence.checks):
            yield _notice(column.name, Why.ANSWERS_AGAIN, before)


def _notice(environment: str, why: Why, outage: _Outage) -> Notice:
    return Notice(environment=environment, note=Note(why=why, day=outage.since, number=outage.runs))


def _outage_in(earlier: Comparison, name: str) -> _Outage | None:
    """Give how long an environment had been down; None where it was not."""
    for notice in earlier.notices:
        note = notice.note
        if notice.environment == name and note is not None and note.why is Why.DOWN and note.day is not None:
            return _Outage(note.day, note.number or 1)
    outcomes = [
        cell.value
        for row in earlier.rows
        for cell in (row.cells.get(name) if row.field == OUTCOME else None,)
        if cell is not None and isinstance(cell.value, OutcomeValue)
    ]
    # One that was held against none before it, or is of an older release, has no such notice.
    return _Outage(earlier.generated_at.date(), 1) if is_down(outcomes) else None


def is_down(outcomes: Collection[Check | OutcomeValue]) -> bool:
    """Tell whether an environment whose probes ended so is down."""
    has_failed = any(each.outcome is Outcome.FAIL for each in outcomes)
    return has_failed and all(
        each.outcome in {Outcome.FAIL, Outcome.SKIPPED} and each.failure_class not in _NO_OUTAGE for each in outcomes
    )
