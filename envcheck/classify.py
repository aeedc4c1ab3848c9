"""What a failed exchange is called: status, error body and fault in, failure class out. Pure.

The status decides before the text does: a 401 whose body says "timeout" is `auth`. Text is only looked at where the
same status stands for two things, a route that does not exist and a model that does not.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.error_body import error_body
from envcheck.model import FailureClass, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.model import Observation

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

# What OpenAI, Azure, Anthropic, Bedrock and the open engines put into `code` or `type`.
_MODEL_CODES: Final = frozenset({
    "model_not_found", "deploymentnotfound", "model_not_available", "modelnotfound", "model_not_exist",
    "invalid_model", "unknown_model", "unknownmodel", "invalid_model_name", "modelnotfounderror",
})  # fmt: skip

_MODEL: Final = r"\b(?:model|deployment|engine)s?\b"
_UNKNOWN: Final = (
    r"(?:not[ _]?found|does ?n[o']t exist|not exist|no such|unknown|invalid|not a valid|not a chat|unable to access"
    r"|not (?:available|supported|deployed|served|loaded|accessible)|no access|could not find|unrecognized"
    r"|inaccessible)"
)
# One sentence has both words, whichever comes first; the gap is bounded, so a match costs linear time.
_SAYS_UNKNOWN_MODEL: Final = re.compile(
    rf"{_MODEL}[^\n]{{0,120}}?{_UNKNOWN}|{_UNKNOWN}[^\n.]{{0,40}}?{_MODEL}", re.IGNORECASE
)
# "model `x` does not support parameter y" is about the parameter; "context length" is about the request.
_SAYS_PARAMETER: Final = re.compile(r"\b(?:parameter|argument|context length|max_tokens|temperature)\b", re.IGNORECASE)
_MAX_TEXT: Final = 4000


def failure_class(observation: Observation) -> FailureClass | None:
    """Name the failure that status and transport show; None where only the body of a 2xx can still disappoint."""
    status = observation.status
    if status is not None and not is_success(status):
        if status in _MAY_BE_THE_MODEL and _is_about_the_model(observation):
            return FailureClass.MODEL_SELECTION
        return _STATUSES.get(status, FailureClass.HTTP)
    if observation.fault is not None:
        return _FAULTS.get(observation.fault, FailureClass.NETWORK)
    return None


def is_success(status: int) -> bool:
    """Tell whether a status is one of the 2xx."""
    return 200 <= status < 300  # noqa: PLR2004 - the 2xx


def _is_about_the_model(observation: Observation) -> bool:
    if observation.asked_model is None:
        return False
    error = error_body(observation.body, observation.content_type)
    if any(word is not None and word.casefold() in _MODEL_CODES for word in (error.code, error.kind)):
        return True
    text = " ".join(error.messages)[:_MAX_TEXT]
    if _SAYS_PARAMETER.search(text):
        return False
    if _SAYS_UNKNOWN_MODEL.search(text):
        return True
    # A 404 that names the model is about the model; a 400 that does may be about anything else in the request.
    names_it = observation.asked_model.casefold() in text.casefold()
    return names_it and observation.status == HTTPStatus.NOT_FOUND
