"""The ways in which one text can be read: as it stands, backwards, and decoded from what it may be encoded in.

Looking for a secret in every reading of a text finds what looking for every spelling of a secret misses: half a key in
base64, hex broken over lines, base64 with blanks in it. A reading remembers where its characters came from.
"""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import skeleton_of
from envcheck.redact.vocabulary import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Span = tuple[int, int]

_ROT13: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
_TAG: Final = re.compile(r"<[^<>]{1,200}>")
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]")
_HEX_RUN: Final = re.compile(r"[0-9a-f]{8,}")
# `0x` before a byte, or what is left of `\\x`, `\\u00` and `U+00` once something stands between their characters.
_HEX_PREFIX: Final = re.compile(r"0x|[ux](?:00)?(?=[0-9a-f]{2})")
_WORD: Final = re.compile(r"[^\W_]+")
_TINY: Final = 3
_TWICE: Final = 2
_OFTEN: Final = 3
_NUMBERS: Final = re.compile(r"[0-9]{2,8}(?:[^0-9A-Za-z]{1,4}[0-9]{2,8}){3,}")
_NUMBER: Final = re.compile(r"[0-9]+")
_DIGIT_RUN: Final = re.compile(r"[0-9]{8,}")
# Printable ASCII in decimal: a code of three digits begins with 1, one of two never does, so no blanks are needed.
_ASCII_CODE: Final = re.compile(r"1[01][0-9]|12[0-6]|3[2-9]|[4-9][0-9]")
_PRINTABLE: Final = range(0x20, 0x7F)
_BYTE: Final = range(0x100)
_LOWER: Final = bytes(range(256)).lower()
# Punctuation and NUL (of UTF-16) stand between the letters of a secret; what is no text at all does not.
_DROPPED: Final = f"\0{string.punctuation}{string.whitespace}".encode()
# Zero-width, bidi and joining characters, soft hyphens, marks and variation selectors, in UTF-8.
_INVISIBLE: Final = re.compile(
    rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xaf]|\xc2\xad|\xcc[\x80-\xbf]|\xef\xbb\xbf|\xef\xb8[\x80-\x8f]"
)
# Hyphen and underscore are letters of URL-safe base64, but may just as well be where a splitter cut.
_BASE64_ALPHABETS: Final[tuple[tuple[dict[int, int], re.Pattern[str]], ...]] = (
    (str.maketrans("-_", "+/"), re.compile(r"[A-Za-z0-9+/_-]")),
    ({}, re.compile(r"[A-Za-z0-9+/]")),
    ({}, re.compile(r"[A-Za-z0-9]")),
)
_BASE32_LETTERS: Final = re.compile(r"[A-Za-z2-7]")


@dataclass(frozen=True)  # without slots, for the cached property
class Reading:
    """A text's lower-case letters and digits; in a decoded reading also every byte that is no ASCII."""

    skeleton: str
    origins: Callable[[], Sequence[Span]]
    """Gives where in the text each came from: asked for only once something is found."""

    def span(self, start: int, end: int) -> Span:
        """Give the part of the text that a part of the skeleton came from."""
        parts = self._places[start:end]
        return min(first for first, _ in parts), max(last for _, last in parts)

    @cached_property
    def _places(self) -> Sequence[Span]:
        return self.origins()


@dataclass(frozen=True, slots=True)
class Script:
    """What the secrets are written in, so that what is only put between their pieces can be told."""

    letters: frozenset[str] = frozenset()
    """Characters that are no ASCII."""
    words: frozenset[str] = frozenset()
    """Ordinary words that keys are made of."""


def plain_readings(text: str, script: Script) -> Iterator[Reading]:
    """Read the text's own characters: forwards, backwards and rotated by thirteen.

    Each also without what may have been put between the pieces of a secret: tags, letters of another script, and words.
    """
    untagged = _TAG.sub(_blank, text)
    own_script = _FOREIGN.sub(lambda found: found[0] if found[0].casefold() in script.letters else " ", text)
    for forwards in map(skeleton, dict.fromkeys((text, untagged, own_script, *_without_words(text, script.words)))):
        yield forwards
        yield Reading(forwards.skeleton[::-1], partial(_backwards, forwards))
        yield Reading(forwards.skeleton.translate(_ROT13), forwards.origins)


def decoded_readings(text: str, script: Script) -> Iterator[Reading]:
    """Read the text as base64, base32, hex and character numbers, whatever stands between their characters."""
    for variant in dict.fromkeys((text, *_without_words(text, script.words))):
        yield from _base64(variant)
        yield from _base32(variant)
        yield from _hexadecimal(variant)
        yield from _character_numbers(variant)
        yield from _run_together(variant)


def _without_words(text: str, own_words: frozenset[str]) -> Iterator[str]:
    """Blank what may stand between the pieces of a secret: a word that comes again, ordinary words, their numbers."""
    counts = Counter(_WORD.findall(text.lower()))
    repeated = {word for word, count in counts.items() if count >= (_TWICE if len(word) <= _TINY else _OFTEN)}
    ordinary = {word for word in counts if word in WORDS and word not in own_words}
    letters = {word for word in counts if len(word) == 1 and word.isalpha()}
    numbers = {word for word in counts if len(word) <= _TINY and word.isdigit()}
    for gone in (repeated, ordinary, ordinary | letters, repeated | ordinary | numbers):
        yield _WORD.sub(lambda found, gone=gone: _blank(found) if found[0].lower() in gone else found[0], text)  # type: ignore[misc]  # bound now


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _backwards(reading: Reading) -> Sequence[Span]:
    return reading.origins()[::-1]


