"""Gateways that let the client wait: the deadline is over the whole exchange, whatever trickles in meanwhile."""

from __future__ import annotations

import asyncio
from itertools import chain
from typing import TYPE_CHECKING, Final

from gateways.faults import dripping, endless, then_silent
from gateways.good import GOOD, MODELS, completion, model_list
from gateways.scenario import MODEL, Scenario, at_both, at_chat, at_models
from gateways.wire import JSON, chunk, head, json_bytes

if TYPE_CHECKING:
    from gateways.wire import Exchange

_LIST: Final = json_bytes(model_list(MODELS))
_COMPLETION: Final = json_bytes(completion(GOOD, model=MODEL))
_SIZED: Final = head(200, *JSON, ("Content-Length", "2000"))
_CHUNKED: Final = head(200, *JSON, ("Transfer-Encoding", "chunked"))

_HEADERS: Final = "no reply before the deadline"
_BODY: Final = "the body did not end before the deadline"


async def _hints_for_ever(exchange: Exchange) -> None:
    for _ in range(600):
        await exchange.send(head(102))
        await asyncio.sleep(0.1)


async def _tiny_chunks_for_ever(exchange: Exchange) -> None:
    await exchange.send(_CHUNKED + chunk(b"{"))
    for _ in range(6000):
        await exchange.send(chunk(b" ") * 1000)
        await asyncio.sleep(0.01)


def _timeouts(name: str, description: str, start: bytes, detail: str) -> tuple[Scenario, Scenario]:
    return at_both(name, description, "timeout", then_silent(start), detail=detail, to_the_deadline=True)


def _status_first(status: int, expected: str) -> tuple[Scenario, Scenario]:
    start = head(status, *JSON, ("Content-Length", "2000")) + b'{"error": {"mess'
    description = f"answers {status} and stalls in the error's body: the status has said it all"
    return at_both(f"{status}-then-stalls", description, expected, then_silent(start), to_the_deadline=True)


SCENARIOS: Final = (
    *_timeouts("never-answers", "takes the request and never answers", b"", _HEADERS),
    *at_both(
        "drips-status-line",
        "sends its status line one byte a second",
        "timeout",
        dripping(b"", head(200)),
        detail=_HEADERS,
        to_the_deadline=True,
    ),
    *at_both(
        "drips-headers",
        "sends one byte of a header a second",
        "timeout",
        dripping(b"HTTP/1.1 200 OK\r\n", b"X-Slow: " + b"y" * 60),
        detail=_HEADERS,
        to_the_deadline=True,
    ),
    *_timeouts("headers-never-end", "stalls within its headers", b"HTTP/1.1 200 OK\r\nServer: s\r\n", _HEADERS),
    *at_both(
        "informs-for-ever",
        "sends `102 Processing` ten times a second and never a final status",
        "timeout",
        _hints_for_ever,
        detail=_HEADERS,
        to_the_deadline=True,
    ),
    at_models(
        "informs-as-fast-as-it-can",
        "sends `103 Early Hints` without end as fast as the client reads",
        "timeout",
        endless(b"", head(103, ("Link", "</a>")) * 1000),
        to_the_deadline=True,
    ),
    *_timeouts("stalls-after-headers", "sends its headers and then nothing", _SIZED, _BODY),
    *_timeouts("stalls-in-body", "stalls half-way through the body", _SIZED + b'{"object": ', _BODY),
    *at_both(
        "drips-body",
        "sends its body one byte a second",
        "timeout",
        dripping(_SIZED, b" " * 60),
        detail=_BODY,
        to_the_deadline=True,
    ),
    *_timeouts("stalls-between-chunks", "stalls between two chunks", _CHUNKED + chunk(b'{"object": '), _BODY),
    at_models(
        "last-chunk-missing",
        "sends the whole body in chunks and never the one that ends it",
        "timeout",
        then_silent(_CHUNKED + chunk(_LIST)),
        detail=_BODY,
        to_the_deadline=True,
    ),
    at_chat(
        "last-chunk-missing",
        "sends the whole body in chunks and never the one that ends it",
        "timeout",
        then_silent(_CHUNKED + chunk(_COMPLETION)),
        detail=_BODY,
        to_the_deadline=True,
    ),
    *at_both(
        "tiny-chunks-for-ever",
        "sends chunks of one byte without end",
        "timeout",
        _tiny_chunks_for_ever,
        detail=_BODY,
        to_the_deadline=True,
    ),
    *_timeouts(
        "stalls-in-gzip",
        "stalls within a compressed body",
        head(200, *JSON, ("Content-Encoding", "gzip"), ("Content-Length", "2000")) + b"\x1f\x8b\x08\x00",
        _BODY,
    ),
    *chain.from_iterable(
        _status_first(status, expected)
        for status, expected in (
            (302, "base_url_or_route"),
            (400, "http_400"),
            (401, "auth"),
            (429, "rate_or_quota"),
            (500, "upstream_or_gateway"),
        )
    ),
)
