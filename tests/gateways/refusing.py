"""A good gateway that looks at its callers: it refuses a wrong key, an unknown model and a body that is no JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gateways.good import GOOD, Manner, good_gateway
from gateways.wire import json_reply

if TYPE_CHECKING:
    from envcheck.model import JsonValue
    from gateways.gateway import Behaviour, Gateway
    from gateways.wire import Exchange, Headers

KEY: Final = "made-up-Key-of-the-fleet-0123456789"


def refusal(status: int, *headers: tuple[str, str], **members: JsonValue) -> bytes:
    """Give a refusal the way OpenAI writes it; members in place of its own are what it differs in."""
    error: dict[str, JsonValue] = {"message": "No.", "type": "invalid_request_error", "param": None, "code": None}
    return json_reply(status, {"error": {**error, **members}}, *headers)


def wrong_key(status: int = 401, *headers: tuple[str, str], **members: JsonValue) -> bytes:
    return refusal(status, *headers, **{"code": "invalid_api_key", **members})


def unknown_model(status: int = 404, *headers: tuple[str, str], **members: JsonValue) -> bytes:
    return refusal(status, *headers, **{"code": "model_not_found", "param": "model", **members})


@dataclass(frozen=True, slots=True)
class Refusals:
    """What each mistake of a caller's is answered with; None serves it."""

    wrong_key_at_chat: bytes | None = wrong_key()
    wrong_key_at_models: bytes | None = wrong_key()
    unknown_model: bytes | None = unknown_model()
    no_json: bytes | None = refusal(400)


STRICT: Final = Refusals()


def refusing_gateway(refusals: Refusals = STRICT, manner: Manner = GOOD) -> Gateway:
    """Give a gateway that refuses like this, and serves all else well."""
    good = good_gateway(manner)
    models = _only_with_key(good.models, refusals.wrong_key_at_models)
    chat = _only_with_key(_only_what_it_has(good.chat, refusals, manner), refusals.wrong_key_at_chat)
    return replace(good, models=models, chat=chat)


def page(status: int, body: bytes, content_type: str) -> bytes:
    """Give a reply that is not JSON as OpenAI writes it."""
    headers: Headers = (("Content-Type", content_type), ("Content-Length", str(len(body))))
    lines = [f"HTTP/1.1 {status} No", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _only_with_key(behaviour: Behaviour, no: bytes | None) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        if no is None or exchange.request.key == KEY:
            await behaviour(exchange)
        else:
            await exchange.send(no)

    return answer


def _only_what_it_has(behaviour: Behaviour, refusals: Refusals, manner: Manner) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        model = _asked(exchange)
        no = refusals.no_json if model is None else refusals.unknown_model
        is_good = model in manner.models[0]
        if is_good or (model is not None and no is None):
            await behaviour(exchange)
        elif no is None:
            whole = replace(exchange.request, body=json.dumps({"model": manner.models[0][0]}).encode())
            await behaviour(replace(exchange, request=whole))
        else:
            await exchange.send(no)

    return answer


def _asked(exchange: Exchange) -> object:
    try:
        return exchange.request.json().get("model")
    except ValueError:
        return None
