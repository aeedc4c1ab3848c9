"""`envcheck run` through proxies that no one here wrote: who is sent what, and what one that refuses comes to."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest

from gateways.certificates import Certificate
from gateways.good import good_gateway
from gateways.server import serving_all
from real_gateways import install
from real_gateways.command import envcheck_run
from real_gateways.made_up import leaks
from real_gateways.proxies import PROXIES, basic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateways.server import Server
    from gateways.wire import Request
    from real_gateways.command import Run
    from real_gateways.made_up import Secrets
    from real_gateways.proxies import Proxy, Received

pytestmark = pytest.mark.gateways

PLAIN: Final = good_gateway()
TLS: Final = replace(PLAIN, certificate=Certificate.GOOD, base_url="https://127.0.0.1:{port}/v1")
WRONG: Final = "wrong-0987654321"


@dataclass(frozen=True, slots=True)
class Way:
    """One environment: how it reaches a server of its own, by whose port the proxy's records tell it from others."""

    scheme: str
    has_key: bool = True
    own_headers: bool = True
    """The key in `api-key`, and `X-Team` beside it."""
    password: str = "right"

    @property
    def name(self) -> str:
        told = "-".join([*["key"] * self.has_key, *["headers"] * self.own_headers]) or "bare"
        return f"{self.scheme}-{told}" + (f"-{self.password}-password" if self.password != "right" else "")

    def toml(self, server: Server) -> list[str]:
        settings: dict[str, object] = {**server.settings, "model": "gpt-4o", "proxy": f"${{{self.password.upper()}}}"}
        if self.has_key:
            settings["api_key_env"] = "KEY"
        if self.has_key and self.own_headers:
            settings["auth_header"] = "api-key"
        if self.own_headers:
            settings["headers.X-Team"] = "${TEAM}"
        # JSON's strings, numbers and booleans are TOML's.
        return [f"[environments.{self.name}]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]


EIGHT: Final = [Way(*each) for each in product(["http", "https"], [False, True], [False, True])]
REFUSED: Final = [Way(scheme, password=password) for scheme, password in product(["http", "https"], ["wrong", "no"])]


@dataclass(frozen=True, slots=True)
class Passage:
    """One run over all the ways, and what came where."""

    proxy: Proxy
    run: Run
    received: Mapping[str, list[Received]]
    """By the proxy; by the environment's name, as what follows."""
    requests: Mapping[str, list[Request]]
    connections: Mapping[str, int]


@pytest.fixture(scope="module", params=PROXIES)
def passage(
    request: pytest.FixtureRequest,
    secrets: Secrets,
    tmp_path_factory: pytest.TempPathFactory,
    show: Callable[[str], None],
) -> Passage:
    """All the ways through one proxy, in one run of the real command."""
    name = str(request.param)
    if not install.is_installed(name):
        (pytest.fail if install.required() else pytest.skip)(
            f"{name} is not installed: `python tests/real_gateways/install.py {name}` says why"
        )
    ways = [*EIGHT, *REFUSED]
    with serving_all([TLS if way.scheme == "https" else PLAIN for way in ways]) as servers, PROXIES[name]() as proxy:
        config = [f'baseline = "{ways[0].name}"', "[defaults]", "timeout_s = 10"]
        for way, server in zip(ways, servers, strict=True):
            config += way.toml(server)
        variables = {
            "KEY": secrets.aimock,
            "TEAM": secrets.header,
            "RIGHT": proxy.url(),
            "WRONG": proxy.url(password=WRONG),
            "NO": f"http://127.0.0.1:{proxy.port}",
        }
        run = envcheck_run("\n".join(config), tmp_path_factory.mktemp(name) / "run", variables, "--json")
    by_name = {way.name: server for way, server in zip(ways, servers, strict=True)}
    passage = Passage(
        proxy,
        run,
        {name: [each for each in proxy.received if each.port == server.port] for name, server in by_name.items()},
        {name: server.requests for name, server in by_name.items()},
        {name: server.connections for name, server in by_name.items()},
    )
    assert sum(map(len, passage.received.values())) == len(proxy.received)
    show(_table(name, passage, secrets))
    return passage


def _table(proxy: str, passage: Passage, secrets: Secrets) -> str:
    """Show each kind of head once, with what its values are in place of the secret ones."""
    meanings = {
        basic(passage.proxy.password): "[proxy's credentials]",
        basic(WRONG): "[wrong credentials]",
        secrets.aimock: "[KEY]",
        secrets.header: "[TEAM]",
    }
    rows = [f"what {proxy} received, and what it answered:"]
    for name, received in passage.received.items():
        heads: dict[str, None] = {}
        for each in received:
            headers = "; ".join(f"{header}: {value}" for header, value in each.headers)
            shown = f"  {name}: {each.method} {each.target} -> {each.answered}\n    {headers}"
            for value, meaning in meanings.items():
                shown = shown.replace(value, meaning)
            heads[shown.replace(f":{each.port}", ":PORT")] = None
        rows += heads
    return "\n".join(rows)


@pytest.mark.parametrize("way", EIGHT, ids=lambda way: way.name)
def test_each_way_leads_through_the_proxy_to_its_server(way: Way, passage: Passage, secrets: Secrets) -> None:
    """The server is sent the key and the user's header as it would be without a proxy, and nothing of the proxy's."""
    for probe in ("models", "chat"):
        assert passage.run.check(way.name, probe)["outcome"] == "pass", probe
    requests = passage.requests[way.name]
    assert {request.method for request in requests} == {"GET", "POST"}
    key = secrets.aimock if way.has_key else None
    for request in requests:
        assert request.headers.get("api-key") == (key if way.own_headers else None)
        assert request.headers.get("authorization") == (f"Bearer {key}" if key and not way.own_headers else None)
        assert request.headers.get("x-team") == (secrets.header if way.own_headers else None)
        assert "proxy-authorization" not in request.headers
    # Nothing goes round the proxy: each request, or else each connection, is in its own records.
    expected = len(requests) if way.scheme == "http" else passage.connections[way.name]
    assert len(passage.received[way.name]) == expected > 0


@pytest.mark.parametrize("way", EIGHT, ids=lambda way: way.name)
def test_the_proxy_lets_in_whom_its_url_names(way: Way, passage: Passage) -> None:
    """Each head holds the user and the password once, unquoted as the URL means them, and the proxy takes them."""
    for received in passage.received[way.name]:
        assert received.values("Proxy-Authorization") == [basic(passage.proxy.password)]
        assert received.answered == 200


@pytest.mark.parametrize("way", [way for way in (*EIGHT, *REFUSED) if way.scheme == "https"], ids=lambda way: way.name)
def test_a_tunnel_is_opened_with_nothing_of_the_servers(way: Way, passage: Passage, secrets: Secrets) -> None:
    """No CONNECT holds the key, a header of the user's or even its name, whether or not the proxy then agrees."""
    assert passage.received[way.name]
    for received in passage.received[way.name]:
        assert received.method == "CONNECT"
        names = {name.lower() for name, _ in received.headers}
        assert names <= {"host", "proxy-authorization", "user-agent", "accept", "accept-encoding"}
        assert leaks(received.text(), {"key": secrets.aimock, "header": secrets.header}) == []


@pytest.mark.parametrize("way", REFUSED, ids=lambda way: way.name)
def test_a_proxy_that_refuses_is_told_nothing_in_place_of_its_password(way: Way, passage: Passage) -> None:
    """A wrong password is sent as it stands and none is made up; the server hears nothing, and the probe has failed."""
    assert passage.requests[way.name] == []
    for received in passage.received[way.name]:
        assert received.values("Proxy-Authorization") == ([basic(WRONG)] if way.password == "wrong" else [])
        # tinyproxy answers 407 to none and 401 to a wrong one.
        assert received.answered in ({407, 401} if way.password == "wrong" else {407})
    check = passage.run.check(way.name, "models")
    assert check["outcome"] == "fail"
    answered = passage.received[way.name][0].answered
    if way.scheme == "http" and answered == 401:  # nothing tells it from a server's own
        assert check["failure_class"] == "auth"
    else:
        assert (check["failure_class"], check["http_status"]) == ("network", None)
        assert ("HTTP 407" if answered == 407 else "proxy") in str(check["failure_detail"])


def test_nothing_secret_comes_out_of_a_run_through_proxies(passage: Passage, secrets: Secrets) -> None:
    """Neither what a server is sent nor what a proxy is sent is in any file or stream."""
    proxys = {"password": passage.proxy.password, "credentials": basic(passage.proxy.password), "wrong": WRONG}
    artifacts = passage.run.artifacts()
    assert len(artifacts) > len(EIGHT), "nothing was written, so nothing was searched"
    found = {where: leaks(text, {**secrets.all(), **proxys}) for where, text in artifacts.items()}
    assert {where: names for where, names in found.items() if names} == {}
