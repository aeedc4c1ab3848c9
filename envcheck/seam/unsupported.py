"""Whether a gateway says that it does not have what an optional probe asks for."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from envcheck.seam.classify import says_unknown_model
from envcheck.seam.error_body import error_body

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from envcheck.model import Exchange
    from envcheck.probes.base import Probe

_NO_SUCH_ROUTE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})
_REFUSED: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY})
_WITHIN: Final = re.compile(r"[.\[]")
_DOES_WITHOUT: Final = re.compile(
    r"unknown|unrecognized|unexpected|unsupported|unavailable|not (?:supported|permitted|allowed|implemented|available)"
    r"|does ?n[o']t support|extra (?:inputs|fields)|invalid (?:parameter|argument|field)|no such"
    r"|requires? (?:the )?--",  # vLLM and llama.cpp name the flag that would switch it on
    re.IGNORECASE,
)


def is_unsupported(probe: Probe, exchange: Exchange) -> bool:
    """Tell whether a failure of an optional probe says that the gateway does without it.

    A route that is not there says so by its status; a parameter that is not taken, by an error that names it.
    """
    if not probe.optional or exchange.status is None:
        return False
    if exchange.status in _REFUSED:
        return refuses(exchange, probe.parameters)
    # Where the model is not there, nobody has said anything of the route.
    return exchange.status in _NO_SUCH_ROUTE and exchange.fault is None and not says_unknown_model(exchange)


def refuses(exchange: Exchange, parameters: AbstractSet[str]) -> bool:
    """Tell whether a reply refuses one of these members of the request's body by its name."""
    if exchange.status not in _REFUSED:
        return False
    error = error_body(exchange.body, exchange.content_type)
    if error.parameter is not None and _WITHIN.split(error.parameter, maxsplit=1)[0] in parameters:
        return True
    return any(
        _DOES_WITHOUT.search(message) and any(_has_word(message, name) for name in parameters)
        for message in error.messages
    )


def _has_word(message: str, name: str) -> bool:
    """Tell whether a message has a parameter's name, which people write with blanks and capitals too."""
    spelled = re.escape(name).replace("_", "[_ ]")
    return re.search(rf"(?<![A-Za-z0-9_]){spelled}(?![A-Za-z0-9_])", message, re.IGNORECASE) is not None
