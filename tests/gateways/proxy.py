"""A real HTTP proxy on loopback that demands a name and a password: it forwards plain requests and tunnels CONNECT."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from anyio.from_thread import start_blocking_portal

from gateways.wire import reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

USER = "proxy-user"
PASSWORD = "Made up: p@ss/0987"
_HOP_BY_HOP = frozenset({"proxy-authorization", "proxy-connection", "connection"})


@dataclass(slots=True)
class Proxy:
    """A proxy that is running."""

    port: int = 0
    heads: list[str] = field(default_factory=list)
    """Every head that it was sent for itself to read, as it came: what goes through a tunnel it does not see."""
    peers: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, *, user: str = USER, password: str = PASSWORD) -> str:
        return f"http://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.peers.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass  # told to stop
        finally:
            self.peers.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        start, *lines = head.rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        wanted = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("proxy-authorization") != wanted:
            writer.write(reply(407, b"", ("Proxy-Authenticate", 'Basic realm="test"'), ("Connection", "close")))
            await writer.drain()
            return
        method, target, version = start.split(" ")
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            upstream = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            parts = urlsplit(target)
            upstream = await asyncio.open_connection(parts.hostname, parts.port or 80)
            kept = [line for line in lines if line.partition(":")[0].lower() not in _HOP_BY_HOP]
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            upstream[1].write("\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""]).encode())
        try:
            await asyncio.gather(_pump(reader, upstream[1]), _pump(upstream[0], writer))
        finally:
            upstream[1].close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(1 << 16):
        sink.write(data)
        await sink.drain()
    sink.close()


@contextmanager
def proxying() -> Iterator[Proxy]:
    """Run a proxy for as long as the block lasts."""
    with start_blocking_portal("asyncio") as portal, portal.wrap_async_context_manager(_running()) as proxy:
        yield proxy


@asynccontextmanager
async def _running() -> AsyncIterator[Proxy]:
    proxy = Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        peers = tuple(proxy.peers)
        for peer in peers:
            peer.cancel()
        await asyncio.gather(*peers, return_exceptions=True)
