"""The server of the benchmarks, a process of its own: gateways of known delay that note the true latencies.

`GET /truth` gives what was noted since it was last asked. It is one thread around `select`, with nothing between the
socket and the clock: a server with transports and callbacks would itself be late with hundreds of connections at
once, and the client would be blamed for it.
"""

from __future__ import annotations

import heapq
import json
import selectors
import socket
from collections import deque
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final, cast

from benchmarks.gateway_replies import reply_to, with_headers

if TYPE_CHECKING:
    from benchmarks.gateway_replies import Part

TRUTH_PATH: Final = "/truth"
HOSTS: Final = tuple(f"127.0.0.{number}" for number in range(1, 101))
"""All of 127/8 is loopback on Linux: each address is an origin of its own at the same port."""
_BACKLOG: Final = 4096
_READ_SIZE: Final = 64 * 1024


@dataclass(slots=True)
class Exchange:
    """One request and the moments of its reply, in seconds of the monotonic clock."""

    path: str
    arrived: float
    """Its first byte was read."""
    to_come: deque[Part]
    headers_sent: float | None = None
    late_s: float = 0.0
    """By how much the server itself was late with the reply."""


@dataclass(slots=True)
class Connection:
    """One client's connection; it has at most one request in flight."""

    socket: socket.socket
    received: bytearray = field(default_factory=bytearray)
    arrived: float | None = None
    outgoing: memoryview = field(default_factory=lambda: memoryview(b""))
    exchange: Exchange | None = None


class GatewayServer:
    """Serves on a port of the system's choice until its process is ended."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self.port = 0
        for host in HOSTS:
            listener = socket.create_server((host, self.port), backlog=_BACKLOG)
            listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
            self.port = int(listener.getsockname()[1])
            self._selector.register(listener, selectors.EVENT_READ)
        self._due: list[tuple[float, int, Connection]] = []
        self._scheduled = 0
        self._truths: list[dict[str, float | str]] = []

    def serve(self) -> None:
        """Turn the loop."""
        while True:
            wait = max(0.0, self._due[0][0] - perf_counter()) if self._due else None
            for key, events in self._selector.select(wait):
                if key.data is None:
                    self._accept(cast("socket.socket", key.fileobj))
                elif events & selectors.EVENT_READ:
                    self._receive(key.data)
                else:
                    self._send(key.data)
            while self._due and self._due[0][0] <= perf_counter():
                due, _, connection = heapq.heappop(self._due)
                self._send_next_part(connection, due)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                accepted, _ = listener.accept()
            except BlockingIOError:
                return
            accepted.setblocking(False)  # noqa: FBT003 - the socket's own signature
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(accepted, selectors.EVENT_READ, Connection(accepted))

    def _receive(self, connection: Connection) -> None:
        try:
            data = connection.socket.recv(_READ_SIZE)
        except ConnectionError:
            data = b""
        if not data:
            self._close(connection)
            return
        connection.arrived = connection.arrived or perf_counter()
        connection.received += data
        head, blank_line, body = bytes(connection.received).partition(b"\r\n\r\n")
        if not blank_line or len(body) < _content_length(head):
            return
        self._answer(connection, head.split(b" ", 2)[1].decode(), connection.arrived)
        connection.received.clear()
        connection.arrived = None

    def _answer(self, connection: Connection, path: str, arrived: float) -> None:
        if path == TRUTH_PATH:
            connection.outgoing = memoryview(with_headers(json.dumps(self._truths).encode()))
            self._truths.clear()
            self._send(connection)
            return
        connection.exchange = Exchange(path, arrived, deque(reply_to(path)))
        self._schedule(connection, connection.exchange, arrived)

    def _schedule(self, connection: Connection, exchange: Exchange, after: float) -> None:
        self._scheduled += 1
        heapq.heappush(self._due, (after + exchange.to_come[0].pause_s, self._scheduled, connection))

    def _send_next_part(self, connection: Connection, due: float) -> None:
        exchange = connection.exchange
        if exchange is None:
            return  # the client has gone
        now = perf_counter()
        exchange.late_s += now - due
        exchange.headers_sent = exchange.headers_sent or now
        connection.outgoing = memoryview(exchange.to_come.popleft().content)
        self._send(connection)

    def _send(self, connection: Connection) -> None:
        # Noted before the write: the client may have read the bytes before this process gets on.
        moment = perf_counter()
        try:
            sent = connection.socket.send(connection.outgoing)
        except BlockingIOError:
            sent = 0
        except ConnectionError:
            self._close(connection)
            return
        connection.outgoing = connection.outgoing[sent:]
        events = selectors.EVENT_WRITE if connection.outgoing else selectors.EVENT_READ
        if events != self._selector.get_key(connection.socket).events:
            self._selector.modify(connection.socket, events, connection)
        if connection.exchange is not None and not connection.outgoing:
            self._written(connection, connection.exchange, moment)

    def _written(self, connection: Connection, exchange: Exchange, moment: float) -> None:
        if exchange.to_come:
            self._schedule(connection, exchange, moment)
            return
        headers_sent = exchange.headers_sent or moment
        self._truths.append(
            {
                "path": exchange.path,
                "ttfb_ms": (headers_sent - exchange.arrived) * 1000,
                "body_ms": (moment - headers_sent) * 1000,
                "total_ms": (moment - exchange.arrived) * 1000,
                "server_late_ms": exchange.late_s * 1000,
            }
        )
        connection.exchange = None

    def _close(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        connection.exchange = None


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def main() -> None:
    """Say the port on stdout, and serve."""
    server = GatewayServer()
    print(server.port, flush=True)
    server.serve()


if __name__ == "__main__":
    main()
