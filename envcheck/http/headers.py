"""Which headers go where: the key and the user's own to the configured origin, a proxy's credentials to the proxy.

Both are given to a request, never to a session: aiohttp merges a session's headers into those of CONNECT (its
`ClientSession._request` prepares `proxy_headers` with the session's defaults), and so a key would go to the proxy.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from envcheck import __version__

if TYPE_CHECKING:
    from envcheck.model import Environment, Request

_USER_AGENT: Final = f"envcheck/{__version__}"

KEPT_HEADERS: Final = frozenset({"content-type", "location", "retry-after"})
"""The response headers that say what a reply is, in lower case."""
_OF_THE_WAY: Final = re.compile(
    r"x-ratelimit-limit-[a-z0-9-]{1,40}|anthropic-ratelimit-[a-z-]{1,40}-limit|ratelimit-policy"
    r"|cf-cache-status|cf-aig-cache-status|x-cache"
)
"""Those that say what a gateway allows, and whether a cache answered."""


def is_kept(name: str, environment: Environment) -> bool:
    """Tell whether a response header, in lower case, is read at all; every other one is left where it came."""
    return name in KEPT_HEADERS or name in environment.record_headers or _OF_THE_WAY.fullmatch(name) is not None


def origin_headers(environment: Environment, request: Request) -> dict[str, str]:
    """Return what the environment's own server is sent with a request. Holds secrets."""
    # Where one of ours and one of theirs are called the same, in any case, aiohttp sends the last.
    headers = {
        "Accept": request.accepts,
        "User-Agent": _USER_AGENT,
        **{name: value.get_secret_value() for name, value in environment.headers.items()},
    }
    secret = request.made_up_key or environment.api_key
    if secret is not None:
        key = secret.get_secret_value()
        if environment.auth_header is None:
            headers["Authorization"] = f"Bearer {key}"
        else:
            headers[environment.auth_header] = key
    return headers


def tunnel_headers(environment: Environment) -> dict[str, str]:
    """Return what a CONNECT holds: all that a proxy is told of a request to an `https://` origin."""
    return {"User-Agent": _USER_AGENT, **proxy_headers(environment)}


def proxy_headers(environment: Environment) -> dict[str, str]:
    """Return what the proxy is sent for itself, as RFC 7617 spells it; nothing where its URL names no user."""
    if environment.proxy is None:
        return {}
    proxy = urlsplit(environment.proxy.get_secret_value())
    if not proxy.username and not proxy.password:
        return {}
    userinfo = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(userinfo.encode()).decode()}"}
