"""Starts gateways on real loopback sockets, in one background thread for all that are started together."""

from __future__ import annotations

import asyncio
import socket
import ssl
import tempfile
from collections import Counter
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anyio.from_thread import start_blocking_portal

from gateways.certificates import server_context, write_authority
from gateways.gateway import Behaviour, Gateway, Listening
from gateways.wire import Exchange, NotHttpError, Peer, Request, reply, requests_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from envcheck.model import JsonValue

MAX_REQUEST_HEAD: Final = 1 << 20
# What a client does that hangs up, and what a server does that is told to stop.
_ENDED = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError)


@dataclass(slots=True)
class Server:
    """A gateway that is running."""

    gateway: Gateway
    port: int
    ca_file: Path
    requests: list[Request] = field(default_factory=list)
    """Every request that came, in order."""
    connections: int = 0
    _routes: Counter[str] = field(default_factory=Counter)
    _peers: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        return self.gateway.base_url.format(port=self.port)

    @property
    def settings(self) -> dict[str, JsonValue]:
        """What a client needs to be told, as environments.toml spells it."""
        told: dict[str, JsonValue] = {"base_url": self.base_url}
        if self.gateway.proxy is not None:
            told["proxy"] = self.gateway.proxy.format(port=self.port)
        if self.gateway.trusted and self.base_url.startswith("https:"):
            told["ca_file"] = str(self.ca_file)
        if not self.gateway.verify_tls:
            told["verify_tls"] = False
        return told

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._peers.add(task)
        self.connections += 1
        peer = Peer(reader, writer, self.connections)
        try:
            with suppress(*_ENDED):
                await self._serve(peer)
        except asyncio.CancelledError:
            pass  # told to stop: the streams' own callback would report a cancelled task as a fault
        finally:
            self._peers.discard(task)
            writer.close()

    async def stop(self) -> None:
        """End every connection that is still open."""
        peers = tuple(self._peers)
        for peer in peers:
            peer.cancel()
        await asyncio.gather(*peers)

    async def _serve(self, peer: Peer) -> None:
        if self.gateway.welcome is not None:
            await self.gateway.welcome(peer)
        try:
            async for request in requests_of(peer):
                self.requests.append(request)
                route, behaviour = self._route(request)
                self._routes[route] += 1
                await behaviour(Exchange(request, peer, self._routes[route]))
        except NotHttpError:
            await peer.send(reply(400, b"The plain HTTP request was sent to an HTTPS port", ("Connection", "close")))

    def _route(self, request: Request) -> tuple[str, Behaviour]:
        if request.path.endswith("/models"):
            return "models", self.gateway.models
        if request.path.endswith("/chat/completions"):
            return "chat", self.gateway.chat
        return "other", self.gateway.other


@contextmanager
def serving(gateway: Gateway) -> Iterator[Server]:
    """Run one gateway for as long as the block lasts."""
    with serving_all([gateway]) as (server,):
        yield server


@contextmanager
def serving_all(gateways: Sequence[Gateway]) -> Iterator[list[Server]]:
    """Run several gateways, all in one thread, for as long as the block lasts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(_running(gateways, Path(folder))) as servers,
    ):
        yield servers


@asynccontextmanager
async def _running(gateways: Sequence[Gateway], folder: Path) -> AsyncIterator[list[Server]]:
    ca_file = write_authority(folder)
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_started(each, ca_file)) for each in gateways]


@asynccontextmanager
async def _started(gateway: Gateway, ca_file: Path) -> AsyncIterator[Server]:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        server = Server(gateway, listener.getsockname()[1], ca_file)
        match gateway.listening:
            case Listening.NOTHING:
                yield server
            case Listening.FULL:
                listener.listen(0)
                for _ in range(2):  # Linux queues one connection more than it was asked to
                    waiting = stack.enter_context(socket.socket())
                    waiting.settimeout(0)
                    waiting.connect_ex(("127.0.0.1", server.port))
                yield server
            case Listening.SERVER:
                certificate = gateway.certificate
                context = server_context(certificate, ca_file.parent) if certificate else None
                listening = await asyncio.start_server(
                    server.accept, sock=listener, ssl=context, limit=MAX_REQUEST_HEAD, backlog=1024
                )
                try:
                    yield server
                finally:
                    listening.close()
                    await server.stop()
