"""Every status that says no, at both probes, with an error body that says nothing more."""

from __future__ import annotations

from itertools import chain
from typing import Final

from gateways.faults import endless, kept_open, raw, says, whole
from gateways.fleet.bombs import gzip_bomb
from gateways.good import MODELS, model_list, openai_error
from gateways.scenario import PASS, Scenario, at_both, at_models
from gateways.wire import JSON, head, json_bytes, json_reply

_NAMED: Final = {
    401: "auth",
    402: "rate_or_quota",
    403: "permission",
    404: "base_url_or_route",
    405: "base_url_or_route",
    408: "timeout",
    429: "rate_or_quota",
}
_BY_NUMBER: Final = (400, 406, 407, 409, 410, 411, 412, 413, 414, 415, 418, 421, 422, 425, 426, 428, 431, 451, 499)
_UPSTREAM: Final = (500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 529, 530, 598, 599)
_BEYOND: Final = (600, 999)


def _status(status: int, expected: str) -> tuple[Scenario, Scenario]:
    behaviour = says(status, openai_error("Something went wrong.", kind="error"))
    return at_both(str(status), f"answers {status}", expected, behaviour)


def _success(status: int) -> Scenario:
    description = f"answers {status} with the right body"
    return at_models(f"{status}", description, PASS, kept_open(json_reply(status, model_list(MODELS))))


_LARGE: Final = json_bytes(openai_error("overloaded " * 20_000))

SCENARIOS: Final = (
    *chain.from_iterable(_status(status, expected) for status, expected in _NAMED.items()),
    *chain.from_iterable(_status(status, f"http_{status}") for status in (*_BY_NUMBER, *_BEYOND)),
    *chain.from_iterable(_status(status, "upstream_or_gateway") for status in _UPSTREAM),
    *at_both("401-without-body", "answers 401 with an empty body", "auth", whole(401)),
    *at_both("503-large", "answers 503 with 220 KB of error", "upstream_or_gateway", whole(503, _LARGE, *JSON)),
    *at_both("500-endless", "answers 500 with an error without end", "upstream_or_gateway", endless(head(500, *JSON))),
    *at_both("502-gzip-bomb", "answers 502 with a gzip bomb", "upstream_or_gateway", gzip_bomb(502)),
    *at_both(
        "401-bad-gzip",
        "answers 401 with a body that says gzip and is not",
        "auth",
        whole(401, b"not gzip at all", *JSON, ("Content-Encoding", "gzip")),
    ),
    *at_both(
        "403-cut-short",
        "answers 403 and closes within the error",
        "permission",
        raw(head(403, *JSON, ("Content-Length", "2000")) + b'{"error": {'),
    ),
    *at_both("304", "answers 304, which is no redirect", "http_304", kept_open(head(304))),
    *at_both(
        "101", "switches protocols, unasked", "http_101", raw(head(101, ("Upgrade", "h2c"), ("Connection", "Upgrade")))
    ),
    _success(201),
    _success(202),
    _success(203),
    _success(206),
    *at_both("204", "answers 204", "response_shape", kept_open(head(204)), detail="empty"),
    *at_both("205", "answers 205 with an empty body", "response_shape", whole(205), detail="empty"),
)
