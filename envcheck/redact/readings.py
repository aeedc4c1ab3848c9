"""The ways in which one text can be read: as it stands, backwards, and decoded from what it may be encoded in.

Looking for a secret in every reading of a text finds what looking for every spelling of a secret misses: half a key in
base64, hex broken over lines, base64 with spaces in it. A reading keeps where each of its characters came from.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import skeleton_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROT13: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
_TAG: Final = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_HEX_RUN: Final = re.compile(r"[0-9a-f]{8,}")
_NUMBERS: Final = re.compile(r"[0-9]{2,8}(?:[^0-9A-Za-z]{1,4}[0-9]{2,8}){3,}")
_NUMBER: Final = re.compile(r"[0-9]+")
_PRINTABLE: Final = range(0x20, 0x7F)
# Hyphen and underscore are letters of URL-safe base64, but may just as well be where a splitter cut.
_BASE64_ALPHABETS: Final[tuple[tuple[dict[str, str], frozenset[str]], ...]] = (
    ({"-": "+", "_": "/"}, frozenset("+/")),
    ({}, frozenset("+/")),
    ({}, frozenset()),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Lower-case letters and digits, each with where in the text it came from."""

    skeleton: str
    starts: Sequence[int]
    ends: Sequence[int]
    decoded: bool = False
    """Made of other characters than it shows: chance letters among them are not the text's own."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the part of the text that a part of the skeleton came from."""
        first, last = min(self.starts[start], self.starts[end - 1]), max(self.ends[start], self.ends[end - 1])
        return first, last


def plain_readings(text: str) -> Iterator[Reading]:
    """Read the text's own characters: forwards, without its tags, backwards, and rotated by thirteen."""
    forwards = skeleton(text)
    yield forwards
    yield Reading(forwards.skeleton[::-1], forwards.starts[::-1], forwards.ends[::-1])
    if any("a" <= character <= "z" for character in forwards.skeleton):
        yield Reading(forwards.skeleton.translate(_ROT13), forwards.starts, forwards.ends)
    if _TAG.search(text):
        yield skeleton(_TAG.sub(lambda tag: " " * len(tag[0]), text))


def decoded_readings(text: str) -> Iterator[Reading]:
    """Read the text as base64, base32, hex and character numbers, whatever stands between their characters."""
    yield from _base64(text)
    yield from _base32(text)
    yield from _hexadecimal(text)
    yield from _character_numbers(text)


def skeleton(text: str) -> Reading:
    """Fold a text to lower-case letters and digits."""
    letters: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(text):
        folded = skeleton_of(character)
        if folded:
            letters.append(folded)
            starts.extend([position] * len(folded))
    return Reading("".join(letters), starts, [start + 1 for start in starts])


def bare(text: str) -> str:
    """Fold a text to lower-case letters and digits, where nobody asks where they came from."""
    return "".join(map(skeleton_of, text))


def _base64(text: str) -> Iterator[Reading]:
    for translation, extra in _BASE64_ALPHABETS:
        stream: list[str] = []
        origins: list[int] = []
        for position, written in enumerate(text):
            character = translation.get(written, written)
            if character in extra or (character.isascii() and character.isalnum()):
                stream.append(character)
                origins.append(position)
        letters = "".join(stream)
        for offset in range(4):
            yield _bits(letters, origins, offset, _from_base64, (4, 3))


def _base32(text: str) -> Iterator[Reading]:
    origins = [i for i, c in enumerate(text) if c.isascii() and c.isalnum() and c not in "0189"]
    letters = "".join(text[i] for i in origins).upper()
    for offset in range(8):
        yield _bits(letters, origins, offset, base64.b32decode, (8, 5))


def _from_base64(letters: str) -> bytes:
    return binascii.a2b_base64(letters)


def _bits(
    letters: str, origins: list[int], offset: int, decode: Callable[[str], bytes], sizes: tuple[int, int]
) -> Reading:
    """Decode from an offset on; `sizes` is how many letters make how many bytes."""
    group, width = sizes
    # Filled up to a whole group, so that the last bytes are read too; the filling decodes to zeros.
    body = letters[offset:]
    body += "A" * (-len(body) % group)
    data = decode(body)
    found: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = len(origins) - 1
    for index, byte in enumerate(data):
        folded = _ASCII[byte]
        if folded:
            found.append(folded)
            starts.append(origins[min(offset + index * group // width, last)])
            ends.append(origins[min(offset + ((index + 1) * group - 1) // width, last)] + 1)
    return Reading("".join(found), starts, ends, decoded=True)


_ASCII: Final = tuple(chr(byte).lower() if byte < 0x80 and chr(byte).isalnum() else "" for byte in range(256))  # noqa: PLR2004 - ASCII


def _hexadecimal(text: str) -> Iterator[Reading]:
    forwards = skeleton(text)
    # The `0x` before each byte of a dump is no digit of it.
    kept = [i for i in range(len(forwards.skeleton)) if not _is_prefix(forwards.skeleton, i)]
    letters = "".join(forwards.skeleton[i] for i in kept)
    origins = [forwards.starts[i] for i in kept]
    for run in _HEX_RUN.finditer(letters):
        for offset in range(2):
            start = run.start() + offset
            digits = letters[start : run.end() - (run.end() - start) % 2]
            yield _of_codes(
                [
                    (int(digits[i : i + 2], 16), origins[start + i], origins[start + i + 1] + 1)
                    for i in range(0, len(digits), 2)
                ]
            )


def _is_prefix(letters: str, i: int) -> bool:
    return letters[i : i + 2] == "0x" or letters[i - 1 : i + 1] == "0x"


def _character_numbers(text: str) -> Iterator[Reading]:
    for run in _NUMBERS.finditer(text):
        numbers = [
            (found[0], run.start() + found.start(), run.start() + found.end()) for found in _NUMBER.finditer(run[0])
        ]
        for base in (2, 8, 10):
            codes = [(_code(digits, base), start, end) for digits, start, end in numbers]
            if sum(code in _PRINTABLE for code, _, _ in codes) > len(codes) // 2:
                yield _of_codes(codes)


def _code(digits: str, base: int) -> int:
    try:
        return int(digits, base)
    except ValueError:
        return 0


def _of_codes(codes: list[tuple[int, int, int]]) -> Reading:
    kept = [(folded, start, end) for code, start, end in codes if code < len(_ASCII) and (folded := _ASCII[code])]
    return Reading(
        "".join(folded for folded, _, _ in kept),
        [start for _, start, _ in kept],
        [end for _, _, end in kept],
        decoded=True,
    )
