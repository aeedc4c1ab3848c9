"""In which form an error reply is written: what a client has to know before it can read one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from envcheck.seam.error_body import CODES, document_of, fields_of

if TYPE_CHECKING:
    from envcheck.model import JsonValue


class Envelope(StrEnum):
    """How an error's fields are wrapped."""

    OPENAI = "openai"
    """`{"error": {…}}`"""
    FLAT = "flat"
    """`{"message": …}`: the fields themselves, as Mistral and Cohere write them."""
    STRING = "string"
    """`{"error": "…"}`, as Ollama writes it, or a sentence alone."""
    FASTAPI = "fastapi"
    """`{"detail": …}`"""
    PROBLEM_JSON = "problem_json"
    """RFC 9457."""
    TEXT = "text"
    HTML = "html"
    EMPTY = "empty"
    OTHER = "other"
    """JSON in a form that is none of these."""


class CodeKind(StrEnum):
    """What an error's code is: to a typed client, `401` and `"401"` are not the same."""

    STRING = "string"
    NUMBER = "number"
    NULL = "null"
    """There is none, or it is null."""
    OTHER = "other"


_PROBLEM: Final = "application/problem+json"
_MESSAGES: Final = frozenset({"message", "Message", "msg", "error_msg", "error_description"})


def envelope_of(body: bytes, content_type: str) -> Envelope:
    """Name the form of an error reply."""
    text = _text(body)
    if not text:
        return Envelope.EMPTY
    if text.startswith(b"<") or content_type == "text/html":
        return Envelope.HTML
    document = document_of(text)
    if document is None:
        return Envelope.TEXT
    if isinstance(document, str):
        return Envelope.STRING
    # A list may hold the envelope, as Google's does, and a client that looks for `error` finds nothing in it.
    if isinstance(document, Mapping) and text.startswith(b"{"):
        return _of_an_object(document, content_type)
    return Envelope.OTHER


def code_kind_of(body: bytes) -> CodeKind:
    """Name what an error's code is."""
    document = document_of(_text(body))
    if not isinstance(document, Mapping):
        return CodeKind.NULL
    fields = fields_of(document)
    match next((fields[name] for name in CODES if fields.get(name) is not None), None):
        case None:
            return CodeKind.NULL
        case bool():
            return CodeKind.OTHER
        case str():
            return CodeKind.STRING
        case int() | float():
            return CodeKind.NUMBER
        case _:
            return CodeKind.OTHER


def _text(body: bytes) -> bytes:
    return body.removeprefix(b"\xef\xbb\xbf").strip()


def _of_an_object(document: Mapping[str, JsonValue], content_type: str) -> Envelope:
    error = document.get("error")
    if isinstance(error, Mapping):
        return Envelope.OPENAI
    if content_type == _PROBLEM or {"title", "status"} <= document.keys():
        return Envelope.PROBLEM_JSON
    if isinstance(error, str):
        return Envelope.STRING
    if "detail" in document:
        return Envelope.FASTAPI
    return Envelope.OTHER if _MESSAGES.isdisjoint(document) else Envelope.FLAT
