"""Replies that break off, and replies that are not HTTP."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

from gateways.faults import raw, then_reset
from gateways.good import MODELS, model_list
from gateways.scenario import PASS, Scenario, at_both, at_models
from gateways.wire import JSON, chunk, head, json_bytes, reply

if TYPE_CHECKING:
    from gateways.gateway import Behaviour

_BODY: Final = json_bytes(model_list(MODELS))
_SIZED: Final = head(200, *JSON, ("Content-Length", "2000"))
_CHUNKED: Final = head(200, *JSON, ("Transfer-Encoding", "chunked"))
_GZIPPED: Final = (*JSON, ("Content-Encoding", "gzip"))
_STATUS_LINE: Final = b"HTTP/1.1 200 OK\r\n"

_NOT_HTTP: Final = "not HTTP"
_CUT_SHORT: Final = "cut short"


def _network(name: str, description: str, behaviour: Behaviour, detail: str = "") -> tuple[Scenario, Scenario]:
    return at_both(name, description, "network", behaviour, detail=detail)


def _not_http(name: str, description: str, data: bytes) -> tuple[Scenario, Scenario]:
    return _network(name, description, raw(data), _NOT_HTTP)


SCENARIOS: Final = (
    at_models(
        "closes-after-its-reply",
        "closes after a good reply without having said so, as it does when it is idle for too long",
        PASS,
        raw(reply(200, _BODY, *JSON)),
    ),
    *_network("resets-at-request", "resets when it has read the request", then_reset(b""), "reset"),
    *_network("resets-in-status-line", "resets within its status line", then_reset(b"HTTP/1.1 2")),
    *_network("resets-in-headers", "resets within its headers", then_reset(_STATUS_LINE + b"Server: s\r\n")),
    *_network("resets-after-headers", "resets after its headers", then_reset(_SIZED)),
    *_network("resets-in-body", "resets within its body", then_reset(_SIZED + b'{"object": ')),
    *_network("resets-in-chunk", "resets within a chunk", then_reset(_CHUNKED + b"40\r\n{")),
    *_network("closes-at-request", "closes without a reply", raw(b""), "closed"),
    *_network("closes-in-status-line", "closes within its status line", raw(b"HTTP/1.1 2")),
    *_network("closes-in-headers", "closes within its headers", raw(_STATUS_LINE + b"Server: s\r\n")),
    *_network("closes-after-headers", "closes where a body was promised", raw(_SIZED), _CUT_SHORT),
    *_network("closes-in-body", "closes half-way through the body", raw(_SIZED + _BODY), _CUT_SHORT),
    *_network("closes-in-chunk", "closes within a chunk", raw(_CHUNKED + b"40\r\n{"), _CUT_SHORT),
    *_network("closes-before-last-chunk", "closes before the last chunk", raw(_CHUNKED + chunk(_BODY)), _CUT_SHORT),
    *_network(
        "closes-in-gzip",
        "closes within a compressed body whose length it gave",
        raw(head(200, *_GZIPPED, ("Content-Length", "2000")) + gzip.compress(_BODY)[:40]),
    ),
    *_network("bad-chunk-size", "sends a chunk whose size is no number", raw(_CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n")),
    *_network("huge-chunk-size", "sends a chunk size of 40 digits", raw(_CHUNKED + b"f" * 40 + b"\r\n{}\r\n")),
    *_network(
        "chunk-longer-than-its-size", "sends a longer chunk than it says", raw(_CHUNKED + b"2\r\n{}{}\r\n0\r\n\r\n")
    ),
    *_not_http("garbage", "answers with bytes that mean nothing", bytes(range(128, 256)) * 4),
    *_not_http("zeros", "answers with zero bytes", bytes(512)),
    *_not_http("http-0.9", "sends the body and nothing before it, as HTTP/0.9 did", _BODY),
    *_not_http("html-only", "sends a page and nothing before it", b"<html><title>hello</title></html>"),
    *_not_http("http-2-frames", "answers in HTTP/2, unasked", b"\0\0\x12\x04\0\0\0\0\0\0\3\0\0\0\x64" + bytes(12)),
    *_not_http("icy", "answers as an internet radio", b"ICY 200 OK\r\n\r\n"),
    *_not_http("status-no-number", "has a word for a status", b"HTTP/1.1 FINE OK\r\nContent-Length: 0\r\n\r\n"),
    *_not_http(
        "status-of-four-digits", "has a status of four digits", b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"
    ),
    *_not_http("status-000", "has a status of 000", b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"),
    *_not_http("status-099", "has a status of 099", b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"),
    *_not_http("request-line", "answers with a request", b"GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n"),
    *_not_http("redis", "answers as a database", b"-ERR unknown command 'GET'\r\n"),
)
