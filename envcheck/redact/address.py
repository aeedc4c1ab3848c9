"""Addresses: scheme, host, port and vetted path segments; never userinfo, query or fragment."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from envcheck.redact.normal import MARK

_MAX_SEGMENTS: Final = 12
_HOST: Final = re.compile(rf"[A-Za-z0-9._{MARK}-]{{1,253}}|\[[0-9A-Fa-f:.]{{2,45}}\]")
_SEGMENT: Final = re.compile(rf"[A-Za-z0-9._~@:+{MARK}-]{{0,128}}")


def address(url: str) -> str:
    """Keep what an address may show of itself, and of a redirect its lone path; `MARK` stands for what it may not."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return MARK
    segments = [segment if _SEGMENT.fullmatch(segment) else MARK for segment in parts.path.split("/")]
    path = "/".join(segments if len(segments) <= _MAX_SEGMENTS else [*segments[:_MAX_SEGMENTS], MARK])
    if not parts.scheme and not parts.netloc and path.startswith("/"):
        return path
    host = parts.netloc.rpartition("@")[2].removesuffix(port or ":")
    is_shown = parts.scheme in {"http", "https"} and _HOST.fullmatch(host)
    return f"{parts.scheme}://{host}{port}{path}" if is_shown else MARK
