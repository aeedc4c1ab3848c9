"""What a server under test is: a behaviour for each route, and how it listens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from gateways.wire import Exchange, Peer

if TYPE_CHECKING:
    from gateways.certificates import Certificate

Behaviour: TypeAlias = Callable[[Exchange], Awaitable[None]]
"""Answers one request, or does not."""
Welcome: TypeAlias = Callable[[Peer], Awaitable[None]]
"""Is given a connection before anything is read from it; reading goes on when it leaves it open."""


class Listening(Enum):
    """What there is at the port."""

    SERVER = "server"
    NOTHING = "nothing"
    """Bound, so that nobody else gets it, and not listening: refused."""
    FULL = "full"
    """A queue of connections that is full and never emptied: no answer to SYN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A server that is yet to be started."""

    models: Behaviour
    chat: Behaviour
    other: Behaviour
    """For every other route."""
    welcome: Welcome | None = None
    certificate: Certificate | None = None
    """Serves TLS with it."""
    listening: Listening = Listening.SERVER
    base_url: str = "http://127.0.0.1:{port}/v1"
    """What clients are told, with the port filled in."""
    proxy: str | None = None
    """Told to clients where this server is a proxy, with the port filled in."""
    trusted: bool = True
    """Whether clients are told of the authority that signed the certificates."""
    verify_tls: bool = True
