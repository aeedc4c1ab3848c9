"""Opening the file: made private, led up to this version's tables, and never written where it is not ours."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from envcheck.errors import ConfigError, ReportError
from envcheck.history.schema import APPLICATION_ID, STEPS, VERSION
from envcheck.paths import Found, found_at, kind_of, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_S: Final = 5.0
"""How long another run's transaction is waited for, in seconds: one takes a small part of a second."""
_REMEDY: Final = "name another file with --history"


@dataclass(frozen=True, slots=True)
class History:
    """An open history; `connection` has no transaction under way."""

    connection: sqlite3.Connection


@contextmanager
def opened(path: Path, *, busy_s: float = BUSY_S) -> Iterator[History]:
    """Open a history, making it where there is none; whatever SQLite says inside is one sentence as well.

    Raises:
        ReportError: it is no history, damaged, locked, of a newer release, or cannot be read or written. It is as it
            was, but for whole transactions before.

    """
    try:
        _make_private(path)
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: the history cannot be opened ({reason_of(error)}); {_REMEDY}") from None
    with _session(path, busy_s) as history:
        yield history


@contextmanager
def opened_to_read(path: Path, *, busy_s: float = BUSY_S) -> Iterator[History]:
    """Open a history that is there, from which nothing but reading is asked; none is made where there is none.

    Raises:
        ConfigError: there is none.
        ReportError: as for `opened`.

    """
    _require(path)
    with _session(path, busy_s) as history:
        history.connection.execute("PRAGMA query_only = ON")
        yield history


@contextmanager
def _session(path: Path, busy_s: float) -> Iterator[History]:
    """Connect, and say in one sentence what SQLite raises until the end."""
    # `rw` makes no file, and reads one that may not be written: https://www.sqlite.org/uri.html
    address = f"file:{'//' if path.is_absolute() else ''}{quote(os.fsencode(path))}?mode=rw"
    try:
        with closing(sqlite3.connect(address, timeout=busy_s, isolation_level=None, uri=True)) as connection:
            _lead_up(connection, path)
            yield History(connection)
    except sqlite3.Error as error:
        raise ReportError(f"{path}: {_what(error)}; {_REMEDY}") from None


def _require(path: Path) -> None:
    """Refuse to look into what is not there; what is no file would keep SQLite waiting."""
    kind = found_at(path, option="--history")
    if kind is Found.NOTHING or (kind is Found.FILE and path.stat().st_size == 0):
        raise ConfigError(f"{path}: there is no history yet; `envcheck run --history {path}` keeps one")
    if kind is not Found.FILE:
        raise ReportError(f"{path}: is {kind.value} and no history; {_REMEDY}")


def _make_private(path: Path) -> None:
    """Make the file for its owner alone; SQLite gives its companions the same mode."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        kind = kind_of(os.fstat(descriptor).st_mode)
    finally:
        os.close(descriptor)
    if kind is not Found.FILE:
        raise ReportError(f"{path}: is {kind.value} and no history; {_REMEDY}")


def _lead_up(connection: sqlite3.Connection, path: Path) -> None:
    """Take an older file through the steps it lacks, all of them or none."""
    version = _number(connection, "user_version")
    if _number(connection, "application_id") != APPLICATION_ID and not _is_empty(connection):
        raise ReportError(f"{path}: is another program's database and no history; {_REMEDY}")
    if version > VERSION:
        raise ReportError(
            f"{path}: was written by a newer envcheck, which this one cannot read; update it, or {_REMEDY}"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if version == VERSION:
        return
    with transaction(connection):
        # Asked again, for another run may have done it while this one waited.
        for step in STEPS[_number(connection, "user_version") :]:
            for statement in filter(str.strip, step.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or none, alone among those who write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it by itself
            connection.execute("ROLLBACK")
        raise


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _what(error: sqlite3.Error) -> str:
    """Say what is wrong with it, in words of ours: SQLite's own may quote what is in the file."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return {
        sqlite3.SQLITE_BUSY: "the history is locked by another process",
        sqlite3.SQLITE_NOTADB: "is no history: another kind of file, or damaged",
        sqlite3.SQLITE_READONLY: "the history is read-only",
        sqlite3.SQLITE_CANTOPEN: "the history cannot be opened",
        sqlite3.SQLITE_FULL: "the history cannot be written, for the disk is full",
        sqlite3.SQLITE_IOERR: "the history cannot be written, for the disk is full or faulty",
    }.get(code, "the history is damaged")
