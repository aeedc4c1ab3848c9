"""What a streamed completion says about the gateway, without a word of what the model said."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import FailFast, Field

from envcheck.probes.base import Facts
from envcheck.probes.chunks import ReasoningField, StreamUsage
from envcheck.probes.pace import Pace
from envcheck.probes.shape import MAX_KEY_PATHS
from envcheck.redact import SafeText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.probes.base import Reply

_CHAT: Final = "chat"
_AGREED: Final = ("finish_reason", "model_answered")


class Terminator(StrEnum):
    """How a stream ended."""

    DONE = "done"
    """With `[DONE]`."""
    EOF = "eof"
    """Without, and as a reply of its length should."""
    CUT = "cut"
    """Not at all: the connection broke, or was given up, before `[DONE]`."""


class StreamedKind(StrEnum):
    """What the deltas hold, never the text itself nor its length."""

    TEXT = "text"
    EMPTY = "empty"
    NULL = "null"
    TOOL_CALLS = "tool_calls"
    REASONING = "reasoning"
    """And no content."""


class StreamFacts(Facts):
    """What is compared of a stream."""

    model: SafeText
    """The model that was asked for."""
    arrival: Pace
    terminator: Terminator
    finish_reason: SafeText
    """The last word that was served; `null`, or `other` for what is no word."""
    model_answered: SafeText | None
    content_kind: StreamedKind
    stream_usage: StreamUsage
    reasoning_field: ReasoningField
    event_fields: Annotated[tuple[SafeText, ...], Field(max_length=MAX_KEY_PATHS + 1), FailFast()]
    """The shape of all chunks together: sorted key paths, without padding and what `reasoning_field` says."""
    agrees_with_chat: bool | None = None
    """Whether finish reason and model are those of `chat`; None where that was not asked, or of another model."""


def beside_chat(reply: Reply, others: Mapping[str, Reply]) -> Reply:
    """Say whether a stream agrees with what `chat` had read in the same environment, whatever is shown of it."""
    chat, facts = others.get(_CHAT), reply.facts
    if chat is None or not isinstance(facts, StreamFacts) or getattr(chat.facts, "model", None) != facts.model:
        return reply
    agrees = all(_raw(reply, fact) == _raw(chat, fact) for fact in _AGREED)
    return replace(reply, facts=facts.model_copy(update={"agrees_with_chat": agrees}))


def _raw(reply: Reply, fact: str) -> frozenset[str]:
    names = reply.names.get(fact)
    return frozenset() if names is None else names.all
