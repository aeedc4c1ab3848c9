"""Facts, each written in the run in which it changed: a list of models that stands for a year is there once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pydantic_core import to_json

from envcheck.judge.sketch import Sketch
from envcheck.judge.tally import Tally
from envcheck.judge.transport import FIELDS as OF_TRANSPORT
from envcheck.model import Outcome
from envcheck.probes import PROBES
from envcheck.transport import TRANSPORT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from envcheck.evidence import Check, Evidence

_Place: TypeAlias = tuple[str, str]
"""An environment, and a fact with its probe."""


def facts_of(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """Give probe, fact and value, in JSON, of all that is compared and can be told to be the same from night to night.

    What a failing probe said before it failed is held against nothing, and what varied within the one run is no fact.
    """
    transport = evidence.check(TRANSPORT)
    for check in (*evidence.checks, *([] if transport is None else [transport])):
        if check.outcome is Outcome.PASS:
            values = check.facts.model_dump(mode="json", include=_steady(check) - check.varying.keys())
            yield from ((check.probe, name, to_json(value).decode()) for name, value in values.items())


def _steady(check: Check) -> set[str]:
    """Name what is compared but for answers that are counted and vectors, which are a little different every time."""
    if check.probe == TRANSPORT:
        return {field.name for field in OF_TRANSPORT}
    fields = PROBES[check.probe].fields if check.probe in PROBES else ()
    return {field.name for field in fields if not isinstance(field, Tally | Sketch)}


def keep_facts(connection: sqlite3.Connection, run: int, evidence: Evidence, stored: Callable[[str], bytes]) -> None:
    """Write what is another value than in the run before; `stored` keeps a text and gives its hash.

    A run that is kept after later ones, as when old reports are imported, changes nothing of what these say.
    """
    following = {probe: _next_run(connection, evidence.environment, probe, run) for probe in _probes(evidence)}
    for probe, name, value in facts_of(evidence):
        place, later = (evidence.environment, f"{probe}.{name}"), following[probe]
        known_later = None if later is None else _value(connection, place, later)
        _settle(connection, place, run, stored(value))
        if later is not None and known_later is not None:
            _settle(connection, place, later, known_later)


def _probes(evidence: Evidence) -> list[str]:
    return [*(check.probe for check in evidence.checks), TRANSPORT]


def _next_run(connection: sqlite3.Connection, environment: str, probe: str, run: int) -> int | None:
    """Give the next run there is in which the probe passed; what an environment was reached over is known by any."""
    found: int | None = connection.execute(
        "SELECT min(run) FROM checks WHERE environment = ? AND (probe = ? OR ?) AND run > ? AND outcome = 'pass'",
        (environment, probe, probe == TRANSPORT, run),
    ).fetchone()[0]
    return found


def _settle(connection: sqlite3.Connection, place: _Place, run: int, value: bytes) -> None:
    """Let a fact have this value from a run on: with a row where it changes there, and none where it does not."""
    if value == _value(connection, place, run - 1):
        connection.execute("DELETE FROM facts WHERE environment = ? AND field = ? AND run = ?", (*place, run))
    else:
        connection.execute(
            "INSERT OR REPLACE INTO facts (environment, field, run, value) VALUES (?, ?, ?, ?)", (*place, run, value)
        )


def _value(connection: sqlite3.Connection, place: _Place, run: int) -> bytes | None:
    """Give the value that a fact has in a run."""
    found = connection.execute(
        "SELECT value FROM facts WHERE environment = ? AND field = ? AND run <= ? ORDER BY run DESC LIMIT 1",
        (*place, run),
    ).fetchone()
    return None if found is None else found[0]
