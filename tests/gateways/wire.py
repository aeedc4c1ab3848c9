"""Requests as they came and replies as bytes, so that a server under test can say anything at all."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping

    from envcheck.model import JsonValue

Headers = tuple[tuple[str, str], ...]

JSON: Headers = (("Content-Type", "application/json"),)
TLS_HANDSHAKE = b"\x16"


class NotHttpError(Exception):
    """A client spoke TLS to a plain port."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """Which connection of its server it came over, counted from 1."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def key(self) -> str:
        """The key that was sent, whichever header carried it; empty where none was."""
        return self.headers.get("authorization", "").removeprefix("Bearer ") or self.headers.get("api-key", "")

    def json(self) -> Mapping[str, JsonValue]:
        document = json.loads(self.body)
        assert isinstance(document, dict)
        return document


class Peer:
    """The client's side of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        self._reader = reader
        self._writer = writer
        self.number = number
        self.open = True

    @property
    def protocol(self) -> str | None:
        """What TLS settled on; None where the client offered nothing that the server has."""
        encryption: ssl.SSLObject = self._writer.get_extra_info("ssl_object")
        return encryption.selected_alpn_protocol()

    async def request(self) -> Request | None:
        """Read the next request; None when the client has gone."""
        first = await self._reader.read(1)
        if not first:
            return None
        if first == TLS_HANDSHAKE:
            raise NotHttpError
        head = (first + await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        start, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = start.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Request(method, target, headers, body, self.number)

    async def send(self, data: bytes) -> None:
        """Write, and wait until the client has room for more."""
        self._writer.write(data)
        await self._writer.drain()

    async def gone(self) -> None:
        """Keep the connection open until the client ends it; whatever it still says is thrown away."""
        while await self._reader.read(1 << 16):
            pass
        self.open = False

    def close(self) -> None:
        """End the connection the orderly way."""
        self.open = False
        self._writer.close()

    def reset(self) -> None:
        """End the connection with RST: what the kernel sends for a lingering time of nought."""
        self.open = False
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and the peer that waits for its reply."""

    request: Request
    peer: Peer
    number: int
    """Which request to its route this is, counted from 1."""

    async def send(self, data: bytes) -> None:
        await self.peer.send(data)

    async def drip(self, data: bytes, *, every_s: float) -> None:
        """Send one byte at a time."""
        for each in data:
            await self.send(bytes((each,)))
            await asyncio.sleep(every_s)


def head(status: int, *headers: tuple[str, str], version: str = "1.1") -> bytes:
    """Give a status line and headers, up to and with the empty line."""
    lines = [f"HTTP/{version} {status} {_phrase(status)}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reply(status: int, body: bytes = b"", *headers: tuple[str, str]) -> bytes:
    """Give a whole reply with its length."""
    return head(status, *headers, ("Content-Length", str(len(body)))) + body


def json_bytes(document: JsonValue) -> bytes:
    """Give a document as a body."""
    return json.dumps(document).encode()


def json_reply(status: int, document: JsonValue, *headers: tuple[str, str]) -> bytes:
    """Give a whole reply with a JSON body."""
    return reply(status, json_bytes(document), *JSON, *headers)


def chunk(data: bytes) -> bytes:
    """Give one chunk of a chunked body; nothing at all ends it."""
    return b"%x\r\n%b\r\n" % (len(data), data)


async def requests_of(peer: Peer) -> AsyncIterator[Request]:
    """Give one request after the other, for as long as the connection is open."""
    while peer.open and (request := await peer.request()) is not None:
        yield request


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Made Up"
