"""The servers under test do what they say, or nothing that is tested against them means anything."""

from __future__ import annotations

import http.client
import json
import socket

import pytest

from gateways import Gateway, Listening, Manner, faults, good_gateway, serving, serving_all


def ask(port: int, method: str, path: str, body: object = None, key: str = "k") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_good_gateway_lists_and_answers() -> None:
    """A good gateway serves both routes, and records what it was asked."""
    with serving(good_gateway()) as server:
        status, body = ask(server.port, "GET", "/v1/models")
        assert (status, json.loads(body)["data"][0]["id"]) == (200, "gpt-4o")
        status, body = ask(server.port, "POST", "/v1/chat/completions", {"model": "m-1"})
        assert (status, json.loads(body)["model"]) == (200, "m-1")
    assert [(each.method, each.path, each.key, each.connection) for each in server.requests] == [
        ("GET", "/v1/models", "k", 1),
        ("POST", "/v1/chat/completions", "k", 2),
    ]


def test_a_flapping_gateway_goes_through_its_answers_in_turn() -> None:
    """Two finish reasons alternate by request, the same in every run."""
    with serving(good_gateway(Manner(finish_reasons=("stop", "length")))) as server:
        seen = [
            json.loads(ask(server.port, "POST", "/v1/chat/completions", {"model": "m"})[1])["choices"][0][
                "finish_reason"
            ]
            for _ in range(3)
        ]
    assert seen == ["stop", "length", "stop"]


def test_only_the_right_key_is_let_in() -> None:
    """A guarded gateway answers 401 to every other key."""
    with serving(good_gateway(Manner(key="right"))) as server:
        assert ask(server.port, "GET", "/v1/models", key="right")[0] == 200
        assert ask(server.port, "GET", "/v1/models", key="wrong")[0] == 401


def test_many_gateways_run_side_by_side() -> None:
    """Gateways started together have ports of their own and end together."""
    with serving_all([good_gateway(Manner(models=((str(n),),))) for n in range(5)]) as servers:
        served = [json.loads(ask(each.port, "GET", "/v1/models")[1])["data"][0]["id"] for each in servers]
    assert served == ["0", "1", "2", "3", "4"]
    with pytest.raises(ConnectionRefusedError):
        ask(servers[0].port, "GET", "/v1/models")


def test_a_port_with_nothing_behind_it_refuses() -> None:
    """Nothing is listening, and nobody else can take the port meanwhile."""
    with serving(_listening(Listening.NOTHING)) as server, pytest.raises(ConnectionRefusedError):
        ask(server.port, "GET", "/v1/models")


def test_a_full_queue_never_lets_a_connection_in() -> None:
    """A connection to a full queue is neither made nor refused."""
    with serving(_listening(Listening.FULL)) as server, pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", server.port), timeout=0.2)


def test_a_reset_is_a_reset() -> None:
    """RST reaches the client as what it is, not as an orderly end."""
    good = good_gateway()
    gateway = Gateway(models=faults.then_reset(b""), chat=good.chat, other=good.other)
    with serving(gateway) as server, pytest.raises(ConnectionResetError):
        ask(server.port, "GET", "/v1/models")


def test_a_hanging_server_still_stops() -> None:
    """Leaving the block ends behaviours that would wait for ever."""
    good = good_gateway()
    gateway = Gateway(models=faults.then_silent(b"HTTP/1.1"), chat=good.chat, other=good.other)
    with socket.socket() as client:
        client.settimeout(5)
        with serving(gateway) as server:
            client.connect(("127.0.0.1", server.port))
            client.sendall(b"GET /v1/models HTTP/1.1\r\n\r\n")
            assert client.recv(64) == b"HTTP/1.1"
        assert client.recv(64) == b""


def _listening(how: Listening) -> Gateway:
    good = good_gateway()
    return Gateway(models=good.models, chat=good.chat, other=good.other, listening=how)
