"""Traits of the way to a gateway: what it allows, what a cache does, what the user had recorded."""

from __future__ import annotations

from typing import Final

from gateways.good import Manner, good_gateway
from gateways.traits import Trait

_USUAL: Final = (
    ("x-ratelimit-limit-requests", "10000"),
    ("x-ratelimit-limit-tokens", "2000000"),
    ("x-ratelimit-remaining-requests", "9999"),
    ("x-litellm-version", "1.60.0"),
    ("x-request-id", "req-1"),
)
RECORDED: Final = ("x-litellm-version",)


def _trait(name: str, finds: tuple[str, str] | None, *headers: tuple[str, str], without: str = "") -> Trait:
    """Give a gateway with these headers in place of the usual ones of the same names."""
    kept = {**dict(_USUAL), **dict(headers)}
    kept.pop(without, None)
    found = frozenset() if finds is None else frozenset({finds})
    baseline = good_gateway(Manner(headers=_USUAL))
    return Trait(name, "models", good_gateway(Manner(headers=tuple(kept.items()))), found, baseline)


_RATELIMIT: Final = "transport.ratelimit"
_HEADERS: Final = ("transport.headers", "transport.headers")

TRAITS: Final = (
    _trait("fewer requests", (_RATELIMIT, "transport.ratelimit_requests"), ("x-ratelimit-limit-requests", "500")),
    _trait("fewer tokens", (_RATELIMIT, "transport.ratelimit_tokens"), ("x-ratelimit-limit-tokens", "30000")),
    _trait("no word of tokens", None, without="x-ratelimit-limit-tokens"),
    _trait("fewer requests left", None, ("x-ratelimit-remaining-requests", "3")),
    _trait("another version of the proxy", _HEADERS, ("x-litellm-version", "1.55.3")),
    _trait("no version of the proxy", _HEADERS, without="x-litellm-version"),
    _trait("another request id", None, ("x-request-id", "req-2")),
    _trait("a cache before it", None, ("cf-cache-status", "HIT")),
)
