"""Server-sent events out of a whole body, each with where it ended, so that it can be said when it came.

The rules are those of https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6. Reconnecting is
no concern here: a last event id and a retry time are passed over like any other field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LINES: Final = 400_000
"""Ends of lines in a body that is worth reading: twice what a stream of 100,000 events has, read within a second."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_END_OF_LINE: Final = re.compile(rb"\r\n|\n|\r")


class Event(NamedTuple):
    """One event that was dispatched."""

    kind: str
    """`message` where the stream does not say."""
    data: str
    ends_at: int
    """The number of bytes of the body at which it was complete."""


class TooManyLinesError(ValueError):
    """A body has more lines than are worth reading."""


def events_of(body: bytes) -> Iterator[Event]:
    """Yield the events of a stream; one that is not finished by a blank line is dropped.

    Raises:
        TooManyLinesError: there are more than `MOST_LINES`.

    """
    if body.count(b"\n") + body.count(b"\r") > MOST_LINES:
        raise TooManyLinesError
    kind, data = b"", list[bytes]()
    begins = len(_BYTE_ORDER_MARK) if body.startswith(_BYTE_ORDER_MARK) else 0
    # What is behind the last end of a line is no line: without a blank line after it, no event is made of it.
    for end in _END_OF_LINE.finditer(body, begins):
        line = body[begins : end.start()]
        begins = end.end()
        if not line:
            if data:
                # Complete with the first byte that ends the blank line: a second one, of CR and LF, adds nothing.
                yield Event(_text(kind) or "message", _text(b"\n".join(data)), end.start() + 1)
            kind, data = b"", []
            continue
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data.append(value)
        elif name == b"event":
            kind = value


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
