"""How gateways stream: each of these streams in one way otherwise than the baseline does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.good import openai_error
from gateways.streaming import (
    COUNTED,
    EVERY_S,
    GOOD,
    NUMBERS,
    ROLE,
    STOP,
    TEXT,
    USAGE,
    End,
    Streaming,
    event,
    part,
    streaming_gateway,
)
from gateways.traits import Trait
from gateways.wire import json_reply, reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import JsonValue


def _found(*finds: str) -> frozenset[tuple[str, str]]:
    return frozenset((rule, f"stream.{field}") for rule, _, field in (each.partition(" ") for each in finds))


def _trait(name: str, streaming: Streaming | bytes, *finds: str, baseline: Streaming | None = None) -> Trait:
    good = streaming_gateway(baseline or Streaming())
    return Trait(f"stream {name}", "stream", streaming_gateway(streaming), _found(*finds), good)


def _parts(name: str, parts: Sequence[Mapping[str, JsonValue] | bytes], *finds: str) -> Trait:
    return _trait(name, Streaming(parts), *finds)


def _error(message: str, kind: str, code: JsonValue = None) -> bytes:
    return event({"error": {"message": message, "type": kind, "param": None, "code": code}})


def _in_every(**more: JsonValue) -> list[Mapping[str, JsonValue]]:
    return [{**each, **more} for each in (ROLE, *TEXT, STOP, COUNTED)]


_PACED: Final = Streaming(every_s=EVERY_S)
_BUFFERED: Final = Streaming(every_s=EVERY_S, in_one_piece=True)
_FAILED: Final = "probe.failed outcome"
_REMOVED: Final = "capability.removed outcome"
_DISAGREES: Final = "stream.agrees_with_chat agrees_with_chat"
_REASONED: Final = [part({"reasoning_content": each}) for each in NUMBERS]
_CALLED: Final = part({"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "f", "arguments": "{}"}}]})

TRAITS: Final = (
    _trait("none", Streaming()),
    _trait("none, at its pace", _PACED, baseline=_PACED),
    _trait("in one piece", _BUFFERED, "stream.arrival arrival", baseline=_PACED),
    _trait("bit by bit where the other buffers", _PACED, "stream.arrival arrival", baseline=_BUFFERED),
    _trait("too fast to say", Streaming(), baseline=_PACED),
    _trait("in a few bursts", Streaming([ROLE, *([b"".join(map(event, TEXT[:4]))]), *([b"".join(map(event, TEXT[4:]))]),
                                         STOP, COUNTED], every_s=0.1), baseline=_PACED),
    _trait("without [DONE]", Streaming(done=b""), "stream.terminator terminator"),
    _trait("closed after the finish reason", Streaming(done=b"", end=End.CLOSE), "stream.terminator terminator"),
    _trait("closed after [DONE]", Streaming(end=End.CLOSE)),
    _trait("closed halfway", Streaming([ROLE, *TEXT], b"", end=End.CLOSE), _FAILED),
    _trait("reset halfway", Streaming([ROLE, *TEXT], b"", end=End.RESET), _FAILED),
    _trait("ended halfway", Streaming([ROLE, *TEXT], b""), _FAILED),
    _trait("no finish reason, but [DONE]", Streaming([ROLE, *TEXT, COUNTED]),
           "stream.finish_reason finish_reason", _DISAGREES),
    _trait("nothing but [DONE]", Streaming([]), _FAILED),
    _trait("nothing at all", Streaming([], b""), _FAILED),
    _trait("comments alone", Streaming([b": ping\n\n"] * 20, b""), _FAILED),
    _trait("comments in between", Streaming([each for one in GOOD for each in (one, b": \n\n")])),
    _trait("as plain text", Streaming(content_type="text/plain")),
    _trait("one whole completion", json_reply(200, {"choices": [{"message": {"content": "1 2 3"}}]}), _FAILED),
    _trait("a login page", reply(200, b"<html><title>Sign in</title></html>", ("Content-Type", "text/html")), _FAILED),
    _trait("stream refused", json_reply(400, openai_error("Unsupported parameter: 'stream'")), _REMOVED),
    _trait("no such route", json_reply(404, openai_error("Not Found")), _REMOVED),
    _trait("breaks it", json_reply(500, openai_error("Internal error")), _FAILED),
    _parts("an event that is no JSON", [ROLE, b"data: {'a': 1}\n\n", *TEXT, STOP], _FAILED),
    _parts("an event that is a list", [ROLE, b"data: []\n\n", *TEXT, STOP], _FAILED),
    _parts("an error midway", [ROLE, *TEXT, _error("Provider returned error", "server_error")], _FAILED),
    _parts("an error by its name", [ROLE, *TEXT, event({"message": "Overloaded"}, "error")], _FAILED),
    _parts("finishes with length", [ROLE, *TEXT, part(reason="length"), COUNTED],
           "stream.finish_reason finish_reason", _DISAGREES),
    _parts("another model", _in_every(model="gpt-4o"), "stream.model_answered model_answered", _DISAGREES),
    _parts("no model", [{name: each[name] for name in each if name != "model"} for each in _in_every()],
           "stream.model_answered model_answered", "stream.event_fields event_fields", _DISAGREES),
    _parts("no usage", [ROLE, *TEXT, STOP], "stream.stream_usage stream_usage"),
    _parts("usage in the last choice", [ROLE, *TEXT, {**STOP, "usage": USAGE}], "stream.stream_usage stream_usage"),
    _parts("usage in every chunk", _in_every(usage=USAGE), "stream.stream_usage stream_usage"),
    _parts("usage null before it comes", [*({**each, "usage": None} for each in (ROLE, *TEXT, STOP)), COUNTED]),
    _parts("padded", [{**each, "obfuscation": "xyz"} for each in _in_every()]),
    _parts("reasons first", [ROLE, *_REASONED, *TEXT, STOP, COUNTED], "stream.reasoning_field reasoning_field"),
    _parts("reasons alone", [ROLE, *_REASONED, STOP, COUNTED],
           "stream.reasoning_field reasoning_field", "stream.content_kind content_kind"),
    _parts("calls a tool", [ROLE, _CALLED, STOP, COUNTED],
           "stream.content_kind content_kind", "stream.event_fields event_fields"),
    _parts("says nothing", [ROLE, STOP, COUNTED], "stream.content_kind content_kind"),
    _parts("a vendor's field", _in_every(provider="x"), "stream.event_fields event_fields"),
    Trait("stream usage refused", "stream", streaming_gateway(Streaming(), takes_usage=False),
          _found("stream.stream_usage stream_usage"), streaming_gateway(Streaming())),
)  # fmt: skip
