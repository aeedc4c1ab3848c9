from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest
from pydantic import SecretStr

from envcheck.http import Gateway, tls
from envcheck.model import Environment, Exchange, Fault, Request, Route
from gateways.certificates import Certificate
from gateways.good import good_gateway
from gateways.server import serving
from gateways.wire import Exchange as Served
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateways.server import Server

SINCE_PYTHON_3_13 = ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN


@pytest.fixture(params=["before 3.13", "since 3.13"])
def _default_of_python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make Python's default that of older or newer ones, whichever runs the tests."""
    make = ssl.create_default_context

    def default(*, cafile: Path | None = None) -> ssl.SSLContext:
        context = make(cafile=cafile)
        if request.param == "before 3.13":
            context.verify_flags &= ~SINCE_PYTHON_3_13
        else:
            context.verify_flags |= SINCE_PYTHON_3_13
        return context

    monkeypatch.setattr(ssl, "create_default_context", default)


@pytest.fixture(autouse=True)
def _fresh_system_authorities() -> Iterator[None]:
    """Read the system's authorities anew for the test, and again for whatever comes after it."""
    tls._system_authorities.cache_clear()
    yield
    tls._system_authorities.cache_clear()


def models_of(environment: Environment) -> Exchange:
    async def go() -> Exchange:
        async with Gateway(environment) as gateway:
            return await gateway.exchange(Request(Route("GET", "/models")))

    return anyio.run(go)


def trusting(server: Server, by: str, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Give an environment that trusts the server's authorities by its `ca_file`, or as the system does."""
    environment = Environment(name="e", base_url=f"https://127.0.0.1:{server.port}/v1", timeout_s=20.0)
    if by == "ca_file":
        return replace(environment, ca_file=server.ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
    return environment


@pytest.mark.usefixtures("_default_of_python")
@pytest.mark.parametrize("by", ["ca_file", "system"])
@pytest.mark.parametrize("shown", [Certificate.GOOD, Certificate.PLAIN_AUTHORITY, Certificate.NEXT_IN_LINE])
def test_a_trusted_authority_is_trusted_on_every_python(
    shown: Certificate, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a Python refuses or takes by default does not change what a comparison says of a gateway."""
    with serving(replace(good_gateway(), certificate=shown)) as server:
        exchange = models_of(trusting(server, by, monkeypatch))
    assert (exchange.fault, exchange.status) == (None, 200)


@pytest.mark.usefixtures("_default_of_python")
@pytest.mark.parametrize("by", ["ca_file", "system"])
@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Certificate.WRONG_HOST, Fault.TLS_WRONG_HOST),
        (Certificate.EXPIRED, Fault.TLS_EXPIRED),
        (Certificate.NOT_YET_VALID, Fault.TLS_NOT_YET_VALID),
        (Certificate.SELF_SIGNED, Fault.TLS_SELF_SIGNED),
        (Certificate.UNKNOWN_AUTHORITY, Fault.TLS_UNTRUSTED),
        (Certificate.IMPOSTOR, Fault.TLS_UNTRUSTED),
    ],
)
def test_what_must_not_be_trusted_is_refused_on_every_python(
    shown: Certificate, expected: Fault, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leniency about how a certificate is made is none about its chain, its dates and its host."""
    with serving(replace(good_gateway(), certificate=shown)) as server:
        exchange = models_of(trusting(server, by, monkeypatch))
    assert (exchange.fault, exchange.status) == (expected, None)
    assert server.requests == []


@pytest.mark.parametrize("by", ["ca_file", "system", "nothing"])
def test_the_same_protocol_is_offered_whatever_is_trusted(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway with several protocols must not choose by how its certificate is verified."""
    chosen: list[str | None] = []

    async def note(exchange: Served) -> None:
        chosen.append(exchange.peer.protocol)
        await exchange.send(json_reply(200, {"data": []}))

    with serving(replace(good_gateway(), models=note, certificate=Certificate.GOOD)) as server:
        models_of(replace(trusting(server, by, monkeypatch), verify_tls=by != "nothing"))
    assert chosen == ["http/1.1"]


@pytest.mark.parametrize(
    ("base_url", "proxy", "times"),
    [
        ("http://gateway.invalid/v1", None, 0),
        ("http://gateway.invalid/v1", "http://proxy.invalid", 0),
        ("http://gateway.invalid/v1", "https://proxy.invalid", 1),
        ("HTTPS://gateway.invalid/v1", None, 1),
    ],
)
def test_the_systems_authorities_are_read_once_and_only_for_tls(
    base_url: str, proxy: str | None, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading them holds up a start, so a plain gateway does without, and many gateways share them."""
    made: list[ssl.SSLContext] = []
    make = ssl.create_default_context

    def noted(*, cafile: Path | None = None) -> ssl.SSLContext:
        made.append(make(cafile=cafile))
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", noted)
    secret = None if proxy is None else SecretStr(proxy)
    environment = Environment(name="e", base_url=base_url, proxy=secret)
    contexts = [tls.context_of(each) for each in (environment, replace(environment, name="f"))]
    assert contexts == ([made[0]] * 2 if times else [True] * 2)
    assert len(made) == times
