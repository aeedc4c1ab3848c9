"""How many requests and tokens a gateway says it allows: the limits, never what is left of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUESTS: Final = "requests"
TOKENS: Final = "tokens"
# OpenAI, Azure, Groq, Cerebras (`…-requests-day`); and Anthropic (`anthropic-ratelimit-input-tokens-limit`).
_NAME: Final = re.compile(
    rf"x-ratelimit-limit-({REQUESTS}|{TOKENS})(?:-.*)?|anthropic-ratelimit-(?:\w+-)?({REQUESTS}|{TOKENS})-limit"
)
_POLICY: Final = "ratelimit-policy"
# `"burst";q=100;w=60`, and in earlier drafts `100;w=60`:
# https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
_QUOTA: Final = re.compile(r"(?:^|;)\s*q=(\d{1,12})\s*(?:;|$)|^\s*(\d{1,12})\s*(?:;|$)")
_UNIT: Final = re.compile(r';\s*qu="?([a-z-]+)"?')
_NUMBER: Final = re.compile(r"\d{1,12}")


def limits_in(headers: Mapping[str, str]) -> dict[str, int]:
    """Give the limits that a reply's headers name, by `REQUESTS` and `TOKENS`; `headers` have lower-case names.

    Where there are several of a kind (for a day, for a minute) the shortest name counts, and of those the first.
    """
    found: dict[str, int] = {}
    for name in sorted(headers, key=lambda name: (len(name), name)):
        match = _NAME.fullmatch(name)
        value = headers[name].strip()
        if match is not None and _NUMBER.fullmatch(value):
            found.setdefault(match[1] or match[2], int(value))
    for policy in headers.get(_POLICY, "").split(","):
        quota, unit = _QUOTA.search(policy), _UNIT.search(policy)
        kind = REQUESTS if unit is None else unit[1]
        if quota is not None and kind in {REQUESTS, TOKENS}:
            found.setdefault(kind, int(quota[1] or quota[2]))
    return found
