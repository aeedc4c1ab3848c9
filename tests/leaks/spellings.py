"""The ways in which a sloppy server may spell a secret that it gives back.

What only a server that wants to give it away does (backwards, rotated, in base32, as a digest, with words between its
pieces) is not promised, and not here: see SECURITY.md.
"""

from __future__ import annotations

import base64
import html
import json
import quopri
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FULLWIDTH: Final = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_BOLD: Final = {
    **{ord("A") + i: chr(0x1D400 + i) for i in range(26)},
    **{ord("a") + i: chr(0x1D41A + i) for i in range(26)},
    **{ord("0") + i: chr(0x1D7CE + i) for i in range(10)},
}


def _split_by(separator: str, every: int = 4) -> Callable[[str], str]:
    return lambda text: separator.join(text[i : i + every] for i in range(0, len(text), every))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _first(share: float) -> Callable[[str], str]:
    return lambda text: text[: round(len(text) * share)]


def _last(share: float) -> Callable[[str], str]:
    return lambda text: text[-round(len(text) * share) :]


def _percent_all(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


_PARTS: Final[Mapping[str, Callable[[str], str]]] = {
    "leading two thirds": _first(0.67),
    "trailing half": _last(0.5),
    "middle": lambda text: text[len(text) // 5 : -len(text) // 5],
}
_CODES: Final[Mapping[str, Callable[[str], str]]] = {
    "base64": _base64,
    "base64, split by dashes": lambda text: _split_by("-", 4)(_base64(text).rstrip("=")),
    "base64, folded": lambda text: _split_by("\n", 20)(_base64(f"Authorization: Bearer {text}")),
    "hex, dashes": lambda text: text.encode().hex("-"),
    "hex, dots": lambda text: text.encode().hex(".", 4),
    "upper, split by underscores": lambda text: _split_by("_", 6)(text.upper()),
    "percent": _percent_all,
}

SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    **{
        f"{part_name}, {code_name}": lambda text, part=part, code=code: code(part(text))  # type: ignore[misc]  # bound now
        for part_name, part in _PARTS.items()
        for code_name, code in _CODES.items()
    },
    **{f"whole, {name}": code for name, code in _CODES.items()},
    "raw": str,
    "upper": str.upper,
    "lower": str.lower,
    "swapped case": str.swapcase,
    "split by blanks": _split_by(" "),
    "split by blanks, every second": _split_by(" ", 2),
    "split by dashes": _split_by("-"),
    "split by dots": _split_by("."),
    "split by newlines": _split_by("\n"),
    "split by tabs": _split_by("\t"),
    "split by slashes": _split_by("/", 6),
    "split by underscores": _split_by("_", 3),
    "split by commas": _split_by(", "),
    "split by bars": _split_by(" | ", 5),
    "split by quotes and plus": _split_by('" + "'),
    "split by zero-width blanks": _split_by("\u200b"),
    "split by joiners": _split_by("\u2060", 1),
    "split by soft hyphens": _split_by("\u00ad", 2),
    "split by HTML comments": _split_by("<!-- -->"),
    "split by C comments": _split_by("/* */"),
    "split by tags": _split_by("<b></b>", 3),
    "split by ellipses": _split_by("..."),
    "split by backslashes": _split_by("\\"),
    "split by escape sequences": _split_by("\x1b[0m", 3),
    "one character to a line": _split_by("\n", 1),
    "one character and a blank": _split_by(" ", 1),
    "base64": _base64,
    "base64, for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64, unpadded": lambda text: _base64(text).rstrip("="),
    "base64 of the header": lambda text: _base64(f"Bearer {text}"),
    "base64 of user and key": lambda text: _base64(f"user:{text}"),
    "base64 twice": lambda text: _base64(_base64(text)),
    "base64 of JSON": lambda text: _base64(json.dumps({"api_key": text})),
    "base64, split": lambda text: _split_by(" ", 6)(_base64(text)),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64, percent-encoded": lambda text: quote(_base64(text), safe=""),
    "base64 of hex": lambda text: _base64(text.encode().hex()),
    "hex": lambda text: text.encode().hex(),
    "hex, upper": lambda text: text.encode().hex().upper(),
    "hex, 0x": lambda text: "0x" + text.encode().hex(),
    "hex, colons": lambda text: text.encode().hex(":"),
    "hex, blanks": lambda text: text.encode().hex(" "),
    "hex, 0x each": lambda text: " ".join(f"0x{byte:02x}" for byte in text.encode()),
    "hex, \\x": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "hex of base64": lambda text: _base64(text).encode().hex(),
    "\\u escapes": lambda text: "".join(f"\\u{ord(each):04x}" for each in text),
    "\\u escapes, doubled": lambda text: "".join(f"\\\\u{ord(each):04x}" for each in text),
    "percent": lambda text: quote(text, safe=""),
    "percent, plus": quote_plus,
    "percent, all": _percent_all,
    "percent, twice": lambda text: quote(_percent_all(text), safe=""),
    "percent, mixed case": lambda text: "".join(
        f"%{byte:02x}" if i % 2 else f"%{byte:02X}" for i, byte in enumerate(text.encode())
    ),
    "entities": html.escape,
    "entities, decimal": lambda text: "".join(f"&#{ord(each)};" for each in text),
    "entities, hex": lambda text: "".join(f"&#x{ord(each):X};" for each in text),
    "entities, without semicolons": lambda text: "".join(f"&#{ord(each):07d}" for each in text),
    "entities, named": lambda text: text.replace("-", "&hyphen;").replace("+", "&plus;").replace("/", "&sol;"),
    "entities, doubled": lambda text: "".join(f"&amp;#{ord(each)};" for each in text),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "quoted-printable, all": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"Authorization": f"Bearer {text}"})),
    "repr": lambda text: repr({"api_key": text}),
    "backslash before each": lambda text: "".join(f"\\{each}" for each in text),
    "fullwidth": lambda text: text.translate(_FULLWIDTH),
    "mathematical bold": lambda text: text.translate(_BOLD),
    "combining marks": lambda text: "".join(f"{each}\u0301" for each in text),
    "leading half": _first(0.5),
    "leading two thirds": _first(0.67),
    "trailing half": _last(0.5),
    "trailing two thirds": _last(0.67),
    "middle": lambda text: text[len(text) // 5 : -len(text) // 5],
    "from the eighth to the fourth last": lambda text: text[8:-4] if len(text) > 18 else text[1:-1],
    "masked in the middle": lambda text: f"{text[:8]}{'*' * 12}{text[-4:]}",
    "masked at the end": lambda text: f"{text[: len(text) * 3 // 4]}****",
    "masked at the start": lambda text: f"****{text[len(text) // 4 :]}",
    "elided": lambda text: f"{text[: len(text) // 2]}...{text[-6:]}",
    "halves swapped": lambda text: f"{text[len(text) // 2 :]} {text[: len(text) // 2]}",
    "halves apart": lambda text: f"{text[: len(text) // 2]} and then {text[len(text) // 2 :]}",
    "glued to words": lambda text: f"key{text}wasrefused",
    "glued to digits": lambda text: f"2024{text}0001",
    "in the key's own words": lambda text: f"api_key={text}&model=gpt-4o",
    "in a URL": lambda text: f"https://{text}@gateway.example.com/v1?key={text}#{text}",
    "in a path": lambda text: f"https://gateway.example.com/keys/{quote(text, safe='')}/models",
    "in a host": lambda text: f"https://{text}.tenants.example.com/",
    "in a model id": lambda text: f"tenants/{text}/gpt-4o-mini",
    "in a curl line": lambda text: f"curl -H 'Authorization: Bearer {text}' https://gateway.example.com/v1/models",
    "in Basic": lambda text: f"Basic {_base64(f'{text}:')}",
    "in quotes": lambda text: f'"{text}"',
    "in guillemets": lambda text: f"«{text}»",
    "in Markdown": lambda text: f"**{text}** [here](https://example.com/?k={text})",
    "repeated": lambda text: f"{text} {text} {text}",
}
