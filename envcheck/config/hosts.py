"""What a host may be: a name that can be looked up, or an address as the HTTP client reads it.

What is let through here never makes the client raise: a run would call that a fault of envcheck.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

_BRACKETED: Final = re.compile(r"\[([^\[\]]*)\](?::[0-9]*)?")
_LABEL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label like this makes the host an address: https://url.spec.whatwg.org/#ends-in-a-number-checker."""
_MAX_NAME: Final = 253

_NEITHER: Final = "has a host that is neither a name nor an address"
_NO_IPV4: Final = (
    "has a host that ends in a number and is no address; an IPv4 address is four numbers from 0 to 255, such as"
    " 127.0.0.1"
)
_ZONE: Final = (
    "has an IPv6 address with a zone (`%…`), which no request can carry; use another address of that machine, or a name"
)
NOT_ENCODED: Final = (
    "has a user name or password with a character that a URL cannot hold; write it percent-encoded, such as %5B for `[`"
)


def host_mistake(netloc: str) -> str | None:
    """Say what is wrong with the host of a URL, of which this stands between `//` and the path; None where it is fine.

    The port has been looked at before, and brackets in front of the `@`.
    """
    userinfo, _, host_and_port = netloc.rpartition("@")
    if not host_and_port.partition(":")[0]:
        return "has no host"
    if "[" in host_and_port or "]" in host_and_port:
        bracketed = _BRACKETED.fullmatch(host_and_port)
        mistake = _wrong_ipv6(bracketed[1]) if bracketed else _NEITHER
    else:
        mistake = _wrong_name(host_and_port.partition(":")[0])
    if mistake is None and userinfo and not _can_be_read(netloc):
        return NOT_ENCODED
    return mistake


def _can_be_read(netloc: str) -> bool:
    """Say whether the client takes what stands before the `@`; it is particular about characters outside ASCII."""
    if netloc.isascii():
        return True
    from yarl import URL  # noqa: PLC0415 - slow to load, and few hosts and passwords are outside ASCII

    try:
        URL(f"http://{netloc}")
    except ValueError:
        return False
    return True


def _wrong_ipv6(address: str) -> str | None:
    if "%" in address:
        return _ZONE
    try:
        IPv6Address(address)
    except AddressValueError:
        return _NEITHER
    return None


def _wrong_name(host: str) -> str | None:
    as_sent = _as_sent(host)
    name = as_sent.removesuffix(".")
    labels = name.split(".")
    if len(name) > _MAX_NAME or not all(map(_LABEL.fullmatch, labels)):
        return _NEITHER
    if not _NUMBER.fullmatch(labels[-1]):
        return None
    try:
        IPv4Address(as_sent)
    except AddressValueError:
        return _NO_IPV4
    return None


def _as_sent(host: str) -> str:
    """Give the host as the client spells it, for only the client knows which IDNA it follows; nothing if none."""
    if host.isascii() and "xn--" not in host.lower():
        return host.lower()
    from yarl import URL  # noqa: PLC0415 - the same

    try:
        url = URL.build(scheme="http", host=host)
        can_be_shown = bool(url.host)
    except ValueError:
        return ""
    return url.raw_host or "" if can_be_shown else ""
