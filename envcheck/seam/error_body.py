"""Which parts of an error reply are looked at: a short list of named fields, and nothing else.

This is the first layer of redaction: what is not taken out of the body cannot leak from it. `input`, `ctx`, `metadata`,
`choices`, request ids and everything else a gateway adds to its errors is never read. What is taken is taken whole or
not at all: a cut could leave a part of a secret that nobody knows again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from pydantic_core import from_json

from envcheck.seam.bounded_json import bounded

if TYPE_CHECKING:
    from envcheck.model import JsonValue

MAX_ENTRIES: Final = 3
"""A validation error may list one entry for each of the request's fields; the first few say what is wrong."""
MAX_MESSAGES: Final = 5
MAX_SHORT_TEXT: Final = 500
"""Characters. Envoy's longest sentence, about an upstream's certificate, has 400; more is a page or a dump."""
MAX_LINES: Final = 3
MAX_HEADING: Final = 300
"""Characters of a page's title or heading, tags included; no server's own has as many."""

_MAX_DEPTH: Final = 4
"""Mistral's is the deepest that is known: `message.detail[].msg`."""
_PAGE_HEAD: Final = 16 * 1024
"""Bytes of a page that are looked at: Cloudflare's heading comes after 2 KiB of scripts."""

# Where gateways put their sentences, each of them a string, an object or a list of either.
_SENTENCES: Final = (
    "error", "errors", "message", "Message", "msg", "error_msg", "error_description", "detail", "title",
)  # fmt: skip
_ENVELOPES: Final = ("error", "errors", "detail")
_KINDS: Final = ("type", "error_type", "status")
CODES: Final = ("code", "error_code")
_NO_WORD: Final = frozenset({"", "None", "null"})
"""LiteLLM writes Python's `None` as a word."""

_COMPLETION_MEMBERS: Final = frozenset({"choices", "output", "content", "candidates", "completion", "generated_text"})
"""What a document holds beside which a model may have written any sentence in it."""

# A sentence may quote a whole document: vLLM its validation errors with the request as their `input`, LiteLLM the
# upstream's reply or page, pydantic `input_value=`. What is before is the sentence; of the document, its messages are
# taken.
_QUOTED_DOCUMENT: Final = re.compile(r"""\{\s{0,20}\\{0,3}["']|\[type=|<(?:!doctype|html)\b""", re.IGNORECASE)
_BEFORE_IT: Final = "[( \t\r\n"
_QUOTED_MESSAGE: Final = re.compile(
    r"""(["'])(?:message|msg)\1\s?:\s?(?:"((?:[^"\\]|\\.){1,400})"|'((?:[^'\\]|\\.){1,400})')"""
)

_TAG: Final = re.compile(r"<[^<>]{0,300}>")
_ELEMENTS: Final = MappingProxyType(
    {
        name: (re.compile(rf"<{name}(?:\s[^<>]{{0,300}})?>", re.IGNORECASE), re.compile(f"</{name}", re.IGNORECASE))
        for name in ("title", "h1", "Message", "Code")
    }
)
_PARAMETERS: Final = ("param", "parameter")
_STREAMED: Final = ("data:", "event:")


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The fields of an error reply, raw, in the order in which they help."""

    messages: tuple[str, ...] = ()
    kind: str | None = None
    """The envelope's `type`, or its `status` where that is a word."""
    code: str | None = None
    parameter: str | None = None
    """Which member of the request it is about; it is never shown."""


def error_body(body: bytes, content_type: str) -> ErrorBody:
    """Take the known fields out of an error reply of any of the kinds that gateways send."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith((b"{", b"[", b'"')):
        document = document_of(text)
        if isinstance(document, Mapping):
            return _error_of(fields_of(document), _sentences(document))
        return ErrorBody(_short_text(document)) if isinstance(document, str) else ErrorBody()
    if text.startswith(b"<"):
        return _page(text[:_PAGE_HEAD].decode("utf-8", "replace"))
    # Whatever the status, an event stream carries what a model said.
    if content_type == "text/event-stream":
        return ErrorBody()
    try:
        return ErrorBody(_short_text(text.decode()))
    except UnicodeDecodeError:
        return ErrorBody()


def error_in_success(body: bytes) -> ErrorBody:
    """Take the fields out of an error envelope that came with a status of success, and nothing out of anything else.

    Whatever else a 2xx holds may be what a model generated: only an `error` that is an object with a message, in a
    document that holds no part of a completion, is known not to be.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    document = document_of(text) if text.startswith((b"{", b"[")) else None
    if not isinstance(document, Mapping) or _COMPLETION_MEMBERS & document.keys():
        return ErrorBody()
    error = document.get("error")
    if not isinstance(error, Mapping) or not isinstance(message := error.get("message"), str):
        return ErrorBody()
    return _error_of(error, _spoken(message))


