"""Gateways that give the key back, wherever a reply has room for it; the tests look for it in every output."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from gateways.good import GOOD, MODELS, completion, model_list, openai_error
from gateways.scenario import MODEL, PASS, Scenario, at_both, at_chat, at_models
from gateways.wire import json_reply, reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.model import JsonValue
    from gateways.gateway import Behaviour
    from gateways.wire import Exchange


def _in_hex(key: str) -> str:
    return key.encode().hex("-")


def _echo(make: Callable[[str], bytes]) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        await exchange.send(make(exchange.request.key))

    return answer


async def _prompt_in_error(exchange: Exchange) -> None:
    document = {"detail": [{"type": "missing", "msg": "Field required", "input": exchange.request.body.decode()}]}
    await exchange.send(json_reply(422, document))


def _error(message: str) -> bytes:
    return json_reply(401, openai_error(message))


def _completed(**members: str) -> bytes:
    return json_reply(200, {**completion(GOOD, model=MODEL), **members})


def _finished(reason: str) -> bytes:
    choice: JsonValue = {"index": 0, "message": {"role": "assistant", "content": reason}, "finish_reason": reason}
    return json_reply(200, {**completion(GOOD, model=MODEL), "choices": [choice]})


def _titled(key: str) -> bytes:
    return reply(403, f"<html><title>No entry for {key}</title></html>".encode(), ("Content-Type", "text/html"))


def _reasoned(key: str) -> bytes:
    return reply(500).replace(b"Internal Server Error", key.encode(), 1)


SCENARIOS: Final[tuple[Scenario, ...]] = (
    *at_both("key-in-error", "repeats the key in an error", "auth", _echo(lambda key: _error(f"Wrong key: {key}."))),
    *at_both(
        "half-a-key-in-error",
        "repeats the first half of the key in an error",
        "auth",
        _echo(lambda key: _error(f"Wrong key: {key[: len(key) // 2]}****")),
    ),
    *at_both(
        "spaced-key-in-error",
        "spells the key out in an error",
        "auth",
        _echo(lambda key: _error(f"Wrong key: {' '.join(key)}.")),
    ),
    *at_both(
        "encoded-key-in-error",
        "repeats the key as base64 in an error",
        "auth",
        _echo(lambda key: _error(f"Wrong header: {base64.b64encode(key.encode()).decode()}")),
    ),
    *at_both(
        "key-in-code",
        "gives the key as the error's code",
        "auth",
        _echo(lambda key: json_reply(401, openai_error("No.", kind=key, code=key))),
    ),
    *at_both("key-in-title", "repeats the key in a page's title", "permission", _echo(_titled)),
    *at_both("key-in-reason", "has the key for the words after its status", "upstream_or_gateway", _echo(_reasoned)),
    at_models(
        "key-in-ids",
        "lists models named after the key",
        PASS,
        _echo(lambda key: json_reply(200, model_list([*MODELS, key, f"{key}-mini", f"{key[:20]}/m", _in_hex(key)]))),
    ),
    at_models(
        "key-in-headers",
        "sends the key back in headers",
        PASS,
        _echo(lambda key: json_reply(200, model_list(MODELS), ("X-Key", key), ("Set-Cookie", f"key={key}"))),
    ),
    at_chat("key-in-model", "answers as a model named after the key", PASS, _echo(lambda key: _completed(model=key))),
    at_chat("key-in-reason-and-text", "finishes for a reason that is the key", PASS, _echo(_finished)),
    at_chat(
        "key-in-names", "has members named after the key", PASS, _echo(lambda key: _completed(**{key: "x", "y": key}))
    ),
    at_chat("prompt-in-error", "repeats the prompt in a validation error", "http_422", _prompt_in_error),
)
