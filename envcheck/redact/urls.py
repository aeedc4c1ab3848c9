"""Addresses: scheme, host, port and vetted path segments; never userinfo, query or fragment."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from envcheck.redact.normal import MARK

MAX_SEGMENTS: Final = 12

_SCHEMES: Final = frozenset({"http", "https"})
_HOST: Final = re.compile(rf"[A-Za-z0-9._{MARK}-]{{1,253}}|\[[0-9A-Fa-f:.]{{2,45}}\]")
_SEGMENT: Final = re.compile(rf"[A-Za-z0-9._~@:+{MARK}-]{{1,128}}")


def address(url: str) -> str:
    """Keep what an address may show of itself; `MARK` stands for what it may not, alone where it is no address.

    A lone path, as in a redirect to another route of the same host, stays a path.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return MARK
    path = _path(parts.path)
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        return path
    host = parts.netloc.rpartition("@")[2]
    if port is not None or host.endswith(":"):
        host = host.rpartition(":")[0]
    if parts.scheme not in _SCHEMES or not _HOST.fullmatch(host):
        return MARK
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{path}"


def _path(path: str) -> str:
    segments = path.split("/")
    vetted = [segment if not segment or _SEGMENT.fullmatch(segment) else MARK for segment in segments[:MAX_SEGMENTS]]
    return "/".join(vetted if len(segments) <= MAX_SEGMENTS else [*vetted, MARK])
