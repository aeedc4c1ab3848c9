"""What each failure class means in one sentence, and the first thing to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from envcheck.model import FailureClass

_HTTP_PREFIX = "http_"


@dataclass(frozen=True, slots=True)
class Advice:
    """Two sentences for whoever has to fix it."""

    meaning: str
    first_check: str


def advice_for(failure: str) -> Advice:
    """Give the advice for a failure class as evidence spells it.

    Args:
        failure: the value of a `FailureClass`, or `http_<status>`.

    Raises:
        ValueError: it is neither.

    """
    if failure.startswith(_HTTP_PREFIX):
        return _unusual_status(failure.removeprefix(_HTTP_PREFIX))
    return _advice(FailureClass(failure))


def _unusual_status(status: str) -> Advice:
    return Advice(
        f"The gateway answered with status {status}, which no other class covers.",
        f"Look up {status} in the gateway's documentation, and its log at the time of the report.",
    )


def _advice(failure: FailureClass) -> Advice:  # noqa: C901, PLR0911, PLR0912 - a table, closed by mypy
    match failure:
        case FailureClass.MISSING_KEY:
            return Advice(
                "The variable that should hold the key is unset or empty, so nothing was sent.",
                "Set the variable named by api_key_env where envcheck runs, or pass --env-file.",
            )
        case FailureClass.AUTH:
            return Advice(
                "The gateway does not accept the key.",
                "Is it this environment's key, unexpired, and sent in the header the gateway reads (auth_header)?",
            )
        case FailureClass.PERMISSION:
            return Advice(
                "The gateway knows the caller and does not allow this request.",
                "Check what the key may use: project, models, region, allowed addresses.",
            )
        case FailureClass.BASE_URL_OR_ROUTE:
            return Advice(
                "The gateway does not serve this route at this base URL.",
                "Compare base_url with the gateway's documentation: a missing or doubled /v1, http for https, "
                "another host.",
            )
        case FailureClass.MODEL_SELECTION:
            return Advice(
                "The gateway does not know the model that was asked for, or offers none at all.",
                "Compare the model with the ids that GET /models lists, letter by letter.",
            )
        case FailureClass.RATE_OR_QUOTA:
            return Advice(
                "The gateway limits the rate of requests, or the account's quota or budget is used up.",
                "Look at the limits and the remaining budget of this key, then run again later.",
            )
        case FailureClass.TIMEOUT:
            return Advice(
                "The whole reply did not arrive before the deadline.",
                "Is the gateway or the model behind it slow or waking up? If so, raise timeout_s.",
            )
        case FailureClass.NETWORK:
            return Advice(
                "No whole HTTP reply came over the network.",
                "From this machine, check the host name, the port, the proxy and the certificate in base_url.",
            )
        case FailureClass.UPSTREAM_OR_GATEWAY:
            return Advice(
                "The gateway, or the provider behind it, reported a fault of its own.",
                "Look at the gateway's log and the provider's status page.",
            )
        case FailureClass.RESPONSE_SHAPE:
            return Advice(
                "The status says success, but the body is not what this route promises.",
                "Open the URL: a login page, a portal or another service may answer at this base_url.",
            )
        case FailureClass.INTERNAL:
            return Advice(
                "envcheck itself, or the machine it runs on, could not do its part; the gateway is not to blame.",
                "If a limit or file of this machine is named, mend it; else run with ENVCHECK_DEBUG=1 and report it.",
            )
        case FailureClass.PLUGIN:
            return Advice(
                "The plug-in that this probe is of could not do its part; the gateway is not to blame.",
                "Run with ENVCHECK_DEBUG=1 and tell whoever makes the plug-in, or take it out of `plugins`.",
            )
        case FailureClass.NOT_REFUSED:
            return Advice(
                "The gateway served a request that it should have refused.",
                "Is the key checked at all, and is an unknown model refused, before the gateway answers?",
            )
        case FailureClass.HTTP:
            return _unusual_status("outside the usual ones")
        case _:
            assert_never(failure)
