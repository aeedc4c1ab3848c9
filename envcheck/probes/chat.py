"""`POST /chat/completions`, small and non-streaming: how an environment answers."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pydantic import Field

from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.model import DEFAULT_PROMPT, Request
from envcheck.probes.base import CHAT_COMPLETIONS, Facts, Options, Probe, Reply
from envcheck.probes.choices import choices_in, completion_in, generated_by
from envcheck.probes.completion import (
    ALWAYS_SHOWN,
    OTHER_REASON,
    completion_body,
    finish_reason,
    model_answered,
    one_name,
)
from envcheck.probes.json_reply import parsed
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED, KeyPaths, key_names, safe_key_paths
from envcheck.redact import SafeText
from envcheck.rules import Rule, Severity

if TYPE_CHECKING:
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking
    from envcheck.probes.choices import Message
    from envcheck.redact import Redactor

MODEL_ANSWERED: Final = Rule(
    "chat.model_answered",
    Severity.WARN,
    "the same model was asked for and another one says it answered",
    "production answers as gpt-4o-mini-2024-07-18, staging as gpt-4o-mini",
    holds="chat is answered by the same model as in {baseline}",
)
FINISH_REASON: Final = Rule(
    "chat.finish_reason",
    Severity.WARN,
    "the completion ended for another reason",
    "production: stop, staging: length",
    holds="chat ends for the same reason as in {baseline}",
)
CONTENT_KIND: Final = Rule(
    "chat.content_kind",
    Severity.WARN,
    "the message holds another kind of content: text, empty, null or tool_calls",
    "production: text, staging: null",
    holds="chat brings the same kind of content as in {baseline}",
)
CHOICE_COUNT: Final = Rule(
    "chat.choice_count",
    Severity.WARN,
    "the completion has another number of choices",
    "production: 1, staging: 2",
    holds="chat brings as many choices as in {baseline}",
)
USAGE: Final = Rule(
    "chat.usage",
    Severity.ERR,
    "the usage block, or a field of it, is missing; or one was added",
    "production reports usage, staging does not",
    added_severity=Severity.INFO,
    holds="usage is reported as in {baseline}",
)
RESPONSE_FIELDS: Final = Rule(
    "chat.response_fields",
    Severity.ERR,
    "a field of the response is missing: an err where the API requires it and clients read it, else an info; or one was"
    " added",
    "staging lacks choices[].finish_reason",
    added_severity=Severity.INFO,
    holds="chat has the fields of {baseline}",
)


_NEEDED: Final = frozenset({
    "id", "object", "created", "model", "choices", "choices[].index", "choices[].finish_reason", "choices[].message",
    "choices[].message.role", "choices[].message.content",
})  # fmt: skip
"""What the API requires and clients read. All else is nullable, optional or a vendor's own: LiteLLM, say, leaves out
`logprobs` and `refusal`, which are null where others serve them."""
_USAGE: Final = "usage"


class ContentKind(StrEnum):
    """What the first choice's message holds, never the text itself nor its length."""

    TEXT = "text"
    EMPTY = "empty"
    NULL = "null"
    TOOL_CALLS = "tool_calls"


class ChatFacts(Facts):
    """What a completion says about the gateway, without a word of what the model said."""

    model: SafeText
    """The model that was asked for."""
    model_answered: SafeText | None
    choice_count: int = Field(ge=1)
    finish_reason: SafeText
    """The word that was served; `null`, or `other` for what is no word."""
    usage_present: bool
    usage_fields: KeyPaths
    content_kind: ContentKind
    response_fields: KeyPaths
    """The shape: sorted key paths such as `choices[].message.role`, no values."""


async def _ask(asking: Asking) -> Exchange:
    """Ask for one small completion."""
    prompt = DEFAULT_PROMPT if asking.prompt is None else asking.prompt.get_secret_value()
    return await asking.send(Request(CHAT_COMPLETIONS, completion_body(asking, prompt)))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Take the named facts out of a completion."""
    document = parsed(exchange)
    completion, choices = completion_in(document), choices_in(document)
    # What was generated must not come out by another field either, so this reply's text is a known secret too.
    generated = generated_by(completion, choices)
    knowing = generated.known_to(redactor)
    asked = exchange.request.asked_model or ""
    first = completion.choices[0]
    usage = completion.usage
    answered = model_answered(completion.model, asked, redactor, knowing)
    reason = finish_reason(first.finish_reason, knowing)
    facts = ChatFacts(
        model=redactor.model_id(asked),
        model_answered=answered,
        choice_count=len(choices),
        finish_reason=reason,
        usage_present=usage is not None,
        usage_fields=safe_key_paths(usage, redactor, knowing) if usage is not None else (),
        content_kind=content_kind(first.message),
        response_fields=safe_key_paths(document, redactor, knowing),
    )
    names = {
        "model_answered": one_name(redactor, completion.model, answered),
        "finish_reason": one_name(redactor, first.finish_reason, reason),
        "usage_fields": key_names(usage or {}, facts.usage_fields, redactor),
        "response_fields": key_names(document, facts.response_fields, redactor, leave_out=[_USAGE]),
    }
    return Reply(facts, names=names, generated=generated.texts)


def content_kind(message: Message) -> ContentKind:
    """Tell the kind of a message's content, of which a call of a tool takes the place."""
    if message.tool_calls:
        return ContentKind.TOOL_CALLS
    if message.content is None:
        return ContentKind.NULL
    return ContentKind.TEXT if message.content else ContentKind.EMPTY


CHAT: Final = Probe(
    name="chat",
    route=CHAT_COMPLETIONS,
    facts=ChatFacts,
    fields=(
        Scalar("model_answered", MODEL_ANSWERED, comparable_when_same="model", may_be_redacted=True),
        Scalar(
            "finish_reason",
            FINISH_REASON,
            may_be_redacted=True,
            stands_for_others=OTHER_REASON,
            always_shown=ALWAYS_SHOWN,
        ),
        Scalar("content_kind", CONTENT_KIND),
        Scalar("choice_count", CHOICE_COUNT),
        Members(
            "usage_fields",
            removed=USAGE,
            added=USAGE,
            presence="usage_present",
            stands_for_unlisted=UNLISTED,
            cut_at=MAX_KEY_PATHS,
        ),
        Members(
            "response_fields",
            removed=RESPONSE_FIELDS,
            added=RESPONSE_FIELDS,
            needed=_NEEDED,
            leave_out_prefix=_USAGE,
            stands_for_unlisted=UNLISTED,
            cut_at=MAX_KEY_PATHS,
        ),
    ),
    ask=_ask,
    read=_read,
    options=Options,
    on_by_default=True,
    sets=frozenset({"basic", "standard", "deep"}),
)