def document_of(text: bytes) -> JsonValue:
    """Parse an error's body; None where it is no JSON, or none that an error is written in."""
    try:
        document = cast("JsonValue", from_json(bounded(text)))
    except ValueError:
        return None
    if isinstance(document, list):  # Google wraps the envelope in a list
        return document[0] if document and isinstance(document[0], Mapping) else None
    return document


def _error_of(envelope: Mapping[str, JsonValue], messages: Iterable[str]) -> ErrorBody:
    return ErrorBody(
        messages=tuple(islice(dict.fromkeys(messages), MAX_MESSAGES)),
        kind=_word(envelope, _KINDS),
        code=_word(envelope, CODES),
        parameter=_word(envelope, _PARAMETERS) or _located(envelope),
    )


def fields_of(document: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Give the object whose type and code are the error's: Cloudflare's and watsonx's is the first of a list."""
    for name in _ENVELOPES:
        value = document.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, Mapping):
            return first
    return document


def _word(envelope: Mapping[str, JsonValue], names: Iterable[str]) -> str | None:
    """Give a type or a code as text; numbers too, for some gateways repeat the status there."""
    for name in names:
        value = envelope.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value) not in _NO_WORD:
            return str(value)
    return None


def _located(envelope: Mapping[str, JsonValue]) -> str | None:
    """Give the member of the request's body that one of FastAPI's validation errors points at."""
    match envelope.get("loc"):
        case ["body", str(member), *_]:
            return member
        case _:
            return None


def _sentences(value: JsonValue, depth: int = 0) -> Iterator[str]:
    """Yield what is said in the named fields; no value is visited twice, so the body's size bounds the work."""
    if isinstance(value, str):
        yield from _spoken(value)
    elif depth >= _MAX_DEPTH:
        return
    elif isinstance(value, Mapping):
        for name in _SENTENCES:
            yield from _sentences(value.get(name), depth + 1)
    elif isinstance(value, list):
        for entry in value[:MAX_ENTRIES]:
            yield from _sentences(entry, depth + 1)


def _spoken(sentence: str) -> Iterator[str]:
    """Yield a sentence and, of a document that it quotes, the messages alone."""
    document = _QUOTED_DOCUMENT.search(sentence)
    begins = len(sentence) if document is None else document.start()
    if said := sentence[:begins].rstrip(_BEFORE_IT).removesuffix(" b'").strip():
        yield said
    if sentence.startswith("<", begins):
        yield from _page(sentence[begins : begins + _PAGE_HEAD]).messages
        return
    for found in islice(_QUOTED_MESSAGE.finditer(sentence, begins), MAX_ENTRIES):
        if message := (found[2] or found[3]).strip():
            yield message


def _page(page: str) -> ErrorBody:
    """Read a page's title and heading, or S3's `<Message>` and `<Code>`; all else may repeat the request."""
    title, heading = _element(page, "title"), _element(page, "h1")
    if heading is not None and title is None:
        # HAProxy's pages are a heading and one sentence, which is the one that helps.
        return ErrorBody(_short_text(_TAG.sub("\n", page)) or (heading,))
    if title is not None or heading is not None:
        return ErrorBody(tuple(dict.fromkeys(words for words in (title, heading) if words is not None)))
    message = _element(page, "Message")
    return ErrorBody((message,), code=_element(page, "Code")) if message is not None else ErrorBody()


def _element(page: str, name: str) -> str | None:
    """Give the words of the first such element; one look for each of its tags, so that no page costs more."""
    opening_tag, closing_tag = _ELEMENTS[name]
    opening = opening_tag.search(page)
    closing = closing_tag.search(page, opening.end(), opening.end() + MAX_HEADING) if opening else None
    if opening is None or closing is None:
        return None
    words = unescape(_TAG.sub(" ", page[opening.end() : closing.start()]))
    return " ".join(words.split()) or None


def _short_text(text: str) -> tuple[str, ...]:
    """Give the first lines of a short text; none of a dump, of what holds a document, or of what cannot be printed."""
    if len(text) > MAX_SHORT_TEXT or "{" in text or "<" in text or text.startswith(_STREAMED):
        return ()
    lines = [words for line in text.splitlines() if (words := " ".join(line.split()))][:MAX_LINES]
    return tuple(lines) if all(line.isprintable() for line in lines) else ()
