"""Taking runs out again, as the records that they were made of; every text in them is redacted anew."""

from __future__ import annotations

import sqlite3
import zlib
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel, ValidationError

from envcheck.comparison import Comparison
from envcheck.evidence import Evidence
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from envcheck.history.file import History

_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a record past which it is not unpacked: the largest honest one is far smaller."""

_Kept = TypeVar("_Kept", bound=BaseModel)


def last_comparison(history: History) -> Comparison | None:
    """Give the comparison of the last run that finished; None where there is none yet.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    found = history.connection.execute(
        "SELECT packed FROM runs JOIN texts ON hash = comparison ORDER BY run DESC LIMIT 1"
    ).fetchone()
    return None if found is None else _unpacked(found[0], Comparison)


def last_evidence(history: History, environment: str) -> Evidence | None:
    """Give the record of an environment as it was when it last answered all it was asked; None where it never did.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    found = history.connection.execute(
        "SELECT packed FROM records AS r JOIN texts ON hash = evidence WHERE r.environment = ?"
        " AND NOT EXISTS (SELECT 1 FROM checks AS c"
        " WHERE c.environment = r.environment AND c.run = r.run AND c.outcome <> 'pass')"
        " ORDER BY run DESC LIMIT 1",
        (environment,),
    ).fetchone()
    return None if found is None else _unpacked(found[0], Evidence)


def _unpacked(packed: bytes, kind: type[_Kept]) -> _Kept:
    try:
        text = zlib.decompressobj().decompress(packed, _LIMIT)
        return kind.model_validate_json(text, context=Redactor(), extra="ignore")
    except (zlib.error, ValidationError):
        raise sqlite3.DatabaseError("a record is not what was written") from None
