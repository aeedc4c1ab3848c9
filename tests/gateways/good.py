"""A gateway that does everything right, with a knob for each way in which two right gateways differ."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from gateways.gateway import Behaviour, Gateway
from gateways.wire import Exchange, json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import JsonValue

MODELS = ("gpt-4o", "gpt-4o-mini", "text-embedding-3-small")
CREATED = 1_721_172_741
REPLY = "pong"


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a route takes before it answers, the same in every run."""

    seconds: float = 0.0
    jitter: float = 0.0
    """Up to this part more or less: 0.25 is a quarter."""
    seed: int = 0

    async def wait(self, number: int) -> None:
        factor = random.Random(f"{self.seed}/{number}").uniform(1 - self.jitter, 1 + self.jitter)
        if self.seconds:
            await asyncio.sleep(self.seconds * factor)


@dataclass(frozen=True, slots=True)
class Manner:
    """The knobs. A sequence of sequences or of words is gone through in turn, one for each request."""

    models: Sequence[Sequence[str]] = (MODELS,)
    answered_model: str | None = None
    """None answers as the model that was asked for."""
    reply: str | None = REPLY
    finish_reasons: Sequence[str | None] = ("stop",)
    usage: Mapping[str, JsonValue] | None = field(
        default_factory=lambda: {"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 13}
    )
    choices: int = 1
    message: Mapping[str, JsonValue] = field(default_factory=dict)
    """Further members of the message."""
    extra: Mapping[str, JsonValue] = field(default_factory=dict)
    """Further members of the completion."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers of both replies."""
    said: Mapping[str, JsonValue] = field(default_factory=dict)
    """Further members of each entry of the list of models."""
    models_delay: Delay = Delay()
    chat_delay: Delay = Delay()
    key: str | None = None
    """The only key that is let in; None lets in everyone."""


GOOD = Manner()


def good_gateway(manner: Manner = GOOD) -> Gateway:
    """Give a gateway of these manners."""
    return Gateway(models=_guarded(manner, _models(manner)), chat=_guarded(manner, _chat(manner)), other=_no_such_route)


def model_list(ids: Sequence[str], said: Mapping[str, JsonValue] = MappingProxyType({})) -> dict[str, JsonValue]:
    """Give the body of a good `GET /models`."""
    return {
        "object": "list",
        "data": [{"id": each, "object": "model", "created": CREATED, "owned_by": "system", **said} for each in ids],
    }


def completion(manner: Manner, *, model: str, number: int = 1) -> dict[str, JsonValue]:
    """Give the body of a good `POST /chat/completions`."""
    message: dict[str, JsonValue] = {"role": "assistant", "content": manner.reply, **manner.message}
    reason = manner.finish_reasons[(number - 1) % len(manner.finish_reasons)]
    document: dict[str, JsonValue] = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": CREATED,
        "model": manner.answered_model or model,
        "choices": [{"index": each, "message": message, "finish_reason": reason} for each in range(manner.choices)],
        **manner.extra,
    }
    return document if manner.usage is None else {**document, "usage": manner.usage}


def openai_error(message: str, *, kind: str = "invalid_request_error", code: str | None = None) -> dict[str, JsonValue]:
    """Give an error the way OpenAI writes it."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _models(manner: Manner) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        await manner.models_delay.wait(exchange.number)
        ids = manner.models[(exchange.number - 1) % len(manner.models)]
        await exchange.send(json_reply(200, model_list(ids, manner.said), *manner.headers))

    return answer


def _chat(manner: Manner) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        await manner.chat_delay.wait(exchange.number)
        document = completion(manner, model=str(exchange.request.json()["model"]), number=exchange.number)
        await exchange.send(json_reply(200, document, *manner.headers))

    return answer


def _guarded(manner: Manner, behaviour: Behaviour) -> Behaviour:
    if manner.key is None:
        return behaviour

    async def check(exchange: Exchange) -> None:
        if exchange.request.key == manner.key:
            await behaviour(exchange)
        else:
            await exchange.send(json_reply(401, openai_error("Incorrect API key provided.", code="invalid_api_key")))

    return check


async def _no_such_route(exchange: Exchange) -> None:
    request = exchange.request
    await exchange.send(json_reply(404, openai_error(f"Invalid URL ({request.method} {request.path})")))
