"""The demo's answers, in the shapes of the OpenAI API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from envcheck.demo.manners import Manners
    from envcheck.model import JsonValue

_CREATED: Final = 1_721_172_741


def model_list(manners: Manners) -> dict[str, JsonValue]:
    """Answer `GET /models`."""
    return {
        "object": "list",
        "data": [{"id": each, "object": "model", "created": _CREATED, "owned_by": "demo"} for each in manners.models],
    }


def completion(manners: Manners) -> dict[str, JsonValue]:
    """Answer `POST /chat/completions`."""
    message: JsonValue = {"role": "assistant", "content": "pong", "refusal": None}
    document: dict[str, JsonValue] = {
        "id": "chatcmpl-demo",
        "object": "chat.completion",
        "created": _CREATED,
        "model": manners.answered_model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }
    if manners.reports_usage:
        document["usage"] = {"prompt_tokens": 14, "completion_tokens": 1, "total_tokens": 15}
    return document


def wrong_key(key: str) -> dict[str, JsonValue]:
    """Refuse a key the way some gateways do: by giving it back, for redaction to show what it is there for."""
    return _error(
        f"Incorrect API key provided: {key}. Ask your gateway's owner for one.",
        kind="invalid_request_error",
        code="invalid_api_key",
    )


def rate_limited(model: str) -> dict[str, JsonValue]:
    """Refuse a chat for now."""
    return _error(
        f"Rate limit reached for {model} on requests per minute. Try again in 20 s.",
        kind="requests",
        code="rate_limit_exceeded",
    )


def _error(message: str, *, kind: str, code: str) -> dict[str, JsonValue]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}
