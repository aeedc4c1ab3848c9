"""A good gateway that can do more than chat: tools, a schema, embeddings and the newer route, each with its knobs."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, replace
from math import hypot
from random import Random
from typing import TYPE_CHECKING, Final

from gateways.good import CREATED, GOOD, Manner, completion, good_gateway, openai_error
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import JsonValue
    from gateways.gateway import Behaviour, Gateway
    from gateways.wire import Exchange

MODEL: Final = "gpt-4o-mini"


def call(arguments: JsonValue = '{"colour": "blue"}', name: str = "report_colour", **members: JsonValue) -> JsonValue:
    """Give one call of the probe's function."""
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}, **members}


def called(*calls: JsonValue, content: str | None = None, reason: str = "tool_calls") -> dict[str, JsonValue]:
    """Give a completion with these calls, or without any."""
    message: Mapping[str, JsonValue] = {"tool_calls": list(calls)} if calls else {}
    return completion(Manner(reply=content, finish_reasons=(reason,), message=message), model=MODEL)


def written(content: str, reason: str = "stop") -> dict[str, JsonValue]:
    """Give a completion with this content."""
    return completion(Manner(reply=content, finish_reasons=(reason,)), model=MODEL)


def vector(seed: int = 0, dimensions: int = 48, length: float = 1.0) -> list[float]:
    """Give a vector of a length; another seed is another model's."""
    drawn = Random(seed)
    numbers = [drawn.gauss(0, 1) for _ in range(dimensions)]
    return [number / hypot(*numbers) * length for number in numbers]


def in_base64(numbers: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def refusal(status: int, message: str, param: str | None = None) -> bytes:
    """Refuse the way OpenAI does."""
    return json_reply(
        status, {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}
    )


@dataclass(frozen=True, slots=True)
class Embedding:
    """How `POST /embeddings` answers."""

    numbers: Sequence[float] = tuple(vector())
    knows_base64: bool = True
    refuses: Mapping[str, bytes] | None = None
    """By the encoding that is asked for."""
    model: str = "text-embedding-3-small"
    usage: Mapping[str, JsonValue] | None = None

    def reply(self, asked: Mapping[str, JsonValue]) -> bytes:
        encoding = str(asked.get("encoding_format", "none"))
        if self.refuses is not None and encoding in self.refuses:
            return self.refuses[encoding]
        is_text = encoding == "base64" and self.knows_base64
        embedding: JsonValue = in_base64(self.numbers) if is_text else list(self.numbers)
        document: dict[str, JsonValue] = {
            "object": "list",
            "data": [{"object": "embedding", "index": 0, "embedding": embedding}],
            "model": self.model,
            "usage": {"prompt_tokens": 11, "total_tokens": 11} if self.usage is None else self.usage,
        }
        return json_reply(200, document)


def response(text: str = "pong", *more: JsonValue, without: str = "", **members: JsonValue) -> dict[str, JsonValue]:
    """Give the body of a good `POST /responses`, with further items of output before its message."""
    part: dict[str, JsonValue] = {"type": "output_text", "text": text, "annotations": []}
    message: dict[str, JsonValue] = {
        "id": "msg_1",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [part],
    }
    document: dict[str, JsonValue] = {
        "id": "resp_1",
        "object": "response",
        "created_at": CREATED,
        "status": "completed",
        "model": MODEL,
        "output": [*more, message],
        "error": None,
        "usage": {"input_tokens": 12, "output_tokens": 1, "total_tokens": 13},
    }
    return {name: value for name, value in {**document, **members}.items() if name != without}


@dataclass(frozen=True, slots=True)
class Capable:
    """What each of the routes answers; a document is served with a 200."""

    tools: Mapping[str, JsonValue] | bytes
    structured: Mapping[str, JsonValue] | bytes
    responses: Mapping[str, JsonValue] | bytes
    embeddings: Embedding | bytes


CAPABLE: Final = Capable(called(call()), written('{"material": "linen"}'), response(), Embedding())


def capable_gateway(capable: Capable = CAPABLE, manner: Manner = GOOD) -> Gateway:
    """Give a gateway that can do all of it."""
    good = good_gateway(manner)
    return replace(good, chat=_chat(capable, good.chat), other=_others(capable, good.other))


def _chat(capable: Capable, chat: Behaviour) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        asked = exchange.request.json()
        if "tools" in asked:
            await exchange.send(_served(capable.tools))
        elif "response_format" in asked:
            await exchange.send(_served(capable.structured))
        else:
            await chat(exchange)

    return answer


def _others(capable: Capable, other: Behaviour) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        path, embeddings = exchange.request.path, capable.embeddings
        if path.endswith("/responses"):
            await exchange.send(_served(capable.responses))
        elif path.endswith("/embeddings"):
            asked = exchange.request.json()
            await exchange.send(embeddings if isinstance(embeddings, bytes) else embeddings.reply(asked))
        else:
            await other(exchange)

    return answer


def _served(reply: Mapping[str, JsonValue] | bytes) -> bytes:
    return reply if isinstance(reply, bytes) else json_reply(200, reply)


NO_SUCH_ROUTE: Final = json_reply(404, openai_error("Invalid URL"))
