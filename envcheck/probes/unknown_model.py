"""A model that does not exist: whether it is refused, or served by another one in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.model import Request
from envcheck.probes.base import CHAT_COMPLETIONS, Options, Probe
from envcheck.probes.refusal import RefusalFacts, harmless_chat, refusal_fields, refusal_of, reject_if_served

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking, Reply
    from envcheck.redact import Redactor

UNKNOWN_MODEL: Final = "envcheck-no-such-model"
"""Where the probe's own table names none: a gateway may want a provider before it, or a name of some form."""


async def _ask(asking: Asking) -> Exchange:
    return await asking.send(Request(CHAT_COMPLETIONS, harmless_chat(asking, asking.options.model or UNKNOWN_MODEL)))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    reject_if_served(exchange, "a model that does not exist was served")
    return refusal_of(exchange, redactor)


UNKNOWN: Final = Probe(
    name="unknown_model",
    route=CHAT_COMPLETIONS,
    facts=RefusalFacts,
    fields=refusal_fields(),
    ask=_ask,
    read=_read,
    reads_refusals=True,
    options=Options,
    optional=True,
    needs_model=False,
    sets=frozenset({"errors", "deep"}),
)
