"""Proxies that do not let the request through. The host behind them does not exist: only the proxy is ever reached."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gateways.faults import banner, deaf, raw, reset_on_accept, whole
from gateways.gateway import Gateway, Listening
from gateways.good import good_gateway
from gateways.scenario import PASS, Scenario, at_the_door
from gateways.wire import head

if TYPE_CHECKING:
    from gateways.gateway import Behaviour

_DETAIL: Final = "proxy"
_FORWARDING: Final = replace(good_gateway(), base_url="http://gateway.invalid/v1", proxy="http://127.0.0.1:{port}")
_TUNNELLING: Final = replace(_FORWARDING, base_url="https://gateway.invalid/v1")
_HTML: Final = (("Content-Type", "text/html"),)


def _forwards(behaviour: Behaviour) -> Gateway:
    return replace(_FORWARDING, models=behaviour)


def _tunnels(behaviour: Behaviour) -> Gateway:
    return replace(_TUNNELLING, other=behaviour)


def _network(name: str, description: str, gateway: Gateway, detail: str = "") -> Scenario:
    return at_the_door(f"proxy-{name}", description, "network", gateway, detail=detail)


SCENARIOS: Final = (
    at_the_door("proxy-good", "is reached through a proxy", PASS, _FORWARDING),
    at_the_door(
        "proxy-with-credentials",
        "is reached through a proxy that is given a name and a password",
        PASS,
        replace(_FORWARDING, proxy="http://fleet-user:Made-Up-Pa55-0987@127.0.0.1:{port}"),
    ),
    _network("dead", "has a proxy that is not listening", replace(_FORWARDING, listening=Listening.NOTHING), _DETAIL),
    _network(
        "dead-for-https",
        "has a proxy that is not listening, for https",
        replace(_TUNNELLING, listening=Listening.NOTHING),
        _DETAIL,
    ),
    _network(
        "unknown",
        "has a proxy whose name has no address",
        replace(_FORWARDING, proxy="http://no-such-proxy.invalid:3128"),
    ),
    _network("resets", "has a proxy that resets", replace(_FORWARDING, welcome=reset_on_accept)),
    _network("not-http", "has a proxy that is not one", replace(_FORWARDING, welcome=banner(b"\x05\x00")), "not HTTP"),
    at_the_door("proxy-deaf", "has a proxy that never answers", "timeout", replace(_FORWARDING, welcome=deaf)),
    at_the_door(
        "proxy-deaf-for-https",
        "has a proxy that never answers CONNECT",
        "timeout",
        replace(_TUNNELLING, welcome=deaf),
        detail="no connection",
    ),
    *(
        _network(
            f"connect-{status}", f"has a proxy that answers CONNECT with {status}", _tunnels(whole(status)), _DETAIL
        )
        for status in (400, 403, 404, 407, 429, 502, 503, 504)
    ),
    _network("connect-closed", "has a proxy that closes at CONNECT", _tunnels(raw(b""))),
    _network("connect-garbage", "has a proxy that answers CONNECT with garbage", _tunnels(raw(b"\x05\x00\r\n\r\n"))),
    _network("tunnel-closed", "has a proxy whose tunnel leads nowhere", _tunnels(raw(head(200)))),
    _network(
        "407",
        "has a proxy that asks for credentials",
        _forwards(whole(407, b"<title>Proxy login</title>", *_HTML, ("Proxy-Authenticate", "Basic"))),
        "name and password",
    ),
    at_the_door(
        "proxy-403",
        "has a proxy that forbids the host: told from a gateway's own 403 by its text alone",
        "permission",
        _forwards(whole(403, b"<title>Blocked by policy</title>", *_HTML)),
    ),
    at_the_door(
        "proxy-502",
        "has a proxy that cannot reach it",
        "upstream_or_gateway",
        _forwards(whole(502, b"<title>502 Bad Gateway</title>", *_HTML)),
    ),
)
