"""Ways in which a server can give a secret back: where it stands, and how it is spelled.

Shared by the tests of the layers and by those that go over HTTP. Nothing here knows how redaction works, so that a
mistake in it is not repeated here.
"""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus, unquote

KEYS: Final[Mapping[str, str]] = {
    "provider-prefixed": "sk-proj-Vt3bQ9xLm2Rk8WzYp5Nc7HdJ4sGfA6uE",
    "short": "q7Kx2mV9t",
    "short ten": "Tz8wLq3RvB",
    "hex": "9f86d081884c7d659a2feaa0c55ad015",
    "special": "p@ss/W0rd+Zq8%Xn~3==",
    "words": "correct-horse-battery-staple",
    "uuid": "3b241101-e2bb-4255-8caf-4136c566a962",
    "long base64": "Ab3/xK9+Qw7ZmP1sVt5LrY8uJd2HcN6fGgE4oIiBaTk=",
}
PROMPTS: Final[Mapping[str, str]] = {
    "default": "Reply with the single word: pong",
    "custom": "Summarise the quarterly revenue of the northern branch in two sentences, please.",
    "chinese": "请用一句话总结北方分公司本季度的营业收入情况",
}
OTHERS: Final[Mapping[str, str]] = {
    "header": "team-zebra-4471-internal",
    "bearer header": "mQ8rT2xW6zK4",
    "query": "tenant9x77-kappa",
    "proxy": "h4rdP@ssw0rd!",
}

Encoding = Callable[[str], str]


