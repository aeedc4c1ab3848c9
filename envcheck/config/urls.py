"""What a URL in the file may look like. No sentence repeats the URL: it may hold a password."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABEL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_MAX_HOST: Final = 253
_MAX_URL: Final = 2048


def base_url_mistakes(url: str) -> list[str]:
    """Give a sentence for each thing that is wrong with a base URL."""
    broken = _unreadable(url)
    if broken:
        return [broken]
    mistakes = list(_wrong_host(urlsplit(url)))
    if "@" in url:
        mistakes.append(
            "must not hold a user name, a password or any other `@`; name the key's variable in api_key_env"
        )
    if "?" in url:
        mistakes.append('must not hold a query; use `query = { name = "value" }`')
    if "#" in url:
        mistakes.append("must not hold a fragment; leave out the `#` and what follows it")
    return mistakes


def proxy_mistakes(url: str) -> list[str]:
    """Give a sentence for each thing that is wrong with a proxy's URL, where a user name and password may stand."""
    broken = _unreadable(url)
    if broken:
        return [broken]
    parts = urlsplit(url)
    mistakes = list(_wrong_host(parts))
    if parts.path not in {"", "/"} or "?" in url or "#" in url:
        mistakes.append("must end after the host and port")
    return mistakes


def _unreadable(url: str) -> str | None:
    if not url:
        return "must not be empty"
    if len(url) > _MAX_URL:
        return f"must be at most {_MAX_URL} characters long"
    if not url.isprintable() or " " in url or "\\" in url:
        return "must not hold spaces, backslashes or control characters"
    try:
        parts = urlsplit(url)
        port_is_usable = parts.port != 0
    except ValueError:
        port_is_usable = False
    else:
        if parts.scheme not in {"http", "https"}:
            return "must begin with http:// or https://"
    return None if port_is_usable else "is not a valid URL; look at the host, its brackets and the port"


def _wrong_host(parts: SplitResult) -> Iterator[str]:
    host = parts.hostname
    if not host:
        yield "has no host"
    elif not (_is_address(host) if "[" in parts.netloc else _is_name(host)):
        yield "has a host that is neither a name nor an address"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    try:
        ascii_host = host.removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(ascii_host) <= _MAX_HOST and all(_LABEL.fullmatch(label) for label in ascii_host.split("."))
