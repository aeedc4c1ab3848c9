"""What every probe of a JSON route tells apart before it looks for its own facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString, cast

from pydantic_core import from_json

from envcheck.errors import ReplyRejected
from envcheck.model import FailureClass
from envcheck.seam.bounded_json import TooManyMembersError, bounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import Exchange, JsonValue


def parsed(exchange: Exchange) -> Mapping[str, JsonValue]:
    """Give the JSON object in the body.

    Raises:
        ReplyRejected: the body is empty, HTML, an event stream, not JSON, not an object, an error envelope or
            of more members than are worth parsing.

    """
    body = json_bytes(exchange)
    if not body:
        raise _unexpected("the body is empty or blank")
    if body.startswith(b"<") or exchange.content_type == "text/html":
        raise _unexpected("an HTML page, not JSON (a login page or a proxy's own page?)")
    if exchange.content_type == "text/event-stream" or body.startswith((b"data:", b"event:")):
        raise _unexpected("an event stream nobody asked for")
    try:
        document = cast("JsonValue", from_json(bounded(body)))
    except TooManyMembersError:
        raise _unexpected("JSON with too many members") from None
    except ValueError:  # also invalid UTF-8 and nesting too deep: the parser has a limit of its own
        raise _unexpected("not JSON") from None
    if not isinstance(document, dict):
        raise _unexpected("JSON, but not an object")
    if document.get("error") is not None:
        raise _unexpected("an error envelope with a status of success")
    return document


def json_bytes(exchange: Exchange) -> bytes:
    """Give the body without the white space and the byte order mark that some gateways put before it."""
    return exchange.body.removeprefix(b"\xef\xbb\xbf").strip()


def _unexpected(detail: LiteralString) -> ReplyRejected:
    return ReplyRejected(FailureClass.RESPONSE_SHAPE, detail)
