"""Whose certificates an environment's client trusts: the same on every Python that this runs on."""

from __future__ import annotations

import ssl
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.model import Environment

# What aiohttp's own contexts offer. Without it a gateway that serves several protocols may choose otherwise for an
# environment with a `ca_file` than for one without.
_ALPN: Final = ("http/1.1",)


def context_of(environment: Environment) -> ssl.SSLContext | bool:
    """Give what aiohttp takes for `ssl`: a context, or whether to verify at all.

    Raises:
        OSError: the CA file cannot be read, or holds no certificates (`ssl.SSLError`).

    """
    if not environment.verify_tls:
        return False
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
    context.set_alpn_protocols(_ALPN)
    return context
