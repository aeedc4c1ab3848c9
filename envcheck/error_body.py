"""Which parts of an error reply are looked at: a short list of named fields, and nothing else.

This is the first layer of redaction: what is not taken out of the body cannot leak from it. `input`, `metadata`,
`choices`, request ids and everything else a gateway adds to its errors is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from pydantic_core import from_json

from envcheck.bounded_json import bounded

if TYPE_CHECKING:
    from envcheck.model import JsonValue

MAX_DETAILS: Final = 3
"""A validation error may list one entry for each of the request's fields; the first few say what is wrong."""
MAX_PLAIN_TEXT: Final = 200
"""Envoy and others answer with one bare sentence; anything longer is a page or a dump."""

_COMPLETION_MEMBERS: Final = frozenset({"choices", "output", "content", "candidates", "completion", "generated_text"})
"""What a document holds beside which a model may have written any sentence in it."""

# Bounded, so that a page without an end tag costs no more than its first bytes.
_HTML_TITLE: Final = re.compile(r"<title[^<>]{0,100}>([^<]{1,300})</title>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The fields of an error reply, raw, in the order in which they help."""

    messages: tuple[str, ...] = ()
    kind: str | None = None
    """The envelope's `type`, or its `status` where that is a word."""
    code: str | None = None


def error_body(body: bytes, content_type: str) -> ErrorBody:
    """Take the known fields out of an error reply of any of the kinds that gateways send."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith((b"{", b"[")):
        return _from_json(text)
    if text.startswith(b"<"):
        title = _HTML_TITLE.search(text[:4096].decode("utf-8", "replace"))
        return ErrorBody(messages=(title[1],)) if title else ErrorBody()
    if content_type == "text/plain" and len(text) <= MAX_PLAIN_TEXT and b"\n" not in text and text:
        return ErrorBody(messages=(text.decode("utf-8", "replace"),))
    return ErrorBody()


def error_in_success(body: bytes) -> ErrorBody:
    """Take the fields out of an error envelope that came with a status of success, and nothing out of anything else.

    Whatever else a 2xx holds may be what a model generated: only an `error` that is an object with a message, in a
    document that holds no part of a completion, is known not to be.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    document = _document(text) if text.startswith((b"{", b"[")) else None
    if document is None or _COMPLETION_MEMBERS & document.keys():
        return ErrorBody()
    error = document.get("error")
    if not isinstance(error, Mapping) or not isinstance(message := error.get("message"), str):
        return ErrorBody()
    return _error_of(error, (message,))


def _document(text: bytes) -> Mapping[str, JsonValue] | None:
    try:
        document = cast("JsonValue", from_json(bounded(text)))
    except ValueError:
        return None
    if isinstance(document, list) and document:  # Google wraps the envelope in a list
        document = document[0]
    return document if isinstance(document, Mapping) else None


def _from_json(text: bytes) -> ErrorBody:
    document = _document(text)
    if document is None:
        return ErrorBody()
    error = document.get("error")
    envelope = error if isinstance(error, Mapping) else document
    return _error_of(envelope, _messages(document, envelope))


def _error_of(envelope: Mapping[str, JsonValue], messages: Iterable[str]) -> ErrorBody:
    return ErrorBody(
        messages=tuple(messages),
        kind=_word(envelope.get("type")) or _word(envelope.get("status")),
        code=_word(envelope.get("code")),
    )


def _messages(document: Mapping[str, JsonValue], envelope: Mapping[str, JsonValue]) -> Iterator[str]:
    seen: set[str] = set()
    for candidate in (
        envelope.get("message"),
        document.get("error"),
        document.get("error_description"),
        document.get("message"),
        document.get("detail"),
        document.get("title"),
    ):
        if isinstance(candidate, str) and candidate and candidate not in seen:
            seen.add(candidate)
            yield candidate
    yield from _validation_messages(document.get("detail"))


def _validation_messages(detail: JsonValue) -> Iterator[str]:
    """Read FastAPI's `detail[].msg` and `.type`; its `input` repeats the request and is never read."""
    if not isinstance(detail, list):
        return
    for entry in detail[:MAX_DETAILS]:
        if isinstance(entry, Mapping):
            words = [value for key in ("msg", "type") if isinstance(value := entry.get(key), str)]
            if words:
                yield ": ".join(words)


def _word(value: JsonValue) -> str | None:
    """Give a type or a code as text; numbers too, for some gateways repeat the status there."""
    if isinstance(value, bool) or value is None:
        return None
    return str(value) if isinstance(value, str | int) else None
