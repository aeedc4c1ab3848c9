"""Who is sent what: the origin, a proxy that forwards, a proxy that tunnels."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import anyio
import pytest
from pydantic import SecretStr

from envcheck.http import Gateway
from envcheck.model import Environment, Exchange, Fault, Request, Route
from gateways.certificates import Certificate
from gateways.good import good_gateway
from gateways.proxy import PASSWORD, USER, proxying
from gateways.server import serving

if TYPE_CHECKING:
    from gateways.gateway import Gateway as ServedGateway
    from gateways.server import Server

KEY = "sk-made-up-0123456789"
TEAM = "made-up-team-4471"
LIST = Route("GET", "/models")
CHAT = Route("POST", "/chat/completions")
CREDENTIALS = b64encode(f"{USER}:{PASSWORD}".encode()).decode()

TLS = replace(good_gateway(), certificate=Certificate.GOOD, base_url="https://127.0.0.1:{port}/v1")
EIGHT = [*product(["http", "https"], [None, KEY], [(None, None), ("api-key", TEAM)])]


def exchanged(environment: Environment, route: Route = LIST) -> Exchange:
    async def go() -> Exchange:
        async with Gateway(environment) as gateway:
            return await gateway.exchange(Request(route, {"model": "m"} if route is CHAT else None))

    return anyio.run(go)


def environment_at(
    server: Server, *, proxy: str | None, key: str | None, ways: tuple[str | None, str | None]
) -> Environment:
    auth_header, team = ways
    return Environment(
        name="e",
        base_url=server.base_url,
        ca_file=server.ca_file if server.gateway.certificate else None,
        api_key_env=None if key is None else "KEY",
        api_key=None if key is None else SecretStr(key),
        auth_header=auth_header,
        headers={} if team is None else {"X-Team": SecretStr(team)},
        proxy=None if proxy is None else SecretStr(proxy),
        timeout_s=10.0,
    )


def gateway_of(scheme: str) -> ServedGateway:
    return TLS if scheme == "https" else good_gateway()


@pytest.mark.parametrize("route", [LIST, CHAT], ids=str)
@pytest.mark.parametrize(("scheme", "key", "ways"), EIGHT)
def test_a_proxy_is_sent_its_own_credentials_and_of_a_tunnel_nothing_else(
    scheme: str, key: str | None, ways: tuple[str | None, str | None], route: Route
) -> None:
    """Neither the key nor a header of the user's is in a CONNECT; the origin gets both and nothing of the proxy's."""
    with serving(gateway_of(scheme)) as server, proxying() as proxy:
        exchange = exchanged(environment_at(server, proxy=proxy.url(), key=key, ways=ways), route)
        [origin] = server.requests
    assert (exchange.status, exchange.fault) == (200, None)
    [head] = proxy.heads
    assert f"Proxy-Authorization: Basic {CREDENTIALS}\r\n" in head
    carries_key = "api-key" if ways[0] else "authorization"
    assert origin.headers.get(carries_key) == (key if key is None or ways[0] else f"Bearer {key}")
    assert origin.headers.get("x-team") == ways[1]
    assert "proxy-authorization" not in origin.headers
    if scheme == "https":
        assert head.startswith(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n")
        names = {line.partition(":")[0] for line in head.split("\r\n")[1:] if line}
        assert names <= {"Host", "Proxy-Authorization", "User-Agent", "Accept", "Accept-Encoding", "Content-Type"}
        assert "User-Agent: envcheck/" in head
        assert KEY not in head
        assert TEAM not in head


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("key", [None, KEY])
def test_a_proxy_that_refuses_its_password_is_told_nothing_more(scheme: str, key: str | None) -> None:
    """It answers 407: a tunnel is never made, and no key of ours stands where its credentials belong."""
    with serving(gateway_of(scheme)) as server, proxying() as proxy:
        wrong = proxy.url(password="wrong")
        exchange = exchanged(environment_at(server, proxy=wrong, key=key, ways=(None, TEAM)))
        assert server.requests == []
    [head] = proxy.heads
    assert f"Basic {b64encode(f'{USER}:wrong'.encode()).decode()}\r\n" in head
    assert exchange.fault is Fault.PROXY_LOGIN_REFUSED
    if scheme == "https":
        assert KEY not in head
        assert TEAM not in head


def test_a_proxy_without_a_name_and_a_password_is_sent_none() -> None:
    """Also where its URL has an `@` and nothing before it."""
    with serving(good_gateway()) as server, proxying() as proxy:
        url = f"http://@127.0.0.1:{proxy.port}"
        assert exchanged(environment_at(server, proxy=url, key=None, ways=(None, None))).fault is Fault.PROXY_LOGIN
    assert "Proxy-Authorization" not in proxy.heads[0]


def test_a_header_of_the_users_takes_the_place_of_ours_in_any_case() -> None:
    """Two headers of one name are two answers to one question."""
    with serving(good_gateway()) as server, proxying() as proxy:
        environment = environment_at(server, proxy=proxy.url(), key=None, ways=(None, None))
        exchanged(replace(environment, headers={"user-agent": SecretStr("a-robot")}))
    assert [line for line in proxy.heads[0].split("\r\n") if line.lower().startswith("user-agent")] == [
        "user-agent: a-robot"
    ]
