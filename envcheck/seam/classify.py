"""What a failed exchange is called: status, error body and fault in, failure class out. Pure.

The status decides before the text does: a 401 whose body says "timeout" is `auth`. Text is only looked at where the
same status stands for two things, a route that does not exist and a model that does not.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.model import FailureClass, Fault
from envcheck.seam.error_body import error_body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import Exchange
    from envcheck.seam.error_body import ErrorBody

_STATUSES: Final[Mapping[int, FailureClass]] = MappingProxyType(
    {
        401: FailureClass.AUTH,
        402: FailureClass.RATE_OR_QUOTA,
        403: FailureClass.PERMISSION,
        404: FailureClass.BASE_URL_OR_ROUTE,
        405: FailureClass.BASE_URL_OR_ROUTE,
        408: FailureClass.TIMEOUT,
        429: FailureClass.RATE_OR_QUOTA,
        **dict.fromkeys((300, 301, 302, 303, 305, 307, 308), FailureClass.BASE_URL_OR_ROUTE),
        **dict.fromkeys(range(500, 600), FailureClass.UPSTREAM_OR_GATEWAY),
    }
)
"""Every other status outside 2xx is `http_<status>`."""

_FAULTS: Final[Mapping[Fault, FailureClass]] = MappingProxyType(
    {
        Fault.TIMEOUT_DNS: FailureClass.TIMEOUT,
        Fault.TIMEOUT_CONNECTING: FailureClass.TIMEOUT,
        Fault.TIMEOUT_HEADERS: FailureClass.TIMEOUT,
        Fault.TIMEOUT_BODY: FailureClass.TIMEOUT,
        Fault.TOO_LARGE: FailureClass.RESPONSE_SHAPE,
        Fault.BAD_ENCODING: FailureClass.RESPONSE_SHAPE,
        **dict.fromkeys(
            (
                Fault.CA_FILE,
                Fault.OPEN_FILES,
                Fault.THREADS,
                Fault.LOCAL_ADDRESS,
                Fault.BUFFERS,
                Fault.INTERNAL,
            ),
            FailureClass.INTERNAL,
        ),
    }
)
"""Every other fault is `network`."""

REDIRECTS: Final = frozenset(
    status
    for status, failure_class in _STATUSES.items()
    if 300 <= status < 400  # noqa: PLR2004 - the 3xx
)

_MAY_BE_THE_MODEL: Final = frozenset({400, 404})

# What gateways and engines put into `code` or `type`, without case and separators.
_MODEL_CODES: Final = frozenset({
    "modelnotfound", "modelnotfounderror", "modelnotavailable", "modelnotexist", "modelnotsupported",
    "deploymentnotfound", "invalidmodel", "invalidmodelname", "unknownmodel", "modeldecommissioned",
    "invalidendpointormodelnotfound",
})  # fmt: skip
_SEPARATORS: Final = re.compile(r"[\s._-]")

_MODEL: Final = r"\b(?:model|deployment|engine)s?\b"
# To the sentence's end and no further; the dots of ids and versions have no blank behind them. Bounded, so that a match
# costs linear time.
_GAP: Final = r"(?:[^\n.]|\.(?=\S)){0,120}?"
_IS_UNKNOWN: Final = (
    r"(?:not[ _]?found|does ?n[o']t exist|not exist|(?:is|are) (?:unknown|invalid)|not a valid"
    r"|not (?:available|deployed|served|loaded|accessible)|no longer (?:available|supported)|inaccessible)"
)
_UNKNOWN: Final = r"(?:unknown|unsupported|unrecognized|malformed|invalid|not a valid|not a chat)"
_ABSENT: Final = r"(?:not found|does not exist|no such|unable to access|no access|not have access|could not find)"
_SAYS_UNKNOWN_MODEL: Final = re.compile(
    "|".join((
        rf"{_MODEL}{_GAP}{_IS_UNKNOWN}",
        # Next to each other: "model x: streaming is not supported" is about something else.
        rf"{_MODEL}(?:[ :]\S{{1,200}})? (?:is|are) (?:currently )?not supported",
        # So is "invalid response from the model".
        rf"{_UNKNOWN} (?:\w{{1,40}} )?['\"`]?{_MODEL}",
        rf"{_ABSENT}[^\n.:'\"`]{{0,60}}?(?<!\bthis ){_MODEL}",
        r"\bno models? (?:is |are )?(?:currently )?(?:loaded|found|available)",
        r"\bno (?:allowed )?(?:providers?|endpoints?) (?:are )?(?:found|available)",
        "模型.{0,80}?不存在",  # Zhipu says it in Chinese alone, with a 400
    )),
    re.IGNORECASE,
)  # fmt: skip
# "model `x` does not support parameter y" is about the parameter; "context length" is about the request.
_SAYS_PARAMETER: Final = re.compile(r"\b(?:parameter|argument|context length|max_tokens|temperature)\b", re.IGNORECASE)
_MAX_TEXT: Final = 2000


def failure_class(exchange: Exchange) -> FailureClass | None:
    """Name the failure that status and transport show; None where only the body of a 2xx can still disappoint."""
    status = exchange.status
    if status is not None and not is_success(status):
        if status in _MAY_BE_THE_MODEL and _is_about_the_model(exchange):
            return FailureClass.MODEL_SELECTION
        return _STATUSES.get(status, FailureClass.HTTP)
    return None if exchange.fault is None else fault_class(exchange.fault)


def fault_class(fault: Fault) -> FailureClass:
    """Name the failure that a broken exchange is, whatever its status says."""
    return _FAULTS.get(fault, FailureClass.NETWORK)


def is_refusal(status: int | None) -> bool:
    """Tell whether a status says no: 4xx, 5xx, or one past them that somebody made up."""
    return status is not None and status >= 400  # noqa: PLR2004 - the first of the 4xx


def is_success(status: int) -> bool:
    """Tell whether a status is one of the 2xx."""
    return 200 <= status < 300  # noqa: PLR2004 - the 2xx


def _is_about_the_model(exchange: Exchange) -> bool:
    asked = exchange.request.asked_model
    if asked is None:
        return False
    if says_unknown_model(exchange):
        return True
    text = _said(error_body(exchange.body, exchange.content_type))
    if _SAYS_PARAMETER.search(text):
        return False
    # A 404 that names the model is about the model; a 400 that does may be about anything else in the request.
    return exchange.status == HTTPStatus.NOT_FOUND and _names(text, asked)


def says_unknown_model(exchange: Exchange) -> bool:
    """Tell whether an error says, by its code or in a sentence, that there is no such model."""
    error = error_body(exchange.body, exchange.content_type)
    if any(
        word is not None and _SEPARATORS.sub("", word).casefold() in _MODEL_CODES for word in (error.code, error.kind)
    ):
        return True
    text = _said(error)
    return not _SAYS_PARAMETER.search(text) and _SAYS_UNKNOWN_MODEL.search(text) is not None


def _said(error: ErrorBody) -> str:
    return " ".join(error.messages)[:_MAX_TEXT]


def _names(text: str, model: str) -> bool:
    """Tell whether a model is named; one called by an ordinary word, as in `default backend - 404`, is not."""
    if not model or model.isalpha():
        return False
    before, found, after = text.casefold().partition(model.casefold())
    return bool(found) and not before[-1:].isalnum() and not after[:1].isalnum()
