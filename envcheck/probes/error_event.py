"""An error in the middle of a stream: whether an event is one, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.model import FailureClass
from envcheck.seam.classify import failure_class
from envcheck.seam.error_body import error_body

if TYPE_CHECKING:
    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.events import Event
    from envcheck.redact import Redacted, Redactor
    from envcheck.seam.error_body import ErrorBody

# A stream's status was sent before it broke. Some gateways repeat in the event the one that they would have sent now,
# others have a word for it: https://platform.openai.com/docs/guides/error-codes, https://docs.anthropic.com/en/api/errors
_STATUS_OF: Final[Mapping[str, int]] = MappingProxyType(
    {
        "invalidapikey": 401,
        "authenticationerror": 401,
        "billingerror": 402,
        "permissionerror": 403,
        "permissiondeniederror": 403,
        "notfounderror": 404,
        "modelnotfound": 404,
        "timeouterror": 408,
        "ratelimiterror": 429,
        "ratelimitexceeded": 429,
        "insufficientquota": 429,
        "invalidrequesterror": 400,
        "badrequesterror": 400,
    }
)
_UNKNOWN: Final = 500
"""Where nothing says what it was: the gateway, or what is behind it, broke off what it had begun."""
_ERRORS: Final = range(400, 600)
_JSON: Final = "application/json"


def is_error(event: Event, document: JsonValue) -> bool:
    """Tell whether an event says that something went wrong: by its name, an envelope, or vLLM's kind of object."""
    if event.kind == "error":
        return True
    return isinstance(document, Mapping) and (document.get("error") is not None or document.get("object") == "error")


def error_class(event: Event, exchange: Exchange) -> tuple[FailureClass, int]:
    """Name the failure as if the event were a reply with the status that it speaks of, and give that."""
    body = event.data.encode("utf-8", "replace")
    status = _status(error_body(body, _JSON))
    said = replace(exchange, status=status, body=body, fault=None, headers=MappingProxyType({"content-type": _JSON}))
    return failure_class(said) or FailureClass.UPSTREAM_OR_GATEWAY, status


def error_preview(event: Event, knowing: Redactor | None) -> Redacted | None:
    """Give what an error event says, safe to share.

    `knowing` knows all that was generated; where that is too much to be known, an error may be a part of it.
    """
    if knowing is None:
        return None
    error = error_body(event.data.encode("utf-8", "replace"), _JSON)
    return knowing.preview([word for word in (error.code, error.kind) if word is not None], error.messages)


def _status(error: ErrorBody) -> int:
    for word in (error.code, error.kind):
        if word is None:
            continue
        if word.isascii() and word.isdecimal() and len(word) <= len(str(_UNKNOWN)) and int(word) in _ERRORS:
            return int(word)
        if (status := _STATUS_OF.get(word.replace("_", "").replace("-", "").lower())) is not None:
            return status
    return _UNKNOWN
