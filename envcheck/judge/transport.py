"""What environments went over, held against each other by fields as a probe's facts are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.judge.by_itself import Day
from envcheck.judge.headers import Headers
from envcheck.judge.stated import Stated
from envcheck.rules import HEADERS, HTTP_VERSION, RATELIMIT, TLS_EXPIRES, TLS_VERSION

if TYPE_CHECKING:
    from envcheck.judge.field import Field

_URGENT_DAYS: Final = 3

FIELDS: Final[tuple[Field, ...]] = (
    Stated("http_version", HTTP_VERSION),
    Stated("tls_version", TLS_VERSION),
    Day("certificate_expires", TLS_EXPIRES, within_days=lambda policy: policy.tls_days, urgent_days=_URGENT_DAYS),
    Stated("ratelimit_requests", RATELIMIT),
    Stated("ratelimit_tokens", RATELIMIT),
    Headers("headers", HEADERS),
)
