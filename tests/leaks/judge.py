"""Who reads an output the way someone looking for a secret would, and shares no code with the package.

Two ends meet: the text is read in many ways (decoded, unescaped, folded to its letters and digits), and the secret is
spelled in many ways (backwards, in base64, in hex); a run of the one in the other is a leak.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import contextlib
import hashlib
import html
import json
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN: Final = 8
"""So many neighbouring characters of a key say too much."""
SHORT: Final = 14
"""Of a shorter key, half of it does, where that is more than a syllable or two."""
WORDS: Final = 5
"""So many neighbouring words of a prompt are half of it."""

_LATIN: Final = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0432\u043a\u043c\u043d\u0442", "aeopcyxibkmht"
)
_BASE64_RUN: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_BASE32_RUN: Final = re.compile(r"[A-Za-z2-7]{13,}")
_HEX_RUN: Final = re.compile(r"(?:0x|\\x)?[0-9A-Fa-f]{2}(?:[\s:,-]{0,2}(?:0x|\\x)?[0-9A-Fa-f]{2}){6,}")
_CODES: Final = re.compile(r"[0-9]{2,8}(?:[\s,]{1,2}[0-9]{2,8}){5,}")
_MARKDOWN_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\[[0-9;]{1,6}m")
_ASCII85: Final = re.compile(r"\S{10,}")
_FILLING: Final = re.compile(r"\bthe\b|\bx\b|[^\x00-\x7f]")
_TAG: Final = re.compile(r"<[^<>]{0,80}>|/\*[^*]{0,20}\*/")


def leaks(artifact: str, secret: str, *, is_prose: bool = False) -> list[str]:
    """Say in which readings of the artifact the secret, or too much of it, can be read."""
    lines = "\n".join(dict.fromkeys(artifact.splitlines()))
    forms = _forms_of_prose(secret) if is_prose else _forms_of_key(secret)
    found = []
    for name, reading in _readings(lines):
        folded = _folded(reading)
        found += [f"{spelled} in {name}" for spelled, runs in forms if any(run in folded for run in runs)]
    return list(dict.fromkeys(found))


def _readings(text: str) -> Iterator[tuple[str, str]]:
    yield "raw", text
    yield "terminal", _ANSI.sub("", text)
    yield "what is between the words", _FILLING.sub("", text)
    unescaped = text
    for _ in range(3):
        unescaped = html.unescape(unquote(_without_backslashes(unescaped)))
    yield "unescaped", unescaped
    if "+" in text:
        yield "query", unquote_plus(text)
    strings = "\n".join(_strings(text))
    if strings:
        yield "JSON", strings
    yield "Markdown", _TAG.sub("", html.unescape(_MARKDOWN_ESCAPE.sub(r"\1", text)))
    yield "decoded", "\n".join(_decoded(f"{unescaped}\n{strings}"))


def _strings(text: str) -> Iterator[str]:
    try:
        pending = [json.loads(text)]
    except ValueError:
        return
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            pending += [*value, *value.values()]
        elif isinstance(value, list):
            pending += value


def _without_backslashes(text: str) -> str:
    text = re.sub(r"\\u\{?([0-9A-Fa-f]{2,6})\}?", lambda found: chr(int(found[1][-4:], 16)), text)
    text = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\([0-3][0-7]{2})", lambda found: chr(int(found[1], 8)), text)
    return re.sub(r"=([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)


def _decoded(text: str) -> Iterator[str]:
    for found in _BASE64_RUN.findall(text):
        letters = found.rstrip("=").translate(str.maketrans("-_", "+/"))
        for body in (letters, letters[1:], letters[2:], letters[3:], letters[::-1]):
            decoded = _from_base64(body)
            yield decoded
            yield from map(_from_base64, _BASE64_RUN.findall(decoded))
    for found in _ASCII85.findall(text):
        for decode in (base64.b85decode, base64.a85decode):
            with contextlib.suppress(ValueError):
                yield _printable(decode(found))
    for found in _BASE32_RUN.findall(text):
        for body in (found.upper(), found.upper()[1:]):
            yield _printable(base64.b32decode(body + "A" * (-len(body) % 8)))
    yield from _decoded_numbers(text)


def _decoded_numbers(text: str) -> Iterator[str]:
    for found in _HEX_RUN.findall(text):
        digits = re.sub(r"0x|\\x|[^0-9A-Fa-f]", "", found)
        yield _printable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    for found in _CODES.findall(text):
        for base in (2, 8, 10):
            yield "".join(map(chr, _codes(re.findall(r"[0-9]+", found), base)))


def _codes(numbers: list[str], base: int) -> Iterator[int]:
    for number in numbers:
        try:
            code = int(number, base)
        except ValueError:
            continue
        if code < 128:
            yield code


def _from_base64(letters: str) -> str:
    letters = letters.rstrip("=")
    try:
        return _printable(binascii.a2b_base64(letters + "A" * (-len(letters) % 4)))
    except binascii.Error:
        return ""


def _printable(data: bytes) -> str:
    return "".join(chr(byte) for byte in data if 32 <= byte < 127)


def _folded(text: str) -> str:
    """Fold to what a person makes out: small letters and digits, lookalikes as what they look like."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold().translate(_LATIN)
    return re.sub(r"[^a-z0-9]+", "", text.casefold())


@lru_cache
def _forms_of_key(secret: str) -> list[tuple[str, list[str]]]:
    plain = _folded(secret)
    size = RUN if len(plain) >= SHORT else min(len(plain), max(6, (len(plain) + 1) // 2))
    raw = secret.encode()
    digests = (hashlib.sha256(raw), hashlib.sha1(raw), hashlib.md5(raw), hashlib.sha512(raw))
    encoded = [_folded(base64.b64encode(b"\0" * i + raw).decode()[2 * (i > 0) :].rstrip("=")) for i in range(3)]
    return [
        ("plain", _runs(plain, size)),
        ("backwards", _runs(plain[::-1], size)),
        ("rot13", _runs(_folded(codecs.encode(secret, "rot13")), size)),
        ("base64", [run for each in encoded for run in _runs(each[:-2], max(10, size * 4 // 3))]),
        ("base32", _runs(_folded(base64.b32encode(raw).decode().rstrip("="))[:-1], max(10, size * 8 // 5))),
        ("hex", _runs(raw.hex(), 2 * size)),
        ("codes", _runs("".join(map(str, raw)), 3 * size)),
        ("digest", [run for each in digests for run in _runs(each.hexdigest(), 16)]),
    ]


@lru_cache
def _forms_of_prose(text: str) -> list[tuple[str, list[str]]]:
    words = [_folded(word) for word in text.split()]
    halves = ["".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)]
    return [
        ("words", halves),
        ("backwards", [half[::-1] for half in halves]),
        ("hex", _runs(text.encode().hex(), 48)),
        ("base64", _runs(_folded(base64.b64encode(text.encode()).decode()), 32)),
    ]


def _runs(text: str, size: int) -> list[str]:
    return list(dict.fromkeys(text[i : i + size] for i in range(max(1, len(text) - size + 1))))
