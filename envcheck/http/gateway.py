"""One environment's HTTP client: adds the key, sets the deadline, bounds what is read, notes the phases."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin

import aiohttp
import anyio
from yarl import URL

from envcheck.http.clock import ExchangeClock, tracing
from envcheck.http.faults import fault_of, machine_fault_of
from envcheck.http.headers import is_kept, origin_headers, proxy_headers, tunnel_headers
from envcheck.http.once import RequestLostError, send_once
from envcheck.http.resolver import AbandonableResolver
from envcheck.http.tls import Handshakes, context_of, noting
from envcheck.model import Arrival, Connection, Exchange, Fault, Transport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from envcheck.model import Environment, Request

BODY_LIMIT: Final = 8 * 1024 * 1024
"""Bytes of a successful reply's body, decoded, past which it is not read any further."""
ERROR_BODY_LIMIT: Final = 64 * 1024
"""The same for an error: its first sentence is all that is looked for."""
PROMISING_LIMIT: Final = 64 * 1024
"""The same for a reply that does not begin as what is accepted does: it cannot pass, and its beginning says what it
is."""
_BLANK: Final = b" \t\r\n\xef\xbb\xbf"
_JSON: Final = "application/json"

# Longer than a round of samples over many slow environments takes, so that warm samples stay warm.
_KEEP_ALIVE_S: Final = 300.0
_LEAST_STATUS: Final = 100
"""A parser takes any three digits; no status is less: RFC 9110, section 15."""
# The deadline is ours, over the whole exchange: aiohttp's are rounded up to a second and restart with each phase.
_NO_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None)


@dataclass(slots=True)
class _Reply:
    """What has come so far; what is here when the deadline passes is kept."""

    status: int | None = None
    http_version: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    arrivals: list[Arrival] = field(default_factory=list)
    fault: Fault | None = None


