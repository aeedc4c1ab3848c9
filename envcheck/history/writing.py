"""Keeping a run: one transaction, in which it is there whole or not at all.

Each text is packed once, by its hash, however many runs refer to it, and a fact is written in the run in which it
changed.
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Standing
from envcheck.history.facts import keep_facts
from envcheck.history.file import transaction
from envcheck.history.medians import medians_of
from envcheck.model import Outcome

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from envcheck.comparison import Comparison, Finding
    from envcheck.evidence import Evidence
    from envcheck.history.file import History

CARRIED: Final = "carried"
"""The state of a finding that a run could not judge."""


def keep(
    history: History,
    comparison: Comparison,
    evidences: Sequence[Evidence],
    *,
    check: Callable[[str], None],
    is_partial: bool = False,
) -> bool:
    """Keep a run, and tell whether it was; one that is there already is left as it is, what is made up never kept.

    Args:
        history: where.
        comparison: what the run came to.
        evidences: what it was made of.
        check: the tripwire, which every text passes before any is written.
        is_partial: whether the run was told which environments of the file to probe.

    Raises:
        LeakError: the tripwire found a known secret; nothing is kept.
        sqlite3.Error: SQLite's; nothing is kept.

    """
    if comparison.made_up or any(evidence.made_up for evidence in evidences):
        return False
    whole = comparison.model_dump_json()
    records = [evidence.model_dump_json() for evidence in evidences]
    for text in (whole, *records):
        check(text)
    connection = history.connection
    run_id = comparison.run_id or hashlib.sha256(whole.encode()).hexdigest()[:16]
    with transaction(connection):
        if connection.execute("SELECT 1 FROM runs WHERE run_id = ?", (run_id,)).fetchone():
            return False
        run = _free_number(connection, comparison.generated_at)
        connection.execute(
            "INSERT INTO runs (run, run_id, at, verdict, held_against, baseline, is_partial, is_tracked, comparison)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run,
                run_id,
                comparison.generated_at.astimezone(UTC).isoformat(),
                comparison.summary.verdict.value,
                comparison.held_against.value,
                comparison.baseline,
                is_partial,
                comparison.is_tracked,
                _stored(connection, whole),
            ),
        )
        for evidence, record in zip(evidences, records, strict=True):
            _keep_record(connection, run, evidence, record, comparison)
        connection.executemany(
            "INSERT OR IGNORE INTO findings (run, rule, fingerprint, environment, field, held_against, expected,"
            " actual, state, severity, counted, first_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((run, *row) for row in _findings(comparison)),
        )
    return True


def _free_number(connection: sqlite3.Connection, at: datetime) -> int:
    """Give a run the number of its moment; runs of the same second follow each other."""
    number = round(at.timestamp() * 1000)
    while connection.execute("SELECT 1 FROM runs WHERE run = ?", (number,)).fetchone():
        number += 1
    return number


def _keep_record(
    connection: sqlite3.Connection, run: int, evidence: Evidence, record: str, comparison: Comparison
) -> None:
    name = evidence.environment
    summary = comparison.summary.by_environment.get(name)
    verdict = Standing.NOT_COMPARED if summary is None else summary.verdict
    connection.execute(
        "INSERT INTO records (run, environment, verdict, failure, evidence) VALUES (?, ?, ?, ?, ?)",
        (run, name, verdict.value, evidence.summary.failure_class, _stored(connection, record)),
    )
    keep_facts(connection, run, evidence, partial(_stored, connection))
    for check in evidence.checks:
        connection.execute(
            "INSERT INTO checks (run, environment, probe, outcome, failure) VALUES (?, ?, ?, ?, ?)",
            (run, name, check.probe, check.outcome.value, check.failure_class),
        )
        connection.executemany(
            "INSERT INTO latencies (run, environment, field, asked, median_ms, samples) VALUES (?, ?, ?, ?, ?, ?)",
            ((run, name, *median) for median in medians_of(evidence, check) if check.outcome is Outcome.PASS),
        )


def _findings(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for finding in comparison.findings:
        yield _row(finding, finding.state.value, comparison)
    for finding in comparison.carried:
        yield _row(finding, CARRIED, comparison)


def _row(finding: Finding, state: str, comparison: Comparison) -> tuple[object, ...]:
    return (
        finding.rule,
        finding.fingerprint,
        finding.environment,
        finding.field,
        (finding.held_against or comparison.held_against).value,
        None if finding.expected is None else str(finding.expected),
        None if finding.actual is None else str(finding.actual),
        state,
        finding.severity.value,
        finding.counted,
        None if finding.first_seen is None else finding.first_seen.isoformat(),
    )


def _stored(connection: sqlite3.Connection, text: str) -> bytes:
    """Store a text once, however often it is referred to, and give its hash."""
    data = text.encode()
    digest = hashlib.sha256(data).digest()[:16]
    if connection.execute("SELECT 1 FROM texts WHERE hash = ?", (digest,)).fetchone() is None:
        connection.execute("INSERT INTO texts (hash, packed) VALUES (?, ?)", (digest, zlib.compress(data)))
    return digest
