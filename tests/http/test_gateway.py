from __future__ import annotations

import asyncio
import threading
from base64 import b64encode
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest
from pydantic import SecretStr

from envcheck.http import BODY_LIMIT, ERROR_BODY_LIMIT, PROMISING_LIMIT, Gateway, resolver
from envcheck.model import Connection, Environment, Exchange, Fault, Request, Route, Timing
from gateways.certificates import Certificate
from gateways.gateway import Gateway as ServedGateway
from gateways.gateway import Listening
from gateways.good import Delay, Manner, good_gateway
from gateways.proxy import proxying
from gateways.server import serving
from gateways.wire import JSON, head, json_reply, reply
from gateways.wire import Exchange as Served

if TYPE_CHECKING:
    from gateways.gateway import Behaviour

KEY = "sk-made-up-0123456789"
LIST = Request(Route("GET", "/models"))


def exchanged(environment: Environment, times: int = 1, request: Request = LIST) -> list[Exchange]:
    """Send the same request a few times through one gateway."""

    async def go() -> list[Exchange]:
        async with Gateway(environment) as gateway:
            return [await gateway.exchange(request) for _ in range(times)]

    return anyio.run(go)


def environment_at(base_url: str, **more: object) -> Environment:
    return replace(Environment(name="e", base_url=base_url, timeout_s=20.0), **more)  # type: ignore[arg-type]  # whatever a test is about


def answering(behaviour: Behaviour) -> ServedGateway:
    """Give a gateway that answers like this whatever is asked."""
    return ServedGateway(models=behaviour, chat=behaviour, other=behaviour)


async def answer_bytes(data: bytes, exchange: Served) -> None:
    await exchange.send(data)


async def say_nothing(exchange: Served) -> None:
    await exchange.peer.gone()


def test_the_key_goes_into_the_authorization_header() -> None:
    """A key is sent as a bearer token unless the file says otherwise."""
    with serving(good_gateway()) as server:
        exchanged(environment_at(server.base_url, api_key=SecretStr(KEY)))
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_auth_header_sends_the_key_as_it_is_and_nothing_else() -> None:
    """Azure's header has the bare key, and no bearer token goes along."""
    with serving(good_gateway()) as server:
        exchanged(environment_at(server.base_url, api_key=SecretStr(KEY), auth_header="api-key"))
    assert server.requests[0].headers["api-key"] == KEY
    assert "authorization" not in server.requests[0].headers


def test_headers_and_query_go_with_every_request() -> None:
    """What a gateway routes by is sent each time, percent-encoded where it has to be."""
    with serving(good_gateway()) as server:
        exchanged(
            environment_at(
                server.base_url, headers={"X-Team": SecretStr("blue")}, query={"api-version": SecretStr("2024 & on")}
            )
        )
    assert server.requests[0].headers["x-team"] == "blue"
    assert server.requests[0].target == "/v1/models?api-version=2024+%26+on"


def test_a_redirect_is_not_followed_and_its_target_is_noted() -> None:
    """The key must not go where the file does not say; a relative target is resolved."""
    redirect = reply(302, b"", ("Location", "/login?next=%2Fv1"))
    with serving(answering(partial(answer_bytes, redirect))) as server:
        [exchange] = exchanged(environment_at(server.base_url, api_key=SecretStr(KEY)))
    assert len(server.requests) == 1
    assert exchange.status == 302
    assert exchange.headers["location"] == f"http://127.0.0.1:{server.port}/login?next=%2Fv1"


def test_a_target_that_is_no_url_is_noted_as_it_was_sent() -> None:
    """What may be shown of it is decided later on."""
    with serving(answering(partial(answer_bytes, reply(302, b"", ("Location", "http://["))))) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert (exchange.status, exchange.headers["location"]) == (302, "http://[")


def test_phases_add_up_to_the_total() -> None:
    """Nothing of an exchange is counted twice, and a connection that is there takes no time to be made."""
    first, second = two_exchanges_after_50_ms_each()
    assert first.timing.ttfb_ms is not None
    assert first.timing.ttfb_ms >= 50
    assert left_over_ms(first.timing) >= 0
    assert (first.connection, second.connection) == (Connection.NEW, Connection.REUSED)
    assert second.timing.connect_ms is None


@pytest.mark.clock
def test_what_no_phase_has_is_small_change() -> None:
    """A phase that were not counted would be most of an exchange."""
    first, _ = two_exchanges_after_50_ms_each()
    assert first.timing.total_ms is not None
    assert left_over_ms(first.timing) < first.timing.total_ms / 2


