"""A body that breaks off: whether that is refused as the client's mistake, or breaks the gateway."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from envcheck.model import Request
from envcheck.probes.base import CHAT_COMPLETIONS, Options, Probe
from envcheck.probes.refusal import RefusalFacts, harmless_chat, refusal_fields, refusal_of, reject_if_served

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking, Reply
    from envcheck.redact import Redactor


async def _ask(asking: Asking) -> Exchange:
    """Send the first half of a body; what comes after it never follows, so that no parser can make sense of it."""
    body = harmless_chat(asking)
    return await asking.send(Request(CHAT_COMPLETIONS, body, broken_off_at=len(json.dumps(body)) // 2))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    reject_if_served(exchange, "a body that breaks off was served")
    return refusal_of(exchange, redactor)


BAD_REQUEST: Final = Probe(
    name="bad_request",
    route=CHAT_COMPLETIONS,
    facts=RefusalFacts,
    fields=refusal_fields(),
    ask=_ask,
    read=_read,
    reads_refusals=True,
    options=Options,
    optional=True,
    sets=frozenset({"errors", "deep"}),
)
