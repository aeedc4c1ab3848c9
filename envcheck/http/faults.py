"""Foreign exceptions in, our own words out.

Only classes, errno and OpenSSL's verify codes are looked at. The text of these exceptions is never used: aiohttp's
holds the URL, and the `repr` of some of them the Authorization header.
"""

from __future__ import annotations

import errno
import ssl
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from envcheck.http.once import RequestLostError
from envcheck.model import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_VERIFY_CODES: Final[Mapping[int, Fault]] = MappingProxyType(
    {
        9: Fault.TLS_NOT_YET_VALID,
        10: Fault.TLS_EXPIRED,
        18: Fault.TLS_SELF_SIGNED,
        19: Fault.TLS_SELF_SIGNED,
        62: Fault.TLS_WRONG_HOST,
        64: Fault.TLS_WRONG_HOST,
    }
)

_ERRNOS: Final[Mapping[int, Fault]] = MappingProxyType(
    {
        errno.ECONNREFUSED: Fault.REFUSED,
        errno.ECONNRESET: Fault.RESET,
        errno.EPIPE: Fault.RESET,
        errno.ECONNABORTED: Fault.RESET,
        errno.ENETUNREACH: Fault.UNREACHABLE,
        errno.EHOSTUNREACH: Fault.UNREACHABLE,
        errno.ETIMEDOUT: Fault.TIMEOUT_CONNECTING,
    }
)

_MACHINES: Final[Mapping[int, Fault]] = MappingProxyType(
    {
        errno.EMFILE: Fault.OPEN_FILES,
        errno.ENFILE: Fault.OPEN_FILES,
        errno.EAGAIN: Fault.THREADS,  # as `resolver` spells it: no socket of an event loop raises it
        # Every port that connections begin at is taken, or there is no IPv6 here: decided before anything is sent.
        errno.EADDRNOTAVAIL: Fault.LOCAL_ADDRESS,
        errno.ENOBUFS: Fault.BUFFERS,
    }
)
"""Limits of the machine that envcheck runs on: no gateway is to be blamed for them."""


# The most telling class first: aiohttp's exceptions inherit from one another.
_CLASSES: Final[tuple[tuple[type[Exception], Fault], ...]] = (
    (aiohttp.ClientProxyConnectionError, Fault.PROXY),
    (aiohttp.ClientHttpProxyError, Fault.PROXY),
    (aiohttp.ClientConnectorDNSError, Fault.DNS),
    # Shortened addresses, `127.1` or `999`, which the system would resolve: aiohttp refuses to ask it.
    (aiohttp.InvalidURL, Fault.DNS),
    (aiohttp.ClientSSLError, Fault.TLS_HANDSHAKE),
    (ssl.SSLError, Fault.TLS_HANDSHAKE),
    # The parser's: aiohttp invents a status of 400 for a reply that it could not read.
    (aiohttp.ClientResponseError, Fault.NOT_HTTP),
    (aiohttp.ServerDisconnectedError, Fault.CLOSED),
)


def machine_fault_of(error: OSError) -> Fault | None:
    """Name the limit of this machine that an exception is about; None where it is about something else."""
    return _by_number(error, _MACHINES)


def fault_of(error: Exception) -> Fault:
    """Name what an exception of the HTTP client stands for.

    Raises:
        Exception: the same again, where it stands for nothing that a server, a network or a machine can do.

    """
    if isinstance(error, RequestLostError):
        error = error.error
    named = _by_number(error, _MACHINES) or _by_what_it_holds(error)
    named = named or next((fault for kind, fault in _CLASSES if isinstance(error, kind)), None)
    if named is None and isinstance(error, OSError):
        named = _by_number(error, _ERRNOS) or Fault.CONNECT
    if named is None:
        raise error
    return named


def _by_number(error: Exception, faults: Mapping[int, Fault]) -> Fault | None:
    return faults.get(error.errno or 0) if isinstance(error, OSError) else None


def _by_what_it_holds(error: Exception) -> Fault | None:
    match error:
        case aiohttp.ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError() as verification):
            return _VERIFY_CODES.get(verification.verify_code, Fault.TLS_UNTRUSTED)
        case aiohttp.ClientHttpProxyError(status=HTTPStatus.PROXY_AUTHENTICATION_REQUIRED):
            return Fault.PROXY_LOGIN
        case aiohttp.ClientPayloadError():
            return _payload_fault(error)
        case aiohttp.ClientResponseError() if _has_cause(error, ContentEncodingError):
            # An encoding nobody asked for, such as brotli: refused with the headers, so that the status is lost.
            return Fault.BAD_ENCODING
        case _:
            return None


def _payload_fault(error: BaseException) -> Fault:
    """Tell a body that broke off from one that cannot be decoded."""
    if _has_cause(error, ContentEncodingError):
        return Fault.BAD_ENCODING
    return Fault.RESET if _has_cause(error, ConnectionResetError) else Fault.CUT_SHORT


def _has_cause(error: BaseException, kind: type[BaseException]) -> bool:
    """Look for the reason, which is somewhere in the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, kind):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
