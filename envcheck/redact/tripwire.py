"""Layer 6: the spellings of every known secret, searched for in what is about to be written.

It shares no code with the layers before it but the folding of a skeleton: where they read a text in many ways, this
one spells a secret in many ways, so that a mistake in one is not a mistake in both.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEPT: Final = b"0123456789abcdefghijklmnopqrstuvwxyz"
_LOWER: Final = bytes(range(256)).lower()
_DROPPED: Final = bytes(byte for byte in range(256) if bytes([byte]).lower() not in [bytes([kept]) for kept in _KEPT])

_NO_LETTER: Final = re.compile(r"[\W_]+")

_SPREAD: Final = 4
"""How many characters a finished artifact may hold for each one of a spelling, and still be held to spell it.

Whoever wants to can list twenty models of which each has one letter of the key: that is a code of a server's own, which
nobody can promise to see, and it must not cost the other environments their reports.
"""
SHORTEST: Final = 7
_LONG: Final = 15
# Every run of 15 characters holds a whole block of 8 that begins at a multiple of 8, and 7 hold one of 4.
_BLOCKS: Final = ((8, re.compile(rb".{8}", re.DOTALL)), (4, re.compile(rb".{4}", re.DOTALL)))
STRETCH: Final = 64 * 1024
"""Characters cut into blocks at once, a multiple of every block: all blocks of a long text would fill the memory."""


def folded(text: str) -> bytes:
    """Fold a text to lower-case ASCII letters and digits; fast, for artifacts of megabytes."""
    return text.encode("utf-8", "replace").translate(_LOWER, _DROPPED)


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())


@dataclass(slots=True)
class Spellings:
    """Every spelling of some secrets, indexed by the blocks at the front of each."""

    blocks: dict[int, dict[bytes, list[bytes]]] = field(default_factory=lambda: {size: {} for size, _ in _BLOCKS})
    words: set[str] = field(default_factory=set)
    """Secrets that are not all ASCII, as letters and digits of any script."""
    _indexed: set[bytes] = field(default_factory=set)

    def add(self, secret: str, parts: Iterable[str] = ()) -> None:
        """Learn every spelling of a secret, and of `parts` of it."""
        if not secret.isascii():
            letters = _letters(secret)
            self.words |= {letters, letters[::-1]} if len(letters) >= SHORTEST else set()
        for value in dict.fromkeys((secret, *parts)):
            for spelling in spellings(value):
                self._index(spelling)

    def _index(self, spelling: bytes) -> None:
        if len(spelling) < SHORTEST or spelling in self._indexed:
            return
        self._indexed.add(spelling)
        size, reach = (8, _LONG) if len(spelling) >= _LONG else (4, SHORTEST)
        index = self.blocks[size]
        for block in {spelling[start : start + size] for start in range(reach - size + 1)}:
            index.setdefault(block, []).append(spelling)

    def found_in(self, text: str) -> bool:
        """Whether the text holds any spelling whole, whatever stands between its characters."""
        return self._holds_a_word(text) or bool(self.positions(folded(text)))

    def found_close_in(self, text: str) -> bool:
        """Whether the text holds any spelling whole, and close together: see `_SPREAD`."""
        if self._holds_a_word(text):
            return True
        found = self.positions(folded(text))
        if not found:
            return False
        kept = [place for place, character in enumerate(text) if character.isascii() and character.isalnum()]
        return any(kept[end - 1] - kept[start] < _SPREAD * (end - start) for start, end in found)

    def _holds_a_word(self, text: str) -> bool:
        letters = _letters(text) if self.words else ""
        return any(word in letters for word in self.words)

    def positions(self, skeleton: bytes) -> list[tuple[int, int]]:
        """Find where in a folded text the spellings stand."""
        found: list[tuple[int, int]] = []
        for size, pattern in _BLOCKS:
            index = self.blocks[size]
            if not index:
                continue
            stretches = range(0, len(skeleton), STRETCH)
            seen = {
                block for at in stretches for block in index.keys() & set(pattern.findall(skeleton, at, at + STRETCH))
            }
            for spelling in {spelling for block in seen for spelling in index[block]}:
                start = skeleton.find(spelling)
                while start >= 0:
                    found.append((start, start + len(spelling)))
                    start = skeleton.find(spelling, start + 1)
        return found


def readable_spellings(value: str) -> Iterator[str]:
    """Spell a value in those encodings whose pieces can be put together again, as folded text."""
    raw = value.encode("utf-8", "replace")
    for spelling in (value[::-1], codecs.encode(value, "rot13"), raw.hex(), base64.b32encode(raw).decode().rstrip("=")):
        yield folded(spelling).decode()
    yield from (spelling.decode() for spelling in _base64_at_every_offset(raw))


def _base64_at_every_offset(raw: bytes) -> Iterator[bytes]:
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        # Cut off what depends on the neighbours: the letters that hold bits of the filling, at either end.
        yield folded(encoded[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6].decode())


def spellings(value: str) -> Iterator[bytes]:
    """Spell a value in every common encoding, as folded text."""
    raw = value.encode("utf-8", "replace")
    plain = (
        value,
        value[::-1],
        json.dumps(value),
        repr(value),
        html.escape(value),
        quote(value, safe=""),
        quote_plus(quote(value, safe="")),
        raw.hex(),
        raw.hex()[::-1],
        "".join(f"u{ord(character):04x}" for character in value),
        "".join(f"x{byte:02x}" for byte in raw),
        "".join(f"0x{byte:02x}" for byte in raw),
        "".join(str(byte) for byte in raw),
        hashlib.sha256(raw).hexdigest(),
        hashlib.sha512(raw).hexdigest(),
        hashlib.sha1(raw, usedforsecurity=False).hexdigest(),
        hashlib.md5(raw, usedforsecurity=False).hexdigest(),
        codecs.encode(value, "rot13"),
        base64.b32encode(raw).decode().rstrip("="),
        # One encoding inside another, which no reading undoes.
        base64.b64encode(base64.b64encode(raw).rstrip(b"=")).decode().rstrip("=")[:-1],
        base64.b64encode(raw.hex().encode()).decode().rstrip("=")[:-1],
        base64.b64encode(raw).rstrip(b"=").hex(),
    )
    yield from map(folded, plain)
    for encoded in _base64_at_every_offset(raw):
        yield encoded
        yield encoded[::-1]
