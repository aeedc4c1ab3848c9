"""A relay before a server that keeps no record of its own: it passes every byte on, and remembers both directions."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@dataclass(slots=True)
class Conversation:
    """One connection: what the client sent, and what it was answered."""

    sent: bytearray = field(default_factory=bytearray)
    answered: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Tap:
    """A relay that is running."""

    to_port: int
    port: int = 0
    conversations: list[Conversation] = field(default_factory=list)
    _peers: set[asyncio.Task[None]] = field(default_factory=set)

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._peers.add(task)
        conversation = Conversation()
        self.conversations.append(conversation)
        try:
            with suppress(ConnectionError, asyncio.CancelledError):  # gone, or told to stop
                upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
                try:
                    await asyncio.gather(
                        _pass_on(reader, upstream_writer, conversation.sent),
                        _pass_on(upstream_reader, writer, conversation.answered),
                    )
                finally:
                    upstream_writer.close()
        finally:
            self._peers.discard(task)
            writer.close()

    async def stop(self) -> None:
        """End every connection that is still open."""
        peers = tuple(self._peers)
        for peer in peers:
            peer.cancel()
        await asyncio.gather(*peers)


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter, record: bytearray) -> None:
    while data := await source.read(1 << 16):
        record += data
        sink.write(data)
        await sink.drain()
    sink.close()


@contextmanager
def tapping(to_port: int) -> Iterator[Tap]:
    """Relay to a port of loopback for as long as the block lasts."""
    with start_blocking_portal("asyncio") as portal, portal.wrap_async_context_manager(_running(to_port)) as tap:
        yield tap


@asynccontextmanager
async def _running(to_port: int) -> AsyncIterator[Tap]:
    tap = Tap(to_port)
    server = await asyncio.start_server(tap.relay, "127.0.0.1", 0)
    tap.port = server.sockets[0].getsockname()[1]
    try:
        yield tap
    finally:
        server.close()
        await tap.stop()
