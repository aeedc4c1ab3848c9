"""What an environment was reached over, once for each: typed, and safe to share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import FailFast, Field, StringConstraints

from envcheck.record import Count, Facts, WordOfOurs
from envcheck.redact import SafeText

TRANSPORT: Final = "transport"
"""No probe: its rows stand where a probe's do, and it is judged by fields as a probe's facts are."""
MAX_HEADERS: Final = 32
MAX_VALUES: Final = 5
"""Values that are kept of one header; one that takes more takes a new one each time."""
_MAX_PROBES: Final = 32

Values = Annotated[tuple[SafeText, ...], Field(max_length=MAX_VALUES), FailFast()]


class TransportFacts(Facts):
    """What the exchanges with an environment went over; null is what there was not, or nobody said."""

    http_version: Annotated[str, StringConstraints(pattern=r"^[0-9]\.[0-9]$")] | None = None
    tls_version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.]{1,16}$")] | None = None
    alpn: Annotated[str, StringConstraints(pattern=r"^[a-z0-9./-]{1,16}$")] | None = None
    certificate_expires: date | None = None
    certificate_issuer: SafeText | None = None
    """The organisation that signed it."""
    via_proxy: bool = False
    ratelimit_requests: Count | None = None
    """How many the gateway says it allows; never what is left of them."""
    ratelimit_tokens: Count | None = None
    cache: Annotated[tuple[WordOfOurs, ...], Field(max_length=_MAX_PROBES), FailFast()] = ()
    """The probes of which a cache answered at least once, so that their latency says nothing of the gateway."""
    headers: Annotated[Mapping[SafeText, Values], Field(max_length=MAX_HEADERS), FailFast()] = {}
    """Those that the user named, in lower case, each with the values that it took; none where it never came."""
