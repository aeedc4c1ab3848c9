"""Layer 2: one plain line of text, however a server spelled it.

Escapes are undone until nothing changes, for a gateway in front of a gateway escapes what was escaped. Everything
here is linear in its input, and the input is cut first.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_RAW: Final = 16 * 1024
"""Characters that are looked at, before and after any unescaping; what comes after is never shown."""
MAX_ROUNDS: Final = 24
"""More nested escapes than this are no spelling of anything, and nothing of such a text is shown."""

MARK: Final = "\ue000"
"""Stands for what was taken out while the layers work; a private character, which no input keeps."""
MARKER: Final = "[redacted]"

_ANSI: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]|\x9b[0-?]*[ -/]*[@-~]"
    r"|\[[0-9]{1,3}(?:;[0-9]{1,3}){0,8}m(?!\])"  # what is left of one whose escape character was dropped on its way
)
_ESCAPE: Final = re.compile(
    r"\\u\{(?P<braced>[0-9A-Fa-f]{1,6})\}"
    r"|(?P<utf16>(?:\\u[0-9A-Fa-f]{4})+)"
    r"|\\U(?P<long>[0-9A-Fa-f]{8})"
    r"|U\+(?P<named>[0-9A-Fa-f]{4,6})(?![0-9A-Za-z])"
    r"|(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+)"
    r"|\\(?P<octal>[0-3][0-7]{2})"
    r"|\\(?P<blank>[abfnrtv])"
    r"|\\(?P<quoted>[\"'/\\`])"
    r"|%u(?P<percent_u>[0-9A-Fa-f]{4})"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<entity>&(?:#[0-9]{1,10};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};))"
)
_ESCAPE_STARTS: Final = re.compile(r"[\\%&]|U\+")
# A Chinese sentence keeps its punctuation, which means nothing to any layer.
_COMPATIBLE: Final = re.compile("[^\uff0c\uff01\uff1f]+")
_BLANKS: Final = re.compile(r"\s+")
_PLAIN: Final = re.compile(r"[ -~]*")
# Letters of other scripts that look like Latin ones: what a person reads as the key is the key.
_LOOKALIKES: Final = dict(
    zip(
        "авеёкмнорстухіјѕԁԛԝһɡɩοαβερτυνκικχγω",
        "abeekmhopctyxijsdqwhgioaveptuvkikxyw",
        strict=True,
    )
)


def normalised(raw: str) -> str:
    """Give the text as a person would read it: one line, no escapes, nothing invisible; `MARK` for `[redacted]`.

    A text that hides behind more than `MAX_ROUNDS` layers of escapes becomes a lone `MARK`.
    """
    text = raw[:MAX_RAW]
    for _ in range(MAX_ROUNDS):
        plainer = visible(unescaped(text))
        if plainer == text:
            return _BLANKS.sub(" ", text.replace(MARKER, MARK)).strip()
        # One character may unfold to eighteen.
        text = plainer[:MAX_RAW]
    return MARK


def visible(text: str) -> str:
    """Drop terminal sequences, controls, bidi overrides and invisible characters, and fold compatibility forms."""
    if _PLAIN.fullmatch(text) and "[" not in text:
        return text
    text = _COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _ANSI.sub("", text))
    return text if _PLAIN.fullmatch(text) else "".join(map(_shown, text))


def skeleton_of(character: str) -> str:
    """Fold one character to what matching compares: lower-case letters and digits, or nothing."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    return _folded(character)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_LOOKALIKES.get(part, part) for part in parts if part.isalnum())


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r\v\f\x85\u2800\u3164\u115f\u1160\uffa0" or category.startswith("Z"):
        return " "
    # Variation selectors and the grapheme joiner count as marks, and are as invisible as a format character.
    if category.startswith("C") or character == "\u034f" or "\ufe00" <= character <= "\ufe0f":
        return ""
    return "" if "\U000e0100" <= character <= "\U000e01ef" else character


def unescaped(text: str) -> str:
    """Undo one layer of escapes: JSON's, Python's, an address's, HTML's."""
    return _ESCAPE.sub(_decoded, text) if _ESCAPE_STARTS.search(text) else text


def _decoded(match: re.Match[str]) -> str:
    group = match.lastgroup or ""
    return _DECODERS[group](match[group])


def _character(point: str) -> str:
    return chr(int(point, 16)) if int(point, 16) <= sys.maxunicode else ""


def _entity(entity: str) -> str:
    return html.unescape(entity if entity.endswith(";") else f"{entity};")


_DECODERS: Final[Mapping[str, Callable[[str], str]]] = {
    "braced": _character,
    "long": _character,
    "named": _character,
    "percent_u": _character,
    "utf16": lambda units: bytes.fromhex(units.replace("\\u", "")).decode("utf-16-be", "replace"),
    "bytes": lambda escapes: bytes.fromhex(escapes.replace("\\x", "")).decode("utf-8", "replace"),
    "octal": lambda digits: chr(int(digits, 8)),
    "blank": lambda _: " ",
    "quoted": str,
    "percent": lambda escapes: unquote(escapes, errors="replace"),
    "entity": _entity,
}
"""For each group of `_ESCAPE`, what it stands for."""
