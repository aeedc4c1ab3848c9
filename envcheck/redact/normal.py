"""Rule 2: one plain line of text, however a server spelled it, and the letters by which texts are compared."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[int, int]
MAX_RAW: Final = 16 * 1024  # characters that are looked at, before and after any unescaping
MARK: Final = "\ue000"  # stands for what was taken out while the rules work; a private character, which no input keeps
MARKER: Final = "[redacted]"

_ANSI: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,9}[@-~]|\x1b\][^\x07\x1b]{0,4000}(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]"
    r"|\[[0-9]{1,3}(?:;[0-9]{1,3}){0,8}m(?!\])"  # what is left of one whose escape character was dropped on its way
)
_ESCAPE: Final = re.compile(
    r"(?P<utf16>(?:\\u[0-9A-Fa-f]{4})+)|(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+)"
    r"|(?P<one>\\[abfnrtv\"'/\\`])|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<entity>&(?:#[0-9]{1,10};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};))"
)
_ESCAPE_STARTS: Final = re.compile(r"[\\%&]")
# A Chinese sentence keeps its punctuation, which means nothing to any rule.
_COMPATIBLE: Final = re.compile("[^\uff0c\uff01\uff1f]+")
_NOT_PLAIN: Final = re.compile(r"[^ -~]")
# What a build's log takes for an order: `::error::`, `##vso[`, `##teamcity[`. A table breaks long words, so that what
# stands in the middle of one may begin a line.
_LOG_COMMAND: Final = re.compile(
    r"(?i):(?=:(?:error|warning|notice|debug|group|endgroup|echo|set-output|set-env|save-state|(?:add|remove)-[a-z]{1,9}"
    r"|stop-commands)\b)|(?<![\w:]):(?=:[\w-]{1,99}::)|#(?=#[a-z]{0,20}\[)"
)
_MARKS: Final = re.compile(rf"{MARK}(?:[ ,;:=+/_.-]{{0,3}}{MARK})+")
_CORE: Final = re.compile(r"[A-Za-z0-9_+%~$#!*^-]")
_LOWER: Final = bytes(range(256)).lower()
_NO_LETTER_OR_DIGIT: Final = bytes(byte for byte in range(256) if not bytes([byte]).isalnum())


def normalised(raw: str) -> str:
    """Return the text as a person would read it: one line, no escapes, nothing invisible; `MARK` for `[redacted]`."""
    text = raw[:MAX_RAW]
    for _ in range(24):  # more nested escapes than these are no spelling of anything
        plainer = visible(unescaped(text))
        if plainer == text:
            return " ".join(text.replace(MARKER, MARK).split())
        text = plainer[:MAX_RAW]  # one character may unfold to eighteen
    return MARK


def visible(text: str) -> str:
    """Drop controls and invisible characters, fold compatibility forms, and break up what a log takes for an order."""
    if _NOT_PLAIN.search(text) or "[" in text:
        text = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _ANSI.sub("", text))
        text = _NOT_PLAIN.sub(lambda found: _shown(found[0]), text)
    return _LOG_COMMAND.sub(r"\g<0> ", text) if "::" in text or "##" in text else text


def unfolds_to(text: str) -> int:
    """Return how long a text is at the most once its compatibility forms are folded, without folding all of it."""
    return len(text) if text.isascii() else sum(map(_unfolds_to, text))


def unescaped(text: str) -> str:
    """Undo one layer of escapes: JSON's, Python's, an address's, HTML's."""
    return _ESCAPE.sub(_plain, text) if _ESCAPE_STARTS.search(text) else text


def taken_out(text: str, spans: Iterable[Span]) -> str:
    """Put a mark in place of every span; a span over several lines leaves their breaks."""
    pieces: list[str] = []
    position = 0
    for start, end in sorted(spans):
        if end > position:
            pieces += (text[position:start], MARK, "\n" * text.count("\n", max(start, position), end))
            position = end
    return _MARKS.sub(MARK, "".join((*pieces, text[position:]))) if pieces else text


def folded(text: str) -> str:
    """Fold a text to lower-case letters and digits, so that no separator and no change of case hides anything."""
    return folded_bytes(text.encode()) if text.isascii() else "".join(map(_folded, text))


def folded_bytes(data: bytes) -> str:
    """Fold bytes to the ASCII letters and digits in them."""
    return data.translate(_LOWER, _NO_LETTER_OR_DIGIT).decode("ascii")


def places(text: str) -> list[int]:
    """Return where in a text each character of its folded form comes from."""
    return [place for place, character in enumerate(text) for _ in _folded(character)]


def widened(text: str, start: int, end: int) -> Span:
    """Take what touches a span with it: a fringe of a key is a part of it."""
    while start > 0 and _CORE.match(text[start - 1]):
        start -= 1
    while end < len(text) and (_CORE.match(text[end]) or text[end] == "="):
        end += 1
    return start, end


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", character).casefold()))


@lru_cache(maxsize=4096)
def _unfolds_to(character: str) -> int:
    return len(unicodedata.normalize("NFKC", character))


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if character in "\t\n\r\v\f\x85\u2800\u3164\u115f\u1160\uffa0" or kind.startswith("Z"):
        return " "
    # Variation selectors and the grapheme joiner count as marks, and are as invisible as a format character.
    selects = character == "\u034f" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return "" if kind.startswith("C") or selects else character


def _plain(escape: re.Match[str]) -> str:
    spelled = escape[0]
    match escape.lastgroup:
        case "utf16":
            return bytes.fromhex(spelled.replace("\\u", "")).decode("utf-16-be", "replace")
        case "bytes":
            return bytes.fromhex(spelled.replace("\\x", "")).decode("utf-8", "replace")
        case "one":
            return " " if spelled[1].isalpha() else spelled[1]
        case "percent":
            return unquote(spelled, errors="replace")
        case _:
            return html.unescape(spelled if spelled.endswith(";") else f"{spelled};")
