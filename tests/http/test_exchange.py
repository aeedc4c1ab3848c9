"""What an exchange holds beside status and body: arrivals, allow-listed headers, transport, how often it was sent."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest
from pydantic import SecretStr

from envcheck.http import Gateway, clock
from envcheck.http.clock import ExchangeClock
from envcheck.http.headers import KEPT_HEADERS
from envcheck.model import Connection, Environment, Exchange, Fault, Request, Route
from gateways.certificates import Certificate
from gateways.gateway import Gateway as ServedGateway
from gateways.gateway import Listening
from gateways.good import good_gateway
from gateways.proxy import proxying
from gateways.server import serving
from gateways.wire import JSON, chunk, head, json_reply, reply
from gateways.wire import Exchange as Served

if TYPE_CHECKING:
    from collections.abc import Callable

    from envcheck.model import Arrival
    from gateways.gateway import Behaviour

GET = Request(Route("GET", "/models"))
POST = Request(Route("POST", "/chat/completions"), {"model": "m"})
TLS = replace(good_gateway(), certificate=Certificate.GOOD, base_url="https://127.0.0.1:{port}/v1")


def exchanged(environment: Environment, *requests: Request) -> list[Exchange]:
    """Send requests one after the other through one gateway."""

    async def go() -> list[Exchange]:
        async with Gateway(environment) as gateway:
            return [await gateway.exchange(request) for request in requests or (GET,)]

    return anyio.run(go)


def environment_at(base_url: str, **more: object) -> Environment:
    return replace(Environment(name="e", base_url=base_url, timeout_s=20.0), **more)  # type: ignore[arg-type]  # whatever a test is about


def answering(behaviour: Behaviour) -> ServedGateway:
    return ServedGateway(models=behaviour, chat=behaviour, other=behaviour)


async def answer_bytes(data: bytes, exchange: Served) -> None:
    await exchange.send(data)


def in_pieces(pieces: int, monkeypatch: pytest.MonkeyPatch, *, start: Callable[[int], bytes]) -> Behaviour:
    """Send one piece after the other, each when the one before it has been noted."""
    noted = threading.Semaphore(0)
    note = ExchangeClock.note_arrival

    def noting(self: ExchangeClock, arrivals: list[Arrival], so_far: int) -> None:
        note(self, arrivals, so_far)
        noted.release()

    monkeypatch.setattr(ExchangeClock, "note_arrival", noting)

    async def answer(exchange: Served) -> None:
        await exchange.send(head(200, *JSON, ("Transfer-Encoding", "chunked")))
        for number in range(pieces):
            await exchange.send(chunk(start(number)))
            assert await asyncio.to_thread(noted.acquire, timeout=20)
        await exchange.send(chunk(b""))

    return answer


def test_arrivals_say_when_each_piece_came_and_how_much_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times since the start of the exchange, in order, up to the whole body and not past the end of it."""
    behaviour = in_pieces(4, monkeypatch, start=lambda number: b"x" * (number + 1))
    with serving(answering(behaviour)) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert [arrival.so_far for arrival in exchange.arrivals] == [1, 3, 6, 10]
    moments = [arrival.at_ms for arrival in exchange.arrivals]
    assert moments == sorted(moments)
    timing = exchange.timing
    assert timing.total_ms is not None
    assert timing.body_ms is not None
    assert timing.total_ms - timing.body_ms <= moments[0]
    assert moments[-1] <= timing.total_ms


def test_arrivals_are_bounded_and_the_last_one_is_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body in a million pieces does not fill the memory with when they came."""
    monkeypatch.setattr(clock, "MAX_ARRIVALS", 3)
    with serving(answering(in_pieces(7, monkeypatch, start=lambda _: b"ab"))) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert [arrival.so_far for arrival in exchange.arrivals] == [2, 4, 14]
    assert len(exchange.body) == 14


def test_no_other_header_is_read_than_those_that_are_allowed() -> None:
    """Their names in lower case; cookies and request ids stay where they came."""
    sent = (
        ("Set-Cookie", "session=made-up"),
        ("X-Request-Id", "req-0123456789"),
        ("Server", "made-up/1.0"),
        ("RETRY-AFTER", "7"),
        ("LoCaTiOn", "http://elsewhere.example.com/"),
    )
    with serving(answering(partial(answer_bytes, json_reply(200, {}, *sent)))) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert dict(exchange.headers) == {
        "content-type": "application/json",
        "retry-after": "7",
        "location": "http://elsewhere.example.com/",
    }
    assert set(exchange.headers) == KEPT_HEADERS


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_version_that_was_spoken_is_known(version: str) -> None:
    """As the status line says it."""

    async def answer(exchange: Served) -> None:
        await exchange.send(head(200, *JSON, ("Content-Length", "2"), version=version) + b"{}")

    with serving(answering(answer)) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert (exchange.transport.http_version, exchange.transport.via_proxy) == (version, False)


def test_where_nothing_answers_no_version_was_spoken_and_nothing_was_sent() -> None:
    """A refused connection carries no request."""
    with serving(replace(good_gateway(), listening=Listening.NOTHING)) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert (exchange.fault, exchange.transport.http_version, exchange.sent) == (Fault.REFUSED, None, 0)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_in_between_is_known_and_its_connect_is_no_request(scheme: str) -> None:
    """What the origin is sent is counted, forwarded or tunnelled."""
    with serving(TLS if scheme == "https" else good_gateway()) as server, proxying() as proxy:
        ca_file = server.ca_file if scheme == "https" else None
        environment = environment_at(server.base_url, proxy=SecretStr(proxy.url()), ca_file=ca_file)
        [exchange] = exchanged(environment)
        assert len(server.requests) == 1
    assert (exchange.status, exchange.sent) == (200, 1)
    assert (exchange.transport.http_version, exchange.transport.via_proxy) == ("1.1", True)


@pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_request_that_is_sent_twice_is_counted_and_labelled(request_: Request, reset: bool) -> None:  # noqa: FBT001 - a parameter
    """A gateway that ends a warm connection at its second request is asked once more, and that does not go unseen."""

    async def end_the_second(exchange: Served) -> None:
        if exchange.number != 2:
            await exchange.send(json_reply(200, {"data": []}))
        elif reset:
            exchange.peer.reset()
        else:
            exchange.peer.close()

    with serving(answering(end_the_second)) as server:
        exchanges = exchanged(environment_at(server.base_url), request_, request_)
        assert len(server.requests) == 3
    assert [each.sent for each in exchanges] == [1, 2]
    assert [each.connection for each in exchanges] == [Connection.NEW, Connection.RETRIED]
    assert exchanges[1].status == 200


@pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
def test_what_is_sent_to_a_gateway_that_hangs_up_is_counted_as_it_was_sent(request_: Request) -> None:
    """aiohttp sends a GET twice of itself, on new connections too."""

    async def hang_up(exchange: Served) -> None:
        exchange.peer.close()

    with serving(answering(hang_up)) as server:
        [exchange] = exchanged(environment_at(server.base_url), request_)
        assert exchange.sent == len(server.requests)
    assert exchange.fault is Fault.CLOSED
    assert exchange.connection is (Connection.RETRIED if exchange.sent > 1 else Connection.NEW)


def test_an_exchange_without_a_body_has_no_arrivals() -> None:
    """Nothing came, at no time."""
    with serving(answering(partial(answer_bytes, reply(204)))) as server:
        [exchange] = exchanged(environment_at(server.base_url))
    assert (exchange.status, exchange.arrivals) == (204, ())
