"""The two facts of a certificate that a record keeps, read from its DER: when it expires, and who signed it.

`ssl` tells them of certificates that it verified, and of others nothing but these bytes. A library that reads X.509
takes 0.16 s to import, in which every exchange of a run would be noticed late; these are a few elements of X.690.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_VERSION: Final = 0xA0
_OBJECT_IDENTIFIER: Final = 0x06
_ORGANISATION: Final = bytes([0x55, 0x04, 0x0A])
"""2.5.4.10, X.520."""
_UTC_TIME: Final = 0x17
_GENERALIZED_TIME: Final = 0x18
_CENTURY_TURNS: Final = 50
"""From this year of two digits on it is the last century: RFC 5280, 4.1.2.5.1."""
_ENCODINGS: Final = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
_LONG_FORM: Final = 0x80
_MOST_LENGTH_BYTES: Final = 4


class Signed(NamedTuple):
    """What is known of a certificate; None for what it does not say, or says in a way that nobody does."""

    expires: date | None = None
    organisation: str | None = None
    """Of whoever signed it, as it was written."""


class _Element(NamedTuple):
    tag: int
    content: bytes


def signed(der: bytes) -> Signed:
    """Read a certificate; what is no certificate says nothing."""
    try:
        [whole] = _elements(der)
        to_be_signed = next(_inside(whole, _SEQUENCE))
        members = [each for each in _inside(to_be_signed, _SEQUENCE) if each.tag != _VERSION]
        _serial, _algorithm, issuer, validity = members[:4]
        _begins, ends = _inside(validity, _SEQUENCE)
        return Signed(_day(ends), _organisation(issuer))
    except (ValueError, StopIteration):  # UnicodeDecodeError is one too
        return Signed()


def _organisation(issuer: _Element) -> str | None:
    for names in _inside(issuer, _SEQUENCE):
        for name in _inside(names, _SET):
            kind, value = _inside(name, _SEQUENCE)
            if kind == _Element(_OBJECT_IDENTIFIER, _ORGANISATION) and value.tag in _ENCODINGS:
                return value.content.decode(_ENCODINGS[value.tag])
    return None


def _day(time: _Element) -> date:
    digits = time.content.decode("ascii")
    if time.tag == _UTC_TIME:
        digits = ("19" if int(digits[:2]) >= _CENTURY_TURNS else "20") + digits
    elif time.tag != _GENERALIZED_TIME:
        raise ValueError
    return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).date()


def _inside(element: _Element, tag: int) -> Iterator[_Element]:
    if element.tag != tag:
        raise ValueError
    return _elements(element.content)


def _elements(data: bytes) -> Iterator[_Element]:
    """Yield what stands in a row, by the definite lengths of DER.

    Raises:
        ValueError: it is not DER, or ends too early.

    """
    at = 0
    while at < len(data):
        tag, length, begins = data[at], *_length(data, at + 1)
        at = begins + length
        if at > len(data):
            raise ValueError
        yield _Element(tag, data[begins:at])


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Give a length, and where what it is of begins."""
    if at >= len(data):
        raise ValueError
    first = data[at]
    if first < _LONG_FORM:
        return first, at + 1
    size = first - _LONG_FORM
    if not 1 <= size <= _MOST_LENGTH_BYTES or at + 1 + size > len(data):
        raise ValueError
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size
