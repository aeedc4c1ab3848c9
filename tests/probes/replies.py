"""Replies for a probe's reader, without a server."""

from __future__ import annotations

import json

from envcheck.model import Exchange, JsonValue, Request, Route


def served(
    document: object, route: Route, *, asked: str = "gpt-4o-mini", status: int = 200, **body: JsonValue
) -> Exchange:
    """Give an exchange that brought this document, or these bytes, for a request with this body."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Exchange(Request(route, {"model": asked, **body}), status=status, body=text)
