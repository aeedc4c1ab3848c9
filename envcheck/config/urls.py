"""What a URL in the file may look like. No sentence repeats the URL: it may hold a password."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from envcheck.config.hosts import NOT_ENCODED, host_mistake

_MAX_URL: Final = 2048
_SHELLS_REFERENCE: Final = re.compile(r"(?:[a-z]+://)?[^/@]*\$[A-Za-z_][^/@]*(?:/|$)")
"""`$NAME` before the path, where no URL has a `$` but in a password."""
# Newer releases of Python read these as a host's, and refuse to split the URL; older ones do not mind them.
_BRACKETS_BEFORE_AT: Final = re.compile(r"[^/?#]*//[^/?#]*[\[\]][^/?#]*@")
_USER: Final = "must not hold a user name, a password or any other `@`; name the key's variable in api_key_env"


def base_url_mistakes(url: str) -> list[str]:
    """Give a sentence for each thing that is wrong with a base URL."""
    broken = _USER if _BRACKETS_BEFORE_AT.match(url) else _unreadable(url)
    if broken:
        return [broken]
    wrong_host = host_mistake(urlsplit(url).netloc)
    mistakes = [wrong_host] if wrong_host else []
    if "@" in url:
        mistakes.append(_USER)
    if "?" in url:
        mistakes.append('must not hold a query; use `query = { name = "value" }`')
    if "#" in url:
        mistakes.append("must not hold a fragment; leave out the `#` and what follows it")
    return mistakes


def proxy_mistakes(url: str) -> list[str]:
    """Give a sentence for each thing that is wrong with a proxy's URL, where a user name and password may stand."""
    broken = NOT_ENCODED if _BRACKETS_BEFORE_AT.match(url) else _unreadable(url)
    if broken:
        return [broken]
    parts = urlsplit(url)
    wrong_host = host_mistake(parts.netloc)
    mistakes = [wrong_host] if wrong_host else []
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
        if _SHELLS_REFERENCE.match(url):
            return "reads a variable as `${NAME}`, in braces"
        if parts.scheme not in {"http", "https"}:
            return "must begin with http:// or https://"
    return None if port_is_usable else "is not a valid URL; look at the host, its brackets and the port (1 to 65535)"
