"""Keeping a run: one transaction, in which it is there whole or not at all.

Each text is packed once, by its hash, however many runs refer to it, and a fact is written in the run in which it
changed: a list of models that stands for a year is there once.
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC
from typing import TYPE_CHECKING

from pydantic_core import to_json

from envcheck.history.file import transaction
from envcheck.model import Outcome

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence
    from envcheck.history.file import History


def keep(
    history: History, comparison: Comparison, evidences: Sequence[Evidence], *, check: Callable[[str], None]
) -> None:
    """Keep a run; one that is there already is left as it is, and what is made up is never kept.

    Args:
        history: where.
        comparison: what the run came to.
        evidences: what it was made of.
        check: the tripwire, which every text passes before any is written.

    Raises:
        LeakError: the tripwire found a known secret; nothing is kept.
        sqlite3.Error: SQLite's; nothing is kept.

    """
    if comparison.made_up or any(evidence.made_up for evidence in evidences):
        return
    whole = comparison.model_dump_json()
    records = [evidence.model_dump_json() for evidence in evidences]
    for text in (whole, *records):
        check(text)
    connection = history.connection
    run_id = comparison.run_id or hashlib.sha256(whole.encode()).hexdigest()[:16]
    with transaction(connection):
        if connection.execute("SELECT 1 FROM runs WHERE run_id = ?", (run_id,)).fetchone():
            return
        run = connection.execute(
            "INSERT INTO runs (run_id, at, verdict, comparison) VALUES (?, ?, ?, ?) RETURNING run",
            (
                run_id,
                comparison.generated_at.astimezone(UTC).isoformat(),
                comparison.summary.verdict.value,
                _text(connection, whole),
            ),
        ).fetchone()[0]
        for evidence, record in zip(evidences, records, strict=True):
            connection.execute(
                "INSERT INTO records (run, environment, evidence) VALUES (?, ?, ?)",
                (run, evidence.environment, _text(connection, record)),
            )
            for each in evidence.checks:
                _keep_check(connection, run, evidence.environment, each)
        connection.executemany(
            "INSERT OR IGNORE INTO findings (run, fingerprint, environment, rule, state) VALUES (?, ?, ?, ?, ?)",
            [(run, each.fingerprint, each.environment, each.rule, each.state.value) for each in comparison.findings],
        )


def _keep_check(connection: sqlite3.Connection, run: int, environment: str, check: Check) -> None:
    connection.execute(
        "INSERT INTO checks (run, environment, probe, outcome, failure) VALUES (?, ?, ?, ?, ?)",
        (run, environment, check.probe, check.outcome.value, check.failure_class),
    )
    if check.outcome is not Outcome.PASS:
        return  # what a failing probe said before it failed is held against nothing
    for name, value in check.facts.model_dump(mode="json").items():
        _keep_fact(connection, run, environment, f"{check.probe}.{name}", to_json(value).decode())
    if check.latency.total_ms is not None:
        connection.execute(
            "INSERT INTO latencies (environment, field, run, median_ms, samples) VALUES (?, ?, ?, ?, ?)",
            (environment, f"{check.probe}.latency", run, check.latency.total_ms, check.latency.samples),
        )


def _keep_fact(connection: sqlite3.Connection, run: int, environment: str, field: str, value: str) -> None:
    known = connection.execute(
        "SELECT value FROM facts WHERE environment = ? AND field = ? ORDER BY run DESC LIMIT 1", (environment, field)
    ).fetchone()
    digest = _text(connection, value)
    if known is None or known[0] != digest:
        connection.execute(
            "INSERT INTO facts (environment, field, run, value) VALUES (?, ?, ?, ?)", (environment, field, run, digest)
        )


def _text(connection: sqlite3.Connection, text: str) -> bytes:
    """Store a text once, however often it is referred to, and give its hash."""
    data = text.encode()
    digest = hashlib.sha256(data).digest()[:16]
    if connection.execute("SELECT 1 FROM texts WHERE hash = ?", (digest,)).fetchone() is None:
        connection.execute("INSERT INTO texts (hash, packed) VALUES (?, ?)", (digest, zlib.compress(data)))
    return digest
