"""Replies whose headers are odd, hostile or without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.faults import endless, kept_open, raw
from gateways.good import MODELS, model_list
from gateways.scenario import PASS, Scenario, at_both, at_models
from gateways.wire import JSON, Headers, head, json_bytes, reply

if TYPE_CHECKING:
    from gateways.gateway import Behaviour

_BODY: Final = json_bytes(model_list(MODELS))
_LENGTH: Final = ("Content-Length", str(len(_BODY)))
_MANY: Final[Headers] = tuple((f"X-Header-{each}", "v" * 40) for each in range(100_000))
_GIANT: Final = ("X-Giant", "v" * (1 << 20))


def _network(name: str, description: str, behaviour: Behaviour) -> tuple[Scenario, Scenario]:
    return at_both(name, description, "network", behaviour, detail="not HTTP")


def _lists(name: str, description: str, data: bytes) -> Scenario:
    return at_models(name, description, PASS, kept_open(data))


def _closes(name: str, description: str, data: bytes) -> Scenario:
    return at_models(name, description, PASS, raw(data))


SCENARIOS: Final = (
    *_network("100000-headers", "sends 100,000 headers", raw(head(200, *JSON, *_MANY, _LENGTH) + _BODY)),
    *_network(
        "endless-headers", "sends headers without end", endless(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n" * 4096)
    ),
    *_network("giant-header", "sends a header of 1 MiB", raw(head(200, *JSON, _GIANT, _LENGTH) + _BODY)),
    *_network("endless-header", "sends one header without end", endless(b"HTTP/1.1 200 OK\r\nX-More: ")),
    *_network("giant-reason", "sends a status line of 1 MiB", raw(b"HTTP/1.1 200 " + b"O" * (1 << 20) + b"\r\n\r\n")),
    *_network("header-without-colon", "sends a header without a colon", raw(b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n")),
    *_network("header-with-zero-byte", "sends a zero byte in a header", raw(b"HTTP/1.1 200 OK\r\nX-A: b\0c\r\n\r\n")),
    *_network(
        "length-is-no-number", "gives its length as a word", raw(b"HTTP/1.1 200 OK\r\nContent-Length: all\r\n\r\n{}")
    ),
    *_network("length-is-negative", "gives a negative length", raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}")),
    *_network(
        "two-lengths", "gives two lengths that differ", raw(head(200, *JSON, _LENGTH, ("Content-Length", "7")) + _BODY)
    ),
    *_network(
        "length-and-chunks",
        "gives a length and chunks, of which only one can be true",
        raw(head(200, *JSON, _LENGTH, ("Transfer-Encoding", "chunked")) + _BODY),
    ),
    _lists("many-honest-headers", "sends 90 headers of its own", reply(200, _BODY, *JSON, *_MANY[:90])),
    _lists("no-content-type", "does not say what its body is", reply(200, _BODY)),
    _lists("odd-content-type", "says something that is no media type", reply(200, _BODY, ("Content-Type", ";;=\x01"))),
    _lists("text-content-type", "says that its JSON is text", reply(200, _BODY, ("Content-Type", "text/plain"))),
    _lists(
        "odd-charset",
        "names a character set that does not exist",
        reply(200, _BODY, ("Content-Type", "application/json; charset=no-such")),
    ),
    _closes("until-closed", "ends its body by closing", head(200, *JSON, ("Connection", "close")) + _BODY),
    _closes("http-1.0", "answers in HTTP/1.0", head(200, *JSON, version="1.0") + _BODY),
    _lists("http-2.0", "calls it HTTP/2.0", reply(200, _BODY, *JSON).replace(b"HTTP/1.1", b"HTTP/2.0", 1)),
    _lists(
        "after-early-hints", "sends `103 Early Hints` first", head(103, ("Link", "</a>")) + reply(200, _BODY, *JSON)
    ),
    _lists("after-continue", "sends `100 Continue`, unasked", head(100) + reply(200, _BODY, *JSON)),
    _lists("no-reason", "has no words after its status", reply(200, _BODY, *JSON).replace(b"200 OK", b"200", 1)),
    _lists(
        "cookies", "sets cookies", reply(200, _BODY, *JSON, ("Set-Cookie", "a=b"), ("Set-Cookie", "bad cookie;;=\x01"))
    ),
)
