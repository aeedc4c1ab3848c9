"""A bound on how many members a JSON text has, held before it is parsed: a byte of it may become a hundred of memory.

A parser holds the interpreter until it is done, and so every other environment's deadline, by members more than by
bytes: 8 MiB are one long string, parsed within a millisecond, or four million lists, which take seconds.
"""

from __future__ import annotations

from typing import Final

MOST_MEMBERS: Final = 400_000
"""Twice what a list of 20,000 models with ten members each has; parsed in a tenth of a second or two."""

_OPENING_OR_PARTING: Final = (b",", b"[", b"{")
"""No more values stand in a JSON text than there are of these, and one. In a string they are counted along: no honest
text has so many."""


class TooManyMembersError(ValueError):
    """A JSON text holds more members than are worth parsing."""


def bounded(text: bytes, most: int = MOST_MEMBERS) -> bytes:
    """Return the text as it is.

    Raises:
        TooManyMembersError: it may hold more than `most` members.

    """
    if sum(map(text.count, _OPENING_OR_PARTING)) > most:
        raise TooManyMembersError
    return text