def two_exchanges_after_50_ms_each() -> list[Exchange]:
    with serving(good_gateway(Manner(models_delay=Delay(0.05)))) as server:
        return exchanged(environment_at(server.base_url.replace("127.0.0.1", "localhost")), times=2)


def left_over_ms(timing: Timing) -> float:
    """Give what the total has beyond its phases, all of which have to be there."""
    phases = (timing.dns_ms, timing.connect_ms, timing.ttfb_ms, timing.body_ms)
    there = [phase for phase in phases if phase is not None]
    assert len(there) == len(phases)
    assert timing.total_ms is not None
    return timing.total_ms - sum(there)


def test_a_request_that_the_client_sent_again_is_labelled() -> None:
    """A server that closes a used connection makes the client retry: no latency of the server's own."""

    async def answer_once(exchange: Served) -> None:
        if exchange.number == 2:
            exchange.peer.close()
        else:
            await exchange.send(json_reply(200, {"data": []}))

    with serving(answering(answer_once)) as server:
        exchanges = exchanged(environment_at(server.base_url), times=2)
    assert [each.connection for each in exchanges] == [Connection.NEW, Connection.RETRIED]
    assert len(server.requests) == 3


@pytest.mark.parametrize("request_line", ["GET /models", "POST /chat/completions"])
def test_a_request_that_a_fresh_connection_lost_is_not_sent_again(request_line: str) -> None:
    """aiohttp would ask a GET twice without a word, and the second answer would pass for a first one's latency."""

    async def hang_up_once(exchange: Served) -> None:
        if exchange.number == 1:
            exchange.peer.close()
        else:
            await exchange.send(json_reply(200, {"data": []}))

    with serving(answering(hang_up_once)) as server:
        lost, answered = exchanged(
            environment_at(server.base_url), times=2, request=Request(Route(*request_line.split(" ")))
        )
    assert (lost.fault, lost.connection) == (Fault.CLOSED, Connection.NEW)
    assert (answered.status, answered.connection) == (200, Connection.NEW)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("stage", "expected"),
    [(Listening.FULL, Fault.TIMEOUT_CONNECTING), (Listening.SERVER, Fault.TIMEOUT_HEADERS)],
)
def test_the_deadline_ends_an_exchange_wherever_it_hangs(stage: Listening, expected: Fault) -> None:
    """Neither a full queue of connections nor a silent server holds a run up."""
    with serving(replace(answering(say_nothing), listening=stage)) as server:
        [exchange] = exchanged(environment_at(server.base_url, timeout_s=0.3))
    assert exchange.fault is expected


@pytest.mark.clock
@pytest.mark.parametrize("timeout_s", [0.3, 5.2])
def test_a_deadline_is_kept_to_the_tenth_of_a_second(timeout_s: float) -> None:
    """aiohttp's own are rounded up to the second from five seconds on."""
    with serving(replace(good_gateway(), listening=Listening.FULL)) as server:
        [exchange] = exchanged(environment_at(server.base_url, timeout_s=timeout_s))
    assert exchange.timing.total_ms == pytest.approx(timeout_s * 1000, abs=200)


def test_a_body_that_stalls_keeps_its_status() -> None:
    """The headers came, so the report can say what they said."""

    async def stall(exchange: Served) -> None:
        await exchange.send(head(503, *JSON, ("Content-Length", "100")) + b'{"error":')
        await exchange.peer.gone()

    with serving(answering(stall)) as server:
        [exchange] = exchanged(environment_at(server.base_url, timeout_s=0.3))
    assert exchange.fault is Fault.TIMEOUT_BODY
    assert exchange.status == 503
    assert exchange.body == b'{"error":'


@pytest.mark.parametrize(
    ("status", "beginning", "size", "read", "fault"),
    [
        (200, b"{", BODY_LIMIT, BODY_LIMIT, None),
        (200, b"{", BODY_LIMIT + 1, 0, Fault.TOO_LARGE),
        (200, b"<", PROMISING_LIMIT + 1, PROMISING_LIMIT, None),
        (200, b" ", PROMISING_LIMIT + 1, PROMISING_LIMIT, None),
        (500, b"{", ERROR_BODY_LIMIT, ERROR_BODY_LIMIT, None),
        (500, b"{", ERROR_BODY_LIMIT + 1, ERROR_BODY_LIMIT, None),
    ],
)
def test_a_body_is_read_up_to_its_limit(
    status: int, beginning: bytes, size: int, read: int, fault: Fault | None
) -> None:
    """A success that is too large cannot be judged; of what cannot pass the beginning is enough."""
    with serving(answering(partial(answer_bytes, reply(status, beginning.ljust(size))))) as server:
        [exchange] = exchanged(environment_at(server.base_url, timeout_s=20.0))
    assert (exchange.fault, len(exchange.body)) == (fault, read)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxys_credentials_go_to_the_proxy_alone(scheme: str) -> None:
    """A plain request carries them to the proxy it is sent to; a tunnelled one has them on its CONNECT."""
    with serving(answering(partial(answer_bytes, reply(407)))) as proxy:
        credentials = SecretStr(f"http://user:pa%20ss@127.0.0.1:{proxy.port}")
        [exchange] = exchanged(environment_at(f"{scheme}://gateway.invalid/v1", proxy=credentials))
    request = proxy.requests[0]
    assert request.headers["proxy-authorization"] == f"Basic {b64encode(b'user:pa ss').decode()}"
    assert exchange.fault is Fault.PROXY_LOGIN_REFUSED
    if scheme == "http":
        assert request.target == "http://gateway.invalid/v1/models"
    else:
        assert (request.method, request.target) == ("CONNECT", "gateway.invalid:443")


