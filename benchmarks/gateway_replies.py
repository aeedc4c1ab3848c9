"""What the gateways of the benchmarks answer, read from the path of a request."""

from __future__ import annotations

import json
from functools import cache
from typing import Final, NamedTuple

FIRST_MODEL: Final = "model-0-small"
_COMPLETION: Final = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_700_000_000,
    "model": FIRST_MODEL,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "pong"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10},
}


class Part(NamedTuple):
    """Some bytes of a reply, and how long to wait before they are sent."""

    pause_s: float
    content: bytes


def base_path(name: str, *, headers_ms: int = 0, body_ms: int = 0, models: int = 10) -> str:
    """Spell a gateway's behaviour as the path of its base URL."""
    return f"/{headers_ms}/{body_ms}/{models}/{name}/v1"


@cache
def reply_to(path: str) -> tuple[Part, ...]:
    """Give the parts of the reply that a path asks for, the headers in the first of them."""
    headers_ms, body_ms, models, _, _, *route = path.strip("/").split("/")
    body = _models_body(int(models)) if route == ["models"] else json.dumps(_COMPLETION).encode()
    headers = with_headers(b"", len(body))
    if body_ms == "0":
        return (Part(int(headers_ms) / 1000, headers + body),)
    return Part(int(headers_ms) / 1000, headers), Part(int(body_ms) / 1000, body)


def with_headers(body: bytes, length: int | None = None) -> bytes:
    """Put the status line and headers before a body, or before none for one of this length that is sent later."""
    size = len(body) if length is None else length
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (size, body)


@cache
def _models_body(count: int) -> bytes:
    entries = [
        {"id": f"model-{number}-small", "object": "model", "created": 1_700_000_000, "owned_by": "benchmark"}
        for number in range(count)
    ]
    return json.dumps({"object": "list", "data": entries}).encode()
