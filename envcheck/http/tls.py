"""Whose certificates an environment's client trusts, the same on every Python, and what a handshake agreed on."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from envcheck.model import Tls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from envcheck.model import Environment

# What aiohttp's own contexts offer. Without it a gateway that serves several protocols may choose otherwise for an
# environment with a `ca_file` than for one without.
_ALPN: Final = ("http/1.1",)


@dataclass(slots=True)
class Handshakes:
    """Takes note of the handshakes of one gateway: the last is the origin's, where a proxy has one before it."""

    last: Tls | None = None


# A context is shared, for reading the authorities takes long, so that it cannot know whose handshake it is. The task
# that opens a connection can: what asyncio calls for it later runs in a copy of the task's context.
_noting: Final[ContextVar[Handshakes | None]] = ContextVar("envcheck_handshakes", default=None)


@contextmanager
def noting(handshakes: Handshakes) -> Iterator[None]:
    """Take note of the handshakes of connections that are opened meanwhile."""
    token = _noting.set(handshakes)
    try:
        yield
    finally:
        _noting.reset(token)


class _Noted(ssl.SSLObject):
    """A connection's TLS that says what was agreed on, while that can be known.

    A reply that came whole with its headers has lost its connection: https://github.com/aio-libs/aiohttp/issues/2205
    """

    def do_handshake(self) -> None:
        """Go on with the handshake, and take note once it is done; until then it raises `SSLWantReadError`."""
        super().do_handshake()
        handshakes = _noting.get()
        if handshakes is not None:
            handshakes.last = Tls(
                self.version(), self.selected_alpn_protocol(), self.getpeercert(binary_form=True) or b""
            )


def context_of(environment: Environment) -> ssl.SSLContext | bool:
    """Give what aiohttp takes for `ssl`: a context, or that none is needed.

    Raises:
        OSError: the CA file cannot be read, or holds no certificates (`ssl.SSLError`).

    """
    if not environment.verify_tls:
        return _trusting_all()
    if environment.ca_file is not None:
        return _verifying(environment.ca_file)
    # A plain connection needs no authorities, and reading the system's takes longer than all else before a request.
    return _system_authorities() if _is_encrypted(environment) else True


def _is_encrypted(environment: Environment) -> bool:
    urls = [environment.base_url]
    if environment.proxy is not None:
        urls.append(environment.proxy.get_secret_value())
    return any(url.lower().startswith("https:") for url in urls)


@cache
def _system_authorities() -> ssl.SSLContext:
    """Give the one context that all environments without a `ca_file` share."""
    return _verifying(None)


def _verifying(ca_file: Path | None) -> ssl.SSLContext:
    """Give a context that checks chain, dates and host, the same way on each Python.

    Python 3.13 changed two flags of its default: https://docs.python.org/3/library/ssl.html#ssl.create_default_context
    """
    context = ssl.create_default_context(cafile=ca_file)
    # Off, as before 3.13. It asks of every certificate all that RFC 5280 asks of those who issue them, and many a
    # private authority was made without a key usage or a key identifier. Nothing of a chain's proof hangs on these.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    # On, as since 3.13: what the file holds is trusted, also where it is an authority that a further one has signed.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return _as_ours(context)


@cache
def _trusting_all() -> ssl.SSLContext:
    """Give the one context of all environments whose certificate is not to be verified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _as_ours(context)


def _as_ours(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_alpn_protocols(_ALPN)
    context.sslobject_class = _Noted
    return context
