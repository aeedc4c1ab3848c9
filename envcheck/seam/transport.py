"""From the exchanges with one environment to what they went over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from envcheck.redact import MARKER, Redacted
from envcheck.seam.certificate import Signed, signed
from envcheck.seam.classify import is_success
from envcheck.seam.ratelimit import REQUESTS, TOKENS, limits_in
from envcheck.transport import MAX_VALUES, TransportFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from envcheck.model import Exchange, Tls
    from envcheck.redact import Redactor

CACHE_HEADERS: Final = ("cf-cache-status", "cf-aig-cache-status", "x-cache")
# `HIT`, `Hit from cloudfront`, `TCP_HIT`, `MISS, HIT`.
_HIT: Final = re.compile(r"(?<![a-z])hit(?![a-z])", re.IGNORECASE)


@dataclass(slots=True)
class TransportNotes:
    """What was noted so far. It may hold secrets, and never leaves the process."""

    recorded: tuple[str, ...] = ()
    """The headers that the user named, in lower case."""
    http_version: str | None = None
    tls: Tls | None = None
    via_proxy: bool = False
    limits: dict[str, int] = field(default_factory=dict)
    cached: dict[str, None] = field(default_factory=dict)
    values: dict[str, dict[str, None]] = field(default_factory=dict)
    """By header: those seen, in their order."""

    def note(self, probe: str, exchange: Exchange) -> None:
        """Take note of one exchange; what it went over is that of the first that says so."""
        self.via_proxy = self.via_proxy or exchange.transport.via_proxy
        self.tls = self.tls or exchange.transport.tls
        self.http_version = self.http_version or exchange.transport.http_version
        if exchange.status is None or exchange.request.made_up_key is not None:
            return  # who comes with another key is told other limits
        self.limits = limits_in(exchange.headers) | self.limits
        if is_success(exchange.status) and any(_HIT.search(exchange.headers.get(name, "")) for name in CACHE_HEADERS):
            self.cached[probe] = None
        for name in self.recorded:
            values = self.values.setdefault(name, {})
            if name in exchange.headers and len(values) < MAX_VALUES:
                values[exchange.headers[name]] = None


def transport_of(notes: TransportNotes, redactor: Redactor) -> TransportFacts | None:
    """Make the facts; None where nothing came."""
    if notes.http_version is None and notes.tls is None:
        return None
    tls = notes.tls
    certificate = Signed() if tls is None else signed(tls.certificate)
    organisation = certificate.organisation
    return TransportFacts(
        http_version=notes.http_version,
        tls_version=None if tls is None else tls.version,
        alpn=None if tls is None else tls.alpn,
        certificate_expires=certificate.expires,
        certificate_issuer=None if organisation is None else _shown(organisation, redactor),
        via_proxy=notes.via_proxy,
        ratelimit_requests=notes.limits.get(REQUESTS),
        ratelimit_tokens=notes.limits.get(TOKENS),
        cache=tuple(notes.cached),
        # The names are the user's own.
        headers={Redacted(name): _all_shown(values, redactor) for name, values in notes.values.items()},
    )


def _all_shown(values: Iterable[str], redactor: Redactor) -> tuple[Redacted, ...]:
    return tuple(sorted({_shown(value, redactor) for value in values}))


def _shown(text: str, redactor: Redactor) -> Redacted:
    return redactor.text(text) or redactor.own(MARKER)
