"""The demo's answers, in the shapes of the OpenAI API."""

from __future__ import annotations

import base64
import secrets
import struct
from typing import TYPE_CHECKING, Final

from envcheck.probes.identity import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from envcheck.demo.manners import Manners
    from envcheck.model import JsonValue

_CREATED: Final = 1_721_172_741
_ABOUT: Final[Mapping[str, JsonValue]] = {"id": "chatcmpl-demo", "created": _CREATED}
_USAGE: Final[JsonValue] = {"prompt_tokens": 14, "completion_tokens": 1, "total_tokens": 15}
_REPLY: Final = "pong"
_DIMENSIONS: Final = 64
_CHOSEN: Final = {question.prompt: sorted(question.answers) for question in QUESTIONS}


def model_list(manners: Manners) -> dict[str, JsonValue]:
    """Answer `GET /models`."""
    return {
        "object": "list",
        "data": [{"id": each, "object": "model", "created": _CREATED, "owned_by": "demo"} for each in manners.models],
    }


def completion(manners: Manners, asked: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Answer `POST /chat/completions`."""
    if manners.calls_tools and "tools" in asked:
        function: JsonValue = {"name": "report_colour", "arguments": '{"colour": "blue"}'}
        calls: JsonValue = [{"id": "call_demo", "type": "function", "function": function}]
        return _completion(manners, {"content": None, "tool_calls": calls}, "tool_calls")
    return _completion(manners, {"content": _content(manners, asked)}, "stop")


def _content(manners: Manners, asked: Mapping[str, JsonValue]) -> str:
    if "response_format" in asked:
        return '{"material": "linen"}'
    match asked.get("messages"):
        case [{"content": str(prompt)}] if prompt in _CHOSEN:
            answers = _CHOSEN[prompt]
            return secrets.choice(answers) if manners.answers_at_random else answers[0]
        case _:
            return _REPLY


def _completion(manners: Manners, message: Mapping[str, JsonValue], reason: str) -> dict[str, JsonValue]:
    choice: JsonValue = {
        "index": 0,
        "message": {"role": "assistant", "refusal": None, **message},
        "finish_reason": reason,
    }
    document = {**_ABOUT, "object": "chat.completion", "model": manners.answered_model, "choices": [choice]}
    return {**document, "usage": _USAGE} if manners.reports_usage else document


def chunks(manners: Manners) -> Iterator[dict[str, JsonValue]]:
    """Give the parts of a streamed completion: a role, one number each, the end, and what it cost."""
    yield _chunk(manners, {"role": "assistant", "content": ""})
    for number in range(1, 13):
        yield _chunk(manners, {"content": f"{number} "})
    yield _chunk(manners, {}, "stop")
    if manners.reports_usage:
        yield {**_chunk(manners, {}), "choices": [], "usage": _USAGE}


def _chunk(manners: Manners, delta: Mapping[str, JsonValue], reason: str | None = None) -> dict[str, JsonValue]:
    choice: JsonValue = {"index": 0, "delta": delta, "finish_reason": reason}
    return {**_ABOUT, "object": "chat.completion.chunk", "model": manners.answered_model, "choices": [choice]}


def embedding(asked: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Answer `POST /embeddings`."""
    numbers = [_DIMENSIONS**-0.5] * _DIMENSIONS
    in_base64 = base64.b64encode(struct.pack(f"<{_DIMENSIONS}f", *numbers)).decode()
    vector: JsonValue = in_base64 if asked.get("encoding_format") == "base64" else numbers
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": vector}],
        "model": asked.get("model"),
        "usage": {"prompt_tokens": 11, "total_tokens": 11},
    }


def response(manners: Manners) -> dict[str, JsonValue]:
    """Answer `POST /responses`."""
    part: JsonValue = {"type": "output_text", "text": _REPLY, "annotations": []}
    message: JsonValue = {
        "id": "msg_demo",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [part],
    }
    return {
        "id": "resp_demo",
        "object": "response",
        "created_at": _CREATED,
        "status": "completed",
        "model": manners.answered_model,
        "output": [message],
        "usage": {"input_tokens": 14, "output_tokens": 1, "total_tokens": 15},
    }


def wrong_key(key: str) -> dict[str, JsonValue]:
    """Refuse a key the way some gateways do: by giving it back, for redaction to show what it is there for."""
    return _error(f"Incorrect API key provided: {key}. Ask your gateway's owner for one.", code="invalid_api_key")


def rate_limited(model: str) -> dict[str, JsonValue]:
    """Refuse a chat for now."""
    return _error(
        f"Rate limit reached for {model} on requests per minute. Try again in 20 s.",
        kind="requests",
        code="rate_limit_exceeded",
    )


def unknown_model() -> dict[str, JsonValue]:
    """Refuse a model that is not there."""
    return _error("The model does not exist.", code="model_not_found", param="model")


def no_schemas() -> dict[str, JsonValue]:
    """Refuse a parameter."""
    return _error("response_format is not supported.", param="response_format")


def broken_body() -> dict[str, JsonValue]:
    """Refuse, or break at, a body that is no JSON."""
    return _error("The body could not be parsed.")


def no_such_route() -> dict[str, JsonValue]:
    """Say that a route is not there."""
    return _error("There is no such route.")


def _error(
    message: str, *, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None
) -> dict[str, JsonValue]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
