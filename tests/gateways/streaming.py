"""A gateway that streams chat completions, with a knob for each way in which streams differ or go wrong."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from gateways.good import CREATED, good_gateway, openai_error
from gateways.wire import Exchange, chunk, head, json_bytes, json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import JsonValue
    from gateways.gateway import Behaviour, Gateway

MODEL: Final = "gpt-4o-mini"
DONE: Final = b"data: [DONE]\n\n"
EVENT_STREAM: Final = "text/event-stream"
NUMBERS: Final = tuple(f"{number} " for number in range(1, 13))
USAGE: Final = {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32}
EVERY_S: Final = 0.03
"""Between two tokens: twelve of them take longer than a stream has to, to be called incremental or not."""


def part(delta: JsonValue = None, *, reason: str | None = None, **more: JsonValue) -> dict[str, JsonValue]:
    """Give a chunk with one choice."""
    choice = {"index": 0, "delta": {} if delta is None else delta, "finish_reason": reason}
    return _chunk([choice], **more)


def _chunk(choices: Sequence[JsonValue], **more: JsonValue) -> dict[str, JsonValue]:
    about: dict[str, JsonValue] = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": CREATED}
    return {**about, "model": MODEL, "choices": choices, **more}


ROLE: Final = part({"role": "assistant", "content": ""})
TEXT: Final = tuple(part({"content": each}) for each in NUMBERS)
STOP: Final = part(reason="stop")
COUNTED: Final = _chunk([], usage=USAGE)
GOOD: Final = (ROLE, *TEXT, STOP, COUNTED)


def event(document: JsonValue, kind: str | None = None) -> bytes:
    """Give one event."""
    return (b"" if kind is None else f"event: {kind}\n".encode()) + b"data: " + json_bytes(document) + b"\n\n"


class End(Enum):
    """What a server does when it has sent all its events."""

    WHOLE = "end the body"
    CLOSE = "close without ending the body"
    RESET = "send RST"
    NEVER = "keep the connection open"


@dataclass(frozen=True, slots=True)
class Streaming:
    """The knobs."""

    parts: Sequence[Mapping[str, JsonValue] | bytes] = GOOD
    """Bytes are sent as they are."""
    done: bytes = DONE
    """What stands behind them."""
    every_s: float = 0.0
    """Before each part."""
    in_one_piece: bool = False
    """All parts at the time of the last one, as behind a proxy that buffers."""
    end: End = End.WHOLE
    is_chunked: bool = True
    """Without, the body is whole when the connection is closed, as for a client of HTTP/1.0."""
    content_type: str = EVENT_STREAM

    @property
    def pieces(self) -> list[bytes]:
        """Give what is sent, each piece at its time."""
        events = [each if isinstance(each, bytes) else event(each) for each in self.parts]
        return [*events, self.done] if self.done else events


def streaming_gateway(streaming: Streaming | bytes, *, takes_usage: bool = True) -> Gateway:
    """Give a gateway that is good but for how it streams, or that answers with these bytes where a stream is asked for.

    With `takes_usage` false it refuses `stream_options`.
    """
    good = good_gateway()

    async def chat(exchange: Exchange) -> None:
        asked = exchange.request.json()
        if not asked.get("stream"):
            await good.chat(exchange)
        elif not takes_usage and "stream_options" in asked:
            await exchange.send(json_reply(400, openai_error("Unrecognized request argument: stream_options")))
        elif isinstance(streaming, bytes):
            await exchange.send(streaming)
        else:
            await _stream(streaming)(exchange)

    return replace(good, chat=chat)


def _stream(streaming: Streaming) -> Behaviour:
    framed = chunk if streaming.is_chunked else bytes
    framing = ("Transfer-Encoding", "chunked") if streaming.is_chunked else ("Connection", "close")

    async def answer(exchange: Exchange) -> None:
        await exchange.send(head(200, ("Content-Type", streaming.content_type), framing))
        pieces = streaming.pieces
        if streaming.in_one_piece:
            await asyncio.sleep(streaming.every_s * len(pieces))
            await exchange.send(framed(b"".join(pieces)))
        else:
            for piece in pieces:
                if streaming.every_s:
                    await asyncio.sleep(streaming.every_s)
                await exchange.send(framed(piece))
        match streaming.end:
            case End.WHOLE if streaming.is_chunked:
                await exchange.send(chunk(b""))
            case End.CLOSE | End.WHOLE:
                exchange.peer.close()
            case End.RESET:
                # What is on its way when RST is sent may never be read.
                await asyncio.sleep(0.2)
                exchange.peer.reset()
            case End.NEVER:
                await exchange.peer.gone()

    return answer