@pytest.mark.parametrize(
    ("scheme", "status", "fault"), [("http", None, Fault.PROXY_LOGIN_REFUSED), ("https", 407, None)]
)
def test_a_407_is_whoever_sent_it(scheme: str, status: int | None, fault: Fault | None) -> None:
    """Inside of a tunnel nobody speaks but the origin; of a plain request nobody can tell, and a proxy is likelier."""
    refusing = replace(answering(partial(answer_bytes, reply(407))), certificate=Certificate.GOOD)
    with serving(refusing if scheme == "https" else replace(refusing, certificate=None)) as server, proxying() as proxy:
        environment = environment_at(f"{scheme}://127.0.0.1:{server.port}/v1", proxy=SecretStr(proxy.url()))
        [exchange] = exchanged(replace(environment, ca_file=server.ca_file))
    assert len(server.requests) == len(proxy.heads) == 1
    assert (exchange.status, exchange.fault) == (status, fault)


def test_cookies_are_not_kept() -> None:
    """Each request is what the file says, not what an earlier reply asked for."""
    with serving(answering(partial(answer_bytes, json_reply(200, {}, ("Set-Cookie", "a=b"))))) as server:
        exchanged(environment_at(server.base_url), times=2)
    assert "cookie" not in server.requests[1].headers


def test_a_name_that_does_not_resolve_is_dns() -> None:
    """The reserved name has no address anywhere."""
    [exchange] = exchanged(environment_at("http://gateway.invalid/v1", timeout_s=20.0))
    assert exchange.fault is Fault.DNS


def test_a_look_up_that_hangs_is_told_from_a_host_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that is dead is this machine's, and no longer deadline helps."""
    hang_up = threading.Event()

    def look_up(*_: object) -> list[object]:
        hang_up.wait(20)
        return []

    monkeypatch.setattr(resolver, "_look_up", look_up)
    [exchange] = exchanged(environment_at("http://gateway.invalid/v1", timeout_s=0.2))
    hang_up.set()
    assert exchange.fault is Fault.TIMEOUT_DNS


def test_a_look_up_that_breaks_is_not_waited_for() -> None:
    """No encoding has a label of 64 characters; what the look-up's thread raises is raised here, and at once."""
    with pytest.raises(UnicodeError):
        exchanged(environment_at(f"http://{'a' * 64}.invalid/v1", timeout_s=600.0))


def test_the_schemes_case_does_not_matter() -> None:
    """A proxy is given its password for `HTTP://` too."""
    with serving(answering(partial(answer_bytes, reply(407)))) as proxy:
        credentials = SecretStr(f"http://user:word@127.0.0.1:{proxy.port}")
        exchanged(environment_at("HTTP://gateway.invalid/v1", proxy=credentials))
    assert proxy.requests[0].headers["proxy-authorization"] == f"Basic {b64encode(b'user:word').decode()}"


@pytest.mark.parametrize("host", ["127.1", "999", "256.1.1.1", "127.0.0.1."])
def test_an_address_that_is_none_is_dns_and_no_fault_of_ours(host: str) -> None:
    """aiohttp looks up no address that is written in a shortened way, and says so as if the whole URL were wrong."""
    assert exchanged(environment_at(f"http://{host}:9/v1"))[0].fault is Fault.DNS
    proxied = environment_at("http://127.0.0.1:9/v1", proxy=SecretStr(f"http://{host}:9"))
    assert exchanged(proxied)[0].fault is Fault.PROXY_DNS


def test_a_gateway_is_used_inside_its_block() -> None:
    """Outside there is no session, and that is a mistake of ours, not an exchange."""
    gateway = Gateway(environment_at("http://127.0.0.1:9"))
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(gateway.exchange(LIST))
