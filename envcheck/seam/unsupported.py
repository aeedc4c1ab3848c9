"""Whether a gateway says that it does not have what an optional probe asks for."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from envcheck.seam.error_body import error_body

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Probe

_NO_SUCH_ROUTE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})
_REFUSED: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY})
_DOES_WITHOUT: Final = re.compile(
    r"unknown|unrecognized|unexpected|unsupported|not (?:supported|permitted|allowed|implemented|available)"
    r"|does ?n[o']t support|extra (?:inputs|fields)|invalid (?:parameter|argument|field)|no such",
    re.IGNORECASE,
)


def is_unsupported(probe: Probe, exchange: Exchange) -> bool:
    """Tell whether a failure of an optional probe says that the gateway does without it.

    A route that is not there says so by its status; a parameter that is not taken, by an error that names it.
    """
    if not probe.optional or exchange.status is None:
        return False
    if exchange.status in _REFUSED:
        return _names_a_parameter(probe, exchange)
    return exchange.status in _NO_SUCH_ROUTE and exchange.fault is None


def _names_a_parameter(probe: Probe, exchange: Exchange) -> bool:
    error = error_body(exchange.body, exchange.content_type)
    if error.parameter is not None and error.parameter.partition(".")[0] in probe.parameters:
        return True
    return any(
        _DOES_WITHOUT.search(message) and any(_has_word(message, name) for name in probe.parameters)
        for message in error.messages
    )


def _has_word(message: str, name: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", message) is not None
