"""From the bytes of a streamed completion to its facts and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, LiteralString, cast

from pydantic_core import from_json

from envcheck.errors import ReplyRejected
from envcheck.model import FailureClass, Fault
from envcheck.probes.base import Reply
from envcheck.probes.chunks import Chunks, StreamUsage
from envcheck.probes.completion import finish_reason, model_answered, one_name
from envcheck.probes.error_event import error_class, error_preview, is_error
from envcheck.probes.events import TooManyLinesError, events_of
from envcheck.probes.json_reply import json_bytes, parsed
from envcheck.probes.pace import gap_ms, moments_ms, pace_of
from envcheck.probes.shape import safe_paths
from envcheck.probes.stream_facts import StreamedKind, StreamFacts, Terminator
from envcheck.seam.bounded_json import bounded
from envcheck.seam.classify import failure_class

if TYPE_CHECKING:
    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.events import Event
    from envcheck.redact import Redactor

_EVENT_STREAM: Final = "text/event-stream"
_DONE: Final = "[DONE]"
_BROKE: Final = frozenset({Fault.CUT_SHORT, Fault.RESET, Fault.CLOSED})
"""After its finish reason a stream has said all that it had to say, so that these say how it ends, and not that it
failed. Some servers never end a chunked body."""
_UNFINISHED: Final = "the stream ended before it was finished"


def read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Take facts and times out of a stream, whole or broken off.

    Raises:
        ReplyRejected: it is no stream of a chat completion, says that something went wrong, or is not finished.

    """
    if exchange.fault is None:
        _refuse_what_is_no_stream(exchange)
    stream = _Stream(exchange, redactor)
    try:
        for event in events_of(exchange.body):
            stream.take(event)
            if stream.is_done:
                break
    except TooManyLinesError:
        raise _unexpected("an event stream with too many lines") from None
    fault = exchange.fault
    if fault is not None and not (fault in _BROKE and stream.is_finished):
        raise ReplyRejected(failure_class(exchange) or FailureClass.NETWORK, fault, learnt=stream.learnt())
    if stream.first_ends is None and exchange.content_type != _EVENT_STREAM:
        raise _unexpected("not an event stream")
    if not stream.is_finished:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, _UNFINISHED, learnt=stream.learnt())
    if not stream.chunks.has_choices:
        raise _unexpected("an event stream, but not of a chat completion")
    return stream.reply()


def _refuse_what_is_no_stream(exchange: Exchange) -> None:
    """Say what came in place of a stream, where its first bytes or its type say that."""
    body = json_bytes(exchange)
    if not body or body.startswith((b"<", b"{", b"[")) or exchange.content_type == "text/html":
        # As one document, whatever its type says.
        is_called_one = exchange.content_type == _EVENT_STREAM
        parsed(replace(exchange, headers=MappingProxyType({})) if is_called_one else exchange)
        raise _unexpected("one JSON document where an event stream was asked for")


def _unexpected(detail: LiteralString) -> ReplyRejected:
    return ReplyRejected(FailureClass.RESPONSE_SHAPE, detail)


@dataclass(slots=True)
class _Stream:
    """One stream while it is read."""

    exchange: Exchange
    redactor: Redactor
    chunks: Chunks = field(default_factory=Chunks)
    is_done: bool = False
    """Whether `[DONE]` came; clients read no further."""
    first_ends: int | None = None
    """Where in the body the first event ended."""

    @property
    def is_finished(self) -> bool:
        """Whether anything says that this was all."""
        return self.is_done or self.chunks.finish_reason is not None

    def take(self, event: Event) -> None:
        """Read one event.

        Raises:
            ReplyRejected: it is no JSON object, or an error.

        """
        if event.data.strip() == _DONE:
            self.is_done = True
        else:
            document = _document(event)
            if isinstance(document, Mapping):
                self.chunks.add(document, event.data, event.ends_at)
            if is_error(event, document):
                raise self._broken_by(event)
            if document is None:
                raise _unexpected("an event that is not JSON")
            if not isinstance(document, Mapping):
                raise _unexpected("an event that is JSON, but not an object")
        self.first_ends = self.first_ends or event.ends_at

    def learnt(self) -> Reply | None:
        """Give what there is to say of a stream that failed; None where nothing of it came."""
        return self.reply() if self.chunks.has_choices else None

    def reply(self) -> Reply:
        """Put together what was read."""
        chunks, redactor = self.chunks, self.redactor
        asked = self.exchange.request.asked_model or ""
        generated, knowing = self._generated()
        answered = model_answered(chunks.model, asked, redactor, knowing)
        reason = finish_reason(chunks.finish_reason, knowing)
        content_ms = moments_ms(self.exchange.arrivals, chunks.content_ends)
        facts = StreamFacts(
            model=redactor.model_id(asked),
            arrival=pace_of(content_ms, self.exchange.timing.total_ms or 0.0),
            terminator=self._terminator,
            finish_reason=reason,
            model_answered=answered,
            content_kind=_kind(chunks),
            stream_usage=self._usage,
            reasoning_field=chunks.reasoning_field,
            event_fields=safe_paths(chunks.paths, redactor, knowing, other=chunks.more_paths),
        )
        names = {
            "model_answered": one_name(redactor, chunks.model, answered),
            "finish_reason": one_name(redactor, chunks.finish_reason, reason),
        }
        return Reply(facts, measured=self._measured(content_ms), names=names, generated=tuple(generated))

    def _generated(self) -> tuple[list[str], Redactor | None]:
        """Give what was generated, and a redactor that knows all of it; None where that is too much."""
        generated, are_all = self.chunks.generated()
        return generated, self.redactor.also(*generated) if are_all else None

    def _broken_by(self, event: Event) -> ReplyRejected:
        _, knowing = self._generated()
        named, status = error_class(event, self.exchange)
        return ReplyRejected(
            named,
            "the stream broke off with an error event",
            learnt=self.learnt(),
            preview=error_preview(event, knowing),
            status=status,
        )

    @property
    def _terminator(self) -> Terminator:
        if self.is_done:
            return Terminator.DONE
        return Terminator.EOF if self.exchange.fault is None else Terminator.CUT

    @property
    def _usage(self) -> StreamUsage:
        asked_for = self.exchange.request.body or {}
        return self.chunks.usage if "stream_options" in asked_for else StreamUsage.REFUSED

    def _measured(self, content_ms: list[float]) -> dict[str, float]:
        first_ms = moments_ms(self.exchange.arrivals, [] if self.first_ends is None else [self.first_ends])
        times = {
            "first_event": next(iter(first_ms), None),
            "first_content": next(iter(content_ms), None),
            "gap": gap_ms(content_ms),
        }
        return {series: time for series, time in times.items() if time is not None}


def _document(event: Event) -> JsonValue:
    """Parse an event's data; None where it is not JSON, or of more members than are worth parsing."""
    try:
        return cast("JsonValue", from_json(bounded(event.data.encode("utf-8", "replace"))))
    except ValueError:
        return None


def _kind(chunks: Chunks) -> StreamedKind:
    if chunks.tool_calls:
        return StreamedKind.TOOL_CALLS
    if chunks.content:
        return StreamedKind.TEXT
    if chunks.reasoning:
        return StreamedKind.REASONING
    return StreamedKind.NULL if chunks.content is None else StreamedKind.EMPTY
