"""Rows of a history, believed only where they are what envcheck writes: anybody may have edited the file."""

from __future__ import annotations

import sqlite3
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

from pydantic import AfterValidator, ValidationError

from envcheck.record import EnvironmentName, FailureNameField, WordOfOurs
from envcheck.redact import PROVIDER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import TypeAdapter

    from envcheck.history.file import History

_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a text past which it is not unpacked: the largest honest one is far smaller."""

_Rows = TypeVar("_Rows")


@lru_cache(maxsize=4096)
def _no_key(name: str) -> str:
    """Refuse what no run writes, for the configuration file refuses it as a name, and nothing would take it out."""
    if PROVIDER_KEY.search(name):
        raise ValueError("looks like a key")
    return name


Name = Annotated[EnvironmentName, AfterValidator(_no_key)]
Word = Annotated[WordOfOurs, AfterValidator(_no_key)]
Failure = Annotated[FailureNameField, AfterValidator(_no_key)]
"""What may stand in a row: an environment's name, a word of ours, a failure's class."""


def rows_of(history: History, kind: TypeAdapter[_Rows], query: str, *given: str) -> _Rows:
    """Ask for rows, and hold them against what they should be.

    Raises:
        sqlite3.Error: SQLite's, or that they are not.

    """
    found: Iterable[object] = history.connection.execute(query, given).fetchall()
    try:
        return kind.validate_python(found)
    except ValidationError:
        raise sqlite3.DatabaseError("a row is not what was written") from None


def unpacked(packed: bytes) -> bytes:
    """Give a text, as far as the limit.

    Raises:
        sqlite3.DatabaseError: it is not what was packed.

    """
    try:
        return zlib.decompressobj().decompress(packed, _LIMIT)
    except zlib.error:
        raise sqlite3.DatabaseError("a text is not what was written") from None
