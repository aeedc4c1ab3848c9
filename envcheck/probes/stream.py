"""`POST /chat/completions` with `stream: true`: whether an environment really streams, and how its streams end."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.model import Request
from envcheck.probes import stream_rules as rules
from envcheck.probes.base import CHAT_COMPLETIONS, Measure, Options, Probe
from envcheck.probes.completion import ALWAYS_SHOWN, OTHER_REASON, completion_body
from envcheck.probes.pace import Pace
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED
from envcheck.probes.stream_facts import StreamFacts, beside_chat
from envcheck.probes.stream_reply import read

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking

# Our own, whatever `prompt` says: with fewer than 30 tokens nobody could tell whether they come one by one.
PROMPT: Final = "Count from 1 to 40 in digits, separated by single spaces. Reply with the numbers alone."
ACCEPTS: Final = "text/event-stream, application/json"
"""An error is JSON in any case."""
_USAGE_OPTION: Final = "stream_options"
_REFUSED: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})

_NEEDED: Final = frozenset({
    "id", "object", "created", "model", "choices", "choices[].index", "choices[].finish_reason", "choices[].delta",
    "choices[].delta.content",
})  # fmt: skip
"""What the API requires of a chunk and clients read."""


async def _ask(asking: Asking) -> Exchange:
    """Ask for a stream with its usage; once more without where that is refused, as by old versions of Azure's API.

    Which of the two was answered, the request that is in the exchange says.
    """
    body = {_USAGE_OPTION: {"include_usage": True}, **completion_body(asking, PROMPT), "stream": True}
    exchange = await asking.send(Request(CHAT_COMPLETIONS, body, accepts=ACCEPTS))
    if exchange.status not in _REFUSED or _USAGE_OPTION.encode() not in exchange.body:
        return exchange
    del body[_USAGE_OPTION]
    return await asking.send(Request(CHAT_COMPLETIONS, body, accepts=ACCEPTS))


STREAM: Final = Probe(
    name="stream",
    route=CHAT_COMPLETIONS,
    facts=StreamFacts,
    fields=(
        Scalar("arrival", rules.ARRIVAL, says_nothing=frozenset({Pace.TOO_FEW}), gain=Pace.INCREMENTAL),
        Scalar("terminator", rules.TERMINATOR),
        Scalar(
            "finish_reason",
            rules.FINISH_REASON,
            may_be_redacted=True,
            stands_for_others=OTHER_REASON,
            always_shown=ALWAYS_SHOWN,
        ),
        Scalar("model_answered", rules.MODEL_ANSWERED, comparable_when_same="model", may_be_redacted=True),
        Scalar("content_kind", rules.CONTENT_KIND),
        Scalar("stream_usage", rules.STREAM_USAGE),
        Scalar("reasoning_field", rules.REASONING_FIELD),
        Members(
            "event_fields",
            removed=rules.EVENT_FIELDS,
            added=rules.EVENT_FIELDS,
            needed=_NEEDED,
            leave_out_prefix="usage",
            stands_for_unlisted=UNLISTED,
            cut_at=MAX_KEY_PATHS,
        ),
        Scalar("agrees_with_chat", rules.AGREES_WITH_CHAT, says_nothing=frozenset({"null"})),
    ),
    measures=(Measure("first_content", "first_content"),),
    ask=_ask,
    read=read,
    reads_in_part=True,
    relate=beside_chat,
    options=Options,
    optional=True,
    parameters=frozenset({"stream"}),
    sets=frozenset({"standard", "deep"}),
)
