"""Redirects: never followed, and the target's host is the detail."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from gateways.faults import whole
from gateways.good import MODELS, model_list
from gateways.scenario import PASS, Scenario, at_both, at_models
from gateways.wire import JSON, head, json_bytes

if TYPE_CHECKING:
    from gateways.wire import Exchange

_ELSEWHERE: Final = "https://elsewhere.invalid/v1/models"


def _to(name: str, description: str, location: str, detail: str = "") -> tuple[Scenario, Scenario]:
    behaviour = whole(302, b"", ("Location", location))
    return at_both(f"redirect-{name}", description, "base_url_or_route", behaviour, detail=detail)


def _status(status: int) -> tuple[Scenario, Scenario]:
    behaviour = whole(status, b"<h1>Moved</h1>", ("Location", _ELSEWHERE), ("Content-Type", "text/html"))
    description = f"redirects to another host with {status}"
    return at_both(f"redirect-{status}", description, "base_url_or_route", behaviour, detail="elsewhere.invalid")


async def _to_itself(exchange: Exchange) -> None:
    await exchange.send(head(307, ("Location", exchange.request.target), ("Content-Length", "0")))


async def _to_https(exchange: Exchange) -> None:
    location = f"https://{exchange.request.headers['host']}{exchange.request.target}"
    await exchange.send(head(301, ("Location", location), ("Content-Length", "0")))


async def _to_its_key(exchange: Exchange) -> None:
    location = f"https://login.invalid/{exchange.request.key}?next={exchange.request.key}"
    await exchange.send(head(302, ("Location", location), ("Content-Length", "0")))


SCENARIOS: Final = (
    *chain.from_iterable(_status(status) for status in (300, 301, 302, 303, 307, 308)),
    *at_both("redirect-loop", "redirects to itself", "base_url_or_route", _to_itself, detail="127.0.0.1"),
    *at_both("redirect-to-https", "redirects from http to https", "base_url_or_route", _to_https, detail="https://"),
    *at_both(
        "redirect-with-key", "puts the key into the redirect", "base_url_or_route", _to_its_key, detail="login.invalid"
    ),
    *_to("to-login", "redirects to a login page", "/login?next=/v1", "127.0.0.1"),
    *_to("to-script", "redirects to a script", "javascript:alert(1)"),
    *_to("to-file", "redirects to a file", "file:///etc/passwd"),
    *_to("to-nonsense", "redirects to something that is no URL", "http://[::1:bad/%%%"),
    *_to("to-nowhere", "redirects to an empty target", ""),
    *_to("to-very-far", "redirects to a target of 8,000 characters", "https://elsewhere.invalid/" + "a" * 8000),
    at_models(
        "location-on-success",
        "answers well, with a Location that is no URL",
        PASS,
        whole(200, json_bytes(model_list(MODELS)), ("Location", "http://["), *JSON),
    ),
    *at_both("redirect-nowhere", "redirects without a target", "base_url_or_route", whole(302)),
)
