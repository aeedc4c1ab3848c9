"""Behaviours that break one thing each: the building blocks of the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateways.wire import Exchange, Peer, json_reply, reply

if TYPE_CHECKING:
    from envcheck.model import JsonValue
    from gateways.gateway import Behaviour, Welcome

MIB = 1 << 20
# Anything endless ends by itself at last, should a client never hang up.
MOST_BLOCKS = 4096
BLOCK = b"x" * (1 << 16)


def raw(data: bytes) -> Behaviour:
    """Send these bytes and close."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(data)
        exchange.peer.close()

    return answer


def kept_open(data: bytes) -> Behaviour:
    """Send these bytes and wait for the next request."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(data)

    return answer


def whole(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Behaviour:
    """Send a whole reply, and keep the connection open."""

    return kept_open(reply(status, body, *headers))


def says(status: int, document: JsonValue, *headers: tuple[str, str]) -> Behaviour:
    """Send a whole reply with a JSON body."""

    return kept_open(json_reply(status, document, *headers))


def then_silent(data: bytes) -> Behaviour:
    """Send these bytes and then nothing, without closing."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(data)
        await exchange.peer.gone()

    return answer


def then_reset(data: bytes) -> Behaviour:
    """Send these bytes and then RST."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(data)
        exchange.peer.reset()

    return answer


def dripping(start: bytes, rest: bytes, *, every_s: float = 1.0) -> Behaviour:
    """Send the start at once and the rest a byte at a time."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(start)
        await exchange.drip(rest, every_s=every_s)
        await exchange.peer.gone()

    return answer


def endless(start: bytes, block: bytes = BLOCK) -> Behaviour:
    """Send the start and then the block again and again, until the client hangs up."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(start)
        for _ in range(MOST_BLOCKS):
            await exchange.send(block)
        exchange.peer.close()

    return answer


async def reset_on_accept(peer: Peer) -> None:
    """Send RST to every connection as soon as it is there."""
    peer.reset()


async def deaf(peer: Peer) -> None:
    """Take the connection and never say a word, not even in a TLS handshake."""
    await peer.gone()


def banner(data: bytes) -> Welcome:
    """Speak before the client does, as SSH, SMTP and FTP do, and close."""

    async def welcome(peer: Peer) -> None:
        await peer.send(data)
        peer.close()

    return welcome
