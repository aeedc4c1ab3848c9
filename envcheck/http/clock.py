"""Where the time of one exchange went, from the moments at which aiohttp's tracing calls.

`on_request_end` fires at the headers and the connection's hooks span DNS, TCP and TLS together, so the phases are
differences between moments noted here, and the end is noted by whoever reads the last byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

import aiohttp

from envcheck.model import Arrival, Connection, Timing

if TYPE_CHECKING:
    from types import SimpleNamespace

_MS: Final = 1000.0
MAX_ARRIVALS: Final = 20_000
"""Pieces of a body whose arrival is noted, and always the last one."""


@dataclass(slots=True)
class ExchangeClock:
    """The moments of one exchange, in seconds of the monotonic clock; None until they come."""

    started: float
    dns_started: float | None = None
    dns_ended: float | None = None
    connect_started: float | None = None
    ready: float | None = None
    """The connection can be written to."""
    replied: float | None = None
    """The reply's headers are here."""
    reused: bool = False
    sent: int = 0
    """How often the request was written to a connection."""

    @property
    def connection(self) -> Connection:
        """What kind of connection the exchange went over."""
        # A new connection after a used one: the client found it closed, and began again. aiohttp also sends a GET once
        # more, unasked, when a new connection is closed without a reply.
        if self.sent > 1 or (self.reused and self.connect_started is not None):
            return Connection.RETRIED
        return Connection.REUSED if self.reused else Connection.NEW

    def note_arrival(self, arrivals: list[Arrival], so_far: int) -> None:
        """Note that so many bytes of the body have come; past `MAX_ARRIVALS` the last note moves on."""
        arrival = Arrival((perf_counter() - self.started) * _MS, so_far)
        if len(arrivals) < MAX_ARRIVALS:
            arrivals.append(arrival)
        else:
            arrivals[-1] = arrival

    def timing(self, ended: float) -> Timing:
        """Turn the moments into phases."""
        dns = _between(self.dns_started, self.dns_ended)
        connect = _between(self.connect_started, self.ready)
        return Timing(
            dns_ms=dns,
            connect_ms=None if connect is None else connect - (dns or 0.0),
            ttfb_ms=_between(self.ready, self.replied),
            body_ms=_between(self.replied, ended),
            total_ms=_between(self.started, ended),
        )


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start) * _MS


def tracing() -> aiohttp.TraceConfig:
    """Give the hooks that note the moments in the `ExchangeClock` passed as `trace_request_ctx`."""
    config = aiohttp.TraceConfig()

    async def dns_started(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        _clock(context).dns_started = perf_counter()

    async def dns_ended(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        _clock(context).dns_ended = perf_counter()

    async def connect_started(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        _clock(context).connect_started = perf_counter()

    async def connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        _clock(context).ready = perf_counter()

    async def reused(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        clock = _clock(context)
        clock.reused = True
        clock.ready = perf_counter()

    async def written(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        _clock(context).sent += 1

    config.on_dns_resolvehost_start.append(dns_started)
    config.on_dns_resolvehost_end.append(dns_ended)
    config.on_connection_create_start.append(connect_started)
    config.on_connection_create_end.append(connected)
    config.on_connection_reuseconn.append(reused)
    config.on_request_headers_sent.append(written)
    return config


def _clock(context: SimpleNamespace) -> ExchangeClock:
    clock = context.trace_request_ctx
    if not isinstance(clock, ExchangeClock):
        raise TypeError("a request was sent without a clock")
    return clock