class Gateway:
    """The connection to one environment, as an asynchronous context manager.

    Each has a session and a connector of its own: shared ones would let two environments on one host share warm
    connections, and so compare unlike latencies. With `keeps_connections` false every exchange opens one of its own
    and closes it, so that nothing stays open between two of them.
    """

    def __init__(self, environment: Environment, *, keeps_connections: bool = True) -> None:
        self._environment = environment
        self._keeps_connections = keeps_connections
        self._session: aiohttp.ClientSession | None = None
        self._handshakes = Handshakes()
        self._unopened: Fault | None = None
        """Why nothing can be sent at all; every exchange says so."""

    async def __aenter__(self) -> Self:
        try:
            tls = context_of(self._environment)
        except OSError as error:  # an `ssl.SSLError` is one too
            self._unopened = machine_fault_of(error) or Fault.CA_FILE
            return self
        resolver = AbandonableResolver()
        if self._keeps_connections:
            connector = aiohttp.TCPConnector(ssl=tls, limit=0, resolver=resolver, keepalive_timeout=_KEEP_ALIVE_S)
        else:
            connector = aiohttp.TCPConnector(ssl=tls, limit=0, resolver=resolver, force_close=True)
        self._session = aiohttp.ClientSession(
            connector=connector,
            # No default headers: aiohttp merges a session's into those that it sends to a proxy with CONNECT.
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_NO_TIMEOUT,
            trace_configs=[tracing()],
            middlewares=(send_once,),
            # Proxies and netrc come from the file alone: two machines must read the same comparison.
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def exchange(self, request: Request) -> Exchange:
        """Send one request and read its reply within the deadline.

        Whatever goes wrong on the way is in the exchange. Redirects are not followed. The clock runs from the look-up
        of the host's name to the body's last byte; nothing is parsed while it runs.
        """
        reply = _Reply(fault=self._unopened)
        clock = ExchangeClock(started=perf_counter())
        with noting(self._handshakes), anyio.move_on_after(self._environment.timeout_s) as deadline:
            try:
                if self._unopened is None:
                    await self._fetch_on_an_open_connection(request, clock, reply)
            except (aiohttp.ClientError, OSError) as error:
                reply.fault = _as_the_proxys(fault_of(error), self._environment)
        ended = perf_counter()
        if deadline.cancelled_caught:
            reply.fault = _timeout_fault(clock, reply)
        return Exchange(
            request=request,
            fault=reply.fault,
            status=reply.status,
            headers=MappingProxyType(reply.headers),
            body=reply.body,
            timing=clock.timing(ended),
            connection=clock.connection,
            sent=clock.sent,
            started=clock.started,
            arrivals=tuple(reply.arrivals),
            transport=self._transport(reply),
        )

    def _transport(self, reply: _Reply) -> Transport:
        environment = self._environment
        tls = self._handshakes.last if environment.base_url.lower().startswith("https:") else None
        return Transport(reply.http_version, via_proxy=environment.proxy is not None, tls=tls)

    async def _fetch_on_an_open_connection(self, request: Request, clock: ExchangeClock, reply: _Reply) -> None:
        """Send the request, and once more on a new connection where the one in hand turned out to be closed.

        A gateway may close an idle connection whenever it likes, and only a new one tells that from a dead gateway.
        What is sent twice is labelled, and in no median.
        """
        try:
            await self._fetch(request, clock, reply)
        except RequestLostError:
            if clock.connection is not Connection.REUSED:
                raise
            await self._fetch(request, clock, reply)

    async def _fetch(self, request: Request, clock: ExchangeClock, reply: _Reply) -> None:
        if self._session is None:
            raise RuntimeError("the gateway is used outside its `async with`")
        environment = self._environment
        query = {name: value.get_secret_value() for name, value in environment.query.items()}
        headers = origin_headers(environment, request)
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        proxy = _proxy(environment)
        url = URL(environment.base_url + request.route.path).update_query(query)
        tunnelled = url.scheme == "https"
        if not tunnelled:
            headers |= proxy_headers(environment)  # a plain request is itself what the proxy reads
        async with self._session.request(
            request.route.method,
            url,
            data=_payload(request),
            headers=headers,
            allow_redirects=False,
            proxy=proxy,
            proxy_headers=tunnel_headers(environment) if tunnelled else None,
            trace_request_ctx=clock,
        ) as response:
            clock.replied = perf_counter()
            if (fault := _no_origins_reply(response.status, proxied=proxy is not None and not tunnelled)) is not None:
                reply.fault = _as_the_proxys(fault, environment)
                response.close()
                return
            reply.status = response.status
            reply.http_version = _version(response)
            reply.headers.update(_kept(response, environment))
            await _read_body(response, reply, clock, request.accepts)


async def _read_body(response: aiohttp.ClientResponse, reply: _Reply, clock: ExchangeClock, accepts: str) -> None:
    """Read up to the limit of the reply's kind; aiohttp inflates a compressed body piece by piece."""
    limit = BODY_LIMIT if response.ok else ERROR_BODY_LIMIT
    body = bytearray()
    too_large = response.ok and (response.content_length or 0) > limit
    try:
        while not too_large and (piece := await response.content.readany()):
            body += piece
            clock.note_arrival(reply.arrivals, len(body))
            if len(body) > PROMISING_LIMIT and not _is_promising(body[:PROMISING_LIMIT].lstrip(_BLANK), accepts):
                limit = PROMISING_LIMIT
            too_large = len(body) > limit
    finally:
        # When the deadline cuts in, what came of an error still says what it is about.
        if not (too_large and limit == BODY_LIMIT):
            del body[limit:]
            reply.body = bytes(body)
    if too_large:
        response.close()  # the rest is not wanted: without this the connection would be read to its end
        reply.fault = Fault.TOO_LARGE if limit == BODY_LIMIT else None


def _is_promising(beginning: bytearray, accepts: str) -> bool:
    """Tell whether a body may be what is accepted: JSON begins in two ways, and an HTML page is nothing else."""
    return beginning.startswith((b"{", b"[")) if accepts == _JSON else not beginning.startswith(b"<")


def _no_origins_reply(status: int, *, proxied: bool) -> Fault | None:
    """Name what a status stands for that the environment's own server did not send; None where it did."""
    if proxied and status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return Fault.PROXY_LOGIN
    return Fault.NOT_HTTP if status < _LEAST_STATUS else None


def _as_the_proxys(fault: Fault, environment: Environment) -> Fault:
    """Name a fault more closely where a proxy stands between: it alone is looked up and asks for a password."""
    if environment.proxy is not None and fault is Fault.DNS:
        return Fault.PROXY_DNS
    return Fault.PROXY_LOGIN_REFUSED if fault is Fault.PROXY_LOGIN and proxy_headers(environment) else fault


def _payload(request: Request) -> bytes | None:
    """Give the body as it is sent, whole or broken off on purpose."""
    return None if request.body is None else json.dumps(request.body).encode()[: request.broken_off_at]


def _version(response: aiohttp.ClientResponse) -> str | None:
    version = response.version
    return None if version is None else f"{version.major}.{version.minor}"


def _kept(response: aiohttp.ClientResponse, environment: Environment) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, value in response.headers.items():
        lower = name.lower()
        if lower not in seen and is_kept(lower, environment):
            seen.add(lower)
            yield lower, _target(response, value) if lower == "location" else value


def _target(response: aiohttp.ClientResponse, location: str) -> str:
    """Give where a reply redirects to; a target that is no URL stays as it was sent, for it is redacted later on."""
    try:
        return urljoin(str(response.url), location)
    except ValueError:
        return location


def _timeout_fault(clock: ExchangeClock, reply: _Reply) -> Fault:
    if reply.status is not None:
        return Fault.TIMEOUT_BODY
    if clock.ready is not None:
        return Fault.TIMEOUT_HEADERS
    is_looking_up = clock.dns_started is not None and clock.dns_ended is None
    return Fault.TIMEOUT_DNS if is_looking_up else Fault.TIMEOUT_CONNECTING


def _proxy(environment: Environment) -> URL | None:
    return None if environment.proxy is None else URL(environment.proxy.get_secret_value()).with_user(None)