def skeleton(text: str) -> Reading:
    """Fold a text to lower-case letters and digits."""
    folded = [skeleton_of(character) for character in text]
    return Reading(
        "".join(folded), lambda: [(position, position + 1) for position, letters in enumerate(folded) for _ in letters]
    )


def bare(text: str) -> str:
    """Fold a text to lower-case letters and digits, where nobody asks where they came from."""
    return "".join(map(skeleton_of, text))


def bare_bytes(text: str, encoding: str) -> str:
    """Fold a text to what a decoded reading of it holds."""
    return _folded(text.encode(encoding, "replace"))


def _folded(data: bytes) -> str:
    return _without_invisible(data).translate(_LOWER, _DROPPED).decode("latin-1")


def _kept(data: bytes) -> list[int]:
    return [index for index, byte in enumerate(_without_invisible(data)) if byte not in _DROPPED]


def _without_invisible(data: bytes) -> bytes:
    return _INVISIBLE.sub(lambda found: b"\0" * len(found[0]), data)


def _base64(text: str) -> Iterator[Reading]:
    seen: set[str] = set()
    for alphabet, letter in _BASE64_ALPHABETS:
        letters = "".join(letter.findall(text)).translate(alphabet)
        if letters not in seen:
            seen.add(letters)
            for offset in range(4):
                yield _in_groups(text, letter, letters, offset, _BASE64)


def _base32(text: str) -> Iterator[Reading]:
    letters = "".join(_BASE32_LETTERS.findall(text)).upper()
    for offset in range(8):
        yield _in_groups(text, _BASE32_LETTERS, letters, offset, _BASE32)


@dataclass(frozen=True, slots=True)
class _Code:
    """How many letters make how many bytes, and how."""

    decode: Callable[[str], bytes]
    letters: int
    bytes: int


_BASE64: Final = _Code(binascii.a2b_base64, 4, 3)
_BASE32: Final = _Code(base64.b32decode, 8, 5)


def _in_groups(text: str, letter: re.Pattern[str], letters: str, offset: int, code: _Code) -> Reading:
    """Decode all letters of a text from an offset on."""
    body = letters[offset:]
    # Filled up to a whole group, so that the last bytes are read too; the filling decodes to zeros.
    data = code.decode(body + "A" * (-len(body) % code.letters))

    def origins() -> list[Span]:
        places = [found.start() for found in letter.finditer(text)]
        last = len(places) - 1
        spans = []
        for index in _kept(data):
            first = offset + index * code.letters // code.bytes
            final = offset + ((index + 1) * code.letters - 1) // code.bytes
            spans.append((places[min(first, last)], places[min(final, last)] + 1))
        return spans

    return Reading(_folded(data), origins)


def _hexadecimal(text: str) -> Iterator[Reading]:
    forwards = skeleton(text)
    letters = _HEX_PREFIX.sub(lambda prefix: "_" * len(prefix[0]), forwards.skeleton)
    digits = letters.replace("_", "")
    for run in _HEX_RUN.finditer(digits):
        for start in (run.start(), run.start() + 1):
            data = bytes.fromhex(digits[start : start + (run.end() - start) // 2 * 2])
            yield Reading(_folded(data), _hex_origins(forwards, letters, start, data))


def _hex_origins(forwards: Reading, letters: str, start: int, data: bytes) -> Callable[[], list[Span]]:
    def origins() -> list[Span]:
        places = [place for place, letter in zip(forwards.origins(), letters, strict=True) if letter != "_"]
        return [(places[start + 2 * index][0], places[start + 2 * index + 1][1]) for index in _kept(data)]

    return origins


def _character_numbers(text: str) -> Iterator[Reading]:
    for run in _NUMBERS.finditer(text):
        numbers = list(_NUMBER.finditer(text, *run.span()))
        places = [number.span() for number in numbers]
        for base in (2, 8, 10):
            codes = [_code(number[0], base) for number in numbers]
            if sum(code in _PRINTABLE for code in codes) * 2 > len(codes):
                yield _of_codes(bytes(codes), places)


def _run_together(text: str) -> Iterator[Reading]:
    forwards = skeleton(text)
    for run in _DIGIT_RUN.finditer(forwards.skeleton):
        for offset in range(3):
            codes = list(_ASCII_CODE.finditer(forwards.skeleton, run.start() + offset, run.end()))
            data = bytes(int(code[0]) for code in codes)
            yield Reading(_folded(data), partial(_code_origins, forwards, codes, data))


def _code_origins(forwards: Reading, codes: list[re.Match[str]], data: bytes) -> list[Span]:
    return [forwards.span(*codes[index].span()) for index in _kept(data)]


def _of_codes(data: bytes, places: list[Span]) -> Reading:
    return Reading(_folded(data), lambda: [places[index] for index in _kept(data)])


def _code(digits: str, base: int) -> int:
    try:
        code = int(digits, base)
    except ValueError:
        return 0
    return code if code in _BYTE else 0