def _first(text: str) -> str:
    return text[: (len(text) + 1) // 2]


def _last(text: str) -> str:
    return text[(len(text) + 1) // 2 :]


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _b64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _hex(text: str) -> str:
    return text.encode().hex()


def _every(size: int, separator: str) -> Encoding:
    return lambda text: separator.join(text[i : i + size] for i in range(0, len(text), size))


def _each(form: str) -> Encoding:
    return lambda text: "".join(form.format(ord(character)) for character in text)


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _fullwidth(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _bold(text: str) -> str:
    def one(c: str) -> str:
        if "A" <= c <= "Z":
            return chr(0x1D400 + ord(c) - ord("A"))
        if "a" <= c <= "z":
            return chr(0x1D41A + ord(c) - ord("a"))
        return chr(0x1D7CE + ord(c) - ord("0")) if "0" <= c <= "9" else c

    return "".join(map(one, text))


def _coloured(text: str) -> str:
    middle = len(text) // 2
    return f"\x1b[31m{text[:middle]}\x1b[0;1m{text[middle:]}\x1b[0m"


ENCODINGS: Final[Mapping[str, Encoding]] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "swapped case": str.swapcase,
    "first half": _first,
    "last half": _last,
    "all but the last four": lambda text: text[:-4],
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON twice": lambda text: json.dumps(json.dumps(text)),
    "JSON, every character": _each("\\u{:04x}"),
    "Python repr": lambda text: repr(text.encode()),
    "Python bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "URL": lambda text: quote(text, safe=""),
    "URL plus": quote_plus,
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "URL, every byte": _percent,
    "URL, every byte twice": lambda text: quote(_percent(text)),
    "HTML": html.escape,
    "HTML twice": lambda text: html.escape(html.escape(text)),
    "HTML decimal": _each("&#{};"),
    "HTML hexadecimal": _each("&#x{:X};"),
    "HTML decimal, no semicolons": lambda text: " ".join(f"&#{ord(c)}" for c in text),
    "HTML decimal, padded": _each("&#{:07d};"),
    "base64": _b64,
    "base64 without padding": lambda text: _b64(text).rstrip("="),
    "URL-safe base64": _b64url,
    "base64 of Bearer": lambda text: _b64(f"Bearer {text}"),
    "base64 of user and key": lambda text: _b64(f"user:{text}"),
    "base64 of a header": lambda text: _b64(f"Authorization: Bearer {text}\r\n"),
    "base64 of JSON": lambda text: _b64(json.dumps({"k": text, "v": 1})),
    "base64 of the first half": lambda text: _b64(_first(text)),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base64 twice": lambda text: _b64(_b64(text)),
    "base64 in lines": lambda text: "\n".join(re.findall(".{1,8}", _b64(text))),
    "base64 in groups": lambda text: " ".join(re.findall(".{1,4}", _b64(text))),
    "base64, then URL": lambda text: quote(_b64(text), safe=""),
    "hex": _hex,
    "hex in upper case": lambda text: _hex(text).upper(),
    "hex with colons": lambda text: text.encode().hex(":"),
    "hex with blanks": lambda text: text.encode().hex(" "),
    "hex dump": lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()),
    "hex of the last half": lambda text: _hex(_last(text)),
    "hex of base64": lambda text: _hex(_b64(text)),
    "quoted printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
    "blanks between": _every(1, " "),
    "dashes between": _every(1, "-"),
    "dots between": _every(1, "."),
    "newlines between": _every(5, "\n"),
    "in fours": _every(4, " "),
    "in fives, with dashes": _every(5, "-"),
    "in threes, with commas": _every(3, ", "),
    "as strings added": _every(6, '" + "'),
    "as a JSON list": lambda text: json.dumps(re.findall(".{1,6}", text)),
    "as a list of characters": lambda text: json.dumps(list(text)),
    "zero-width": _every(3, "\u200b"),
    "soft hyphens": _every(4, "\u00ad"),
    "word joiners": _every(2, "\u2060"),
    "bidi overrides": lambda text: f"\u202e{text}\u202c",
    "combining marks": _every(1, "\u0336"),
    "variation selectors": _every(2, "\ufe0f"),
    "NUL bytes": _every(4, "\x00"),
    "in colour": _coloured,
    "HTML tags between": lambda text: f"<b>{_first(text)}</b><i>{_last(text)}</i>",
    "line break tags": _every(4, "<wbr>"),
    "fullwidth": _fullwidth,
    "bold letters": _bold,
    "masked in the middle": lambda text: f"{text[:-4]}****",
    "twice": lambda text: text + text,
    "with a prefix": lambda text: f"prefix{text}suffix",
    "Bearer": lambda text: f"Bearer {text}",
    "in userinfo": lambda text: f"https://user:{quote(text, safe='')}@host.example/v1",
    "in a query": lambda text: f"https://host.example/v1?key={quote(text, safe='')}&x=1",
    "in Markdown": lambda text: f"**`{text}`**",
    "in a Markdown link": lambda text: f"[here](https://evil.example/{quote(text, safe='')})",
}
"""By name: what a sloppy server makes of what it was sent; what only a malicious one makes is not promised."""

MESSAGES: Final[Mapping[str, str]] = {
    "alone": "{}",
    "end": "Incorrect API key provided: {}",
    "middle": "The value {} was rejected by the upstream server, please try again.",
    "quoted": 'Invalid header value "{}" for Authorization',
    "assigned": "request failed: api_key={}; model=gpt-4o",
    "nested JSON": 'upstream said {{"error": {{"message": "bad key {}", "code": 401}}}}',
    "glued": "key:{}:end",
    "late": "The request could not be processed. " * 6 + "{}",
}
"""Sentences that a server may put it in."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One way of giving a secret back."""

    where: str
    """`message`, `identifier`, `model id`, `key path`, `redirect host`, `redirect path` or `redirect query`."""
    encoding: str
    text: str


def echoes(secret: str, encodings: Iterable[str] = ENCODINGS) -> Iterator[Echo]:
    """Give every way in which a server can give this secret back, in every place that it controls."""
    for name in encodings:
        spelled = ENCODINGS[name](secret)
        for place, sentence in MESSAGES.items():
            yield Echo(f"message, {place}", name, sentence.format(spelled))
        yield Echo("identifier", name, spelled)
        yield Echo("model id", name, spelled)
        yield Echo("model id", name, f"openai/{spelled}-latest")
        yield Echo("key path", name, spelled)
        yield Echo("key path", name, f"choices[].{spelled}.role")
        yield Echo("redirect host", name, f"https://{spelled}.example.com/v1")
        yield Echo("redirect path", name, f"https://example.com/v1/{spelled}/models")
        yield Echo("redirect query", name, f"https://example.com/v1?key={spelled}#{spelled}")


def readable(artifact: str, secret: str) -> str | None:
    """Say in which reading of an artifact a secret can be read, whole or half; None when in none of them."""
    pieces = _pieces(secret)
    return next((name for name, reading in _readings(artifact) if any(piece in reading for piece in pieces)), None)


def _pieces(secret: str) -> set[str]:
    """Give what counts as the secret: the whole, and each half that is long enough to be promised."""
    least = 8 if " " not in secret and secret.isascii() else 24 if secret.isascii() else 12
    return {_letters(secret), *(half for half in map(_letters, (_first(secret), _last(secret))) if len(half) >= least)}


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def _readings(artifact: str) -> Iterator[tuple[str, str]]:
    decoders: dict[str, Callable[[str], str]] = {
        "raw": str,
        "JSON-decoded": _json_decoded,
        "HTML-unescaped": lambda text: html.unescape(html.unescape(text)),
        "percent-decoded": lambda text: unquote(unquote(text)),
        "all of them": lambda text: html.unescape(unquote(_json_decoded(html.unescape(unquote(text))))),
        "without tags": lambda text: re.sub(r"<[^<>]*>", "", text),
    }
    for name, decode in decoders.items():
        text = decode(artifact)
        yield name, _letters(text)
    for name, to_bytes in _BINARY.items():
        for run in _RUNS[name].findall(artifact):
            compact = re.sub(r"[^A-Za-z0-9+/]", "", run.replace("-", "+").replace("_", "/"))
            for offset in range(4):
                data = to_bytes(compact[offset:])
                yield name, _letters(data.replace(b"\x00", b"").decode("utf-8", "ignore"))
                yield name, _letters(data[: len(data) // 2 * 2].decode("utf-16-le", "ignore"))


def _json_decoded(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        try:
            return str(json.loads(f'"{match[0]}"'))
        except ValueError:
            return match[0]

    return re.sub(r"\\(?:u[0-9a-fA-F]{4}|[\"\\/bfnrt])", one, text)


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text + "A" * (-len(text) % 4))


def _from_hex(text: str) -> bytes:
    kept = re.sub(r"[^0-9a-fA-F]", "", re.sub("0x", "", text))
    return bytes.fromhex(kept[: len(kept) // 2 * 2])


_BINARY: Final[Mapping[str, Callable[[str], bytes]]] = {
    "base64-decoded": _from_base64,
    "hex-decoded": _from_hex,
}
_RUNS: Final[Mapping[str, re.Pattern[str]]] = {
    "base64-decoded": re.compile(r"[A-Za-z0-9+/=_-]{6,}(?:[ \n][A-Za-z0-9+/=_-]{2,})*"),
    "hex-decoded": re.compile(r"(?:0x)?[0-9a-fA-F]{2}(?:[ :,]{0,2}(?:0x)?[0-9a-fA-F]{2}){4,}"),
}
