"""`POST /chat/completions`, small and non-streaming: how an environment answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError

from envcheck.errors import ReplyRejected
from envcheck.judge.members import Members
from envcheck.judge.names import Names
from envcheck.judge.scalar import Scalar
from envcheck.model import DEFAULT_PROMPT, FailureClass, Request, Route
from envcheck.probes.base import Facts, Options, Probe, Reply
from envcheck.probes.json_reply import parsed
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED, key_names, safe_key_paths
from envcheck.redact import MARKER, Redacted, SafeText
from envcheck.rules import Rule, Severity

if TYPE_CHECKING:
    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

ROUTE: Final = Route("POST", "/chat/completions")

MODEL_ANSWERED: Final = Rule(
    "chat.model_answered",
    Severity.WARN,
    "the same model was asked for and another one says it answered",
    "production answers as gpt-4o-mini-2024-07-18, staging as gpt-4o-mini",
)
FINISH_REASON: Final = Rule(
    "chat.finish_reason",
    Severity.WARN,
    "the completion ended for another reason",
    "production: stop, staging: length",
)
CONTENT_KIND: Final = Rule(
    "chat.content_kind",
    Severity.WARN,
    "the message holds another kind of content: text, empty, null or tool_calls",
    "production: text, staging: null",
)
CHOICE_COUNT: Final = Rule(
    "chat.choice_count",
    Severity.WARN,
    "the completion has another number of choices",
    "production: 1, staging: 2",
)
USAGE: Final = Rule(
    "chat.usage",
    Severity.ERR,
    "the usage block, or a field of it, is missing; or one was added",
    "production reports usage, staging does not",
    added_severity=Severity.INFO,
)
RESPONSE_FIELDS: Final = Rule(
    "chat.response_fields",
    Severity.ERR,
    "a field of the response is missing: an err where the API requires it and clients read it, else an info; or one was"
    " added",
    "staging lacks choices[].finish_reason",
    added_severity=Severity.INFO,
)


_NEEDED: Final = frozenset({
    "id", "object", "created", "model", "choices", "choices[].index", "choices[].finish_reason", "choices[].message",
    "choices[].message.role", "choices[].message.content",
})  # fmt: skip
"""What the API requires and clients read. All else is nullable, optional or a vendor's own: LiteLLM, say, leaves out
`logprobs` and `refusal`, which are null where others serve them."""
_USAGE: Final = "usage"
NO_REASON: Final = Redacted("null")
OTHER_REASON: Final = Redacted("other")
"""What is no word, or must not be shown. Two of them are told apart in memory."""
_OPENAI_REASONS: Final = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
"""What records of 0.1.0 show too, where every other word is `other`."""
_KNOWN_REASONS: Final = _OPENAI_REASONS | frozenset({
    "end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal", "pause_turn",  # Anthropic
    "eos_token", "eos", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION",  # TGI, Together, Google
    "COMPLETE", "insufficient_system_resource", "abort", "error", "model_length",  # Cohere, DeepSeek, vLLM
})  # fmt: skip
_LONGEST_REASON: Final = 40


class ContentKind(StrEnum):
    """What the first choice's message holds, never the text itself nor its length."""

    TEXT = "text"
    EMPTY = "empty"
    NULL = "null"
    TOOL_CALLS = "tool_calls"


_KeyPaths = Annotated[tuple[SafeText, ...], Field(max_length=MAX_KEY_PATHS + 1), FailFast()]


class ChatFacts(Facts):
    """What a completion says about the gateway, without a word of what the model said."""

    model: SafeText
    """The model that was asked for."""
    model_answered: SafeText | None
    choice_count: int = Field(ge=1)
    finish_reason: SafeText
    """The word that was served; `null`, or `other` for what is no word."""
    usage_present: bool
    usage_fields: _KeyPaths
    content_kind: ContentKind
    response_fields: _KeyPaths
    """The shape: sorted key paths such as `choices[].message.role`, no values."""


# A probe's reply is a word; of a flood of them this much is read and held against the names beside it. Where there is
# more, no name that could be a part of it is shown.
_CHOICES_HELD: Final = 128
"""As many as the API can be asked for."""
_TEXTS_HELD: Final = 128
_CHARACTERS_HELD: Final = 32_000
_MEMBERS_SEEN: Final = 20_000
_LONG_TEXT: Final = 16
"""Characters from which a string beside the content is held to be generated: roles, reasons and types have fewer."""


class _Message(BaseModel):
    # Content is a string, null, or a list of parts on some engines; only its kind is looked at.
    content: str | list[object] | None = None
    tool_calls: list[object] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    model_config = ConfigDict(strict=True)
    model: str | None = None
    choices: list[_Choice] = Field(min_length=1)
    usage: dict[str, object] | None = None


async def _ask(asking: Asking) -> Exchange:
    """Ask for one small completion."""
    prompt = DEFAULT_PROMPT if asking.prompt is None else asking.prompt.get_secret_value()
    body: dict[str, JsonValue] = {
        "model": asking.model,
        "messages": [{"role": "user", "content": prompt}],
        "stream": False,
        **asking.options.params,
    }
    return await asking.send(Request(ROUTE, body))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Take the named facts out of a completion."""
    document = parsed(exchange)
    served = document.get("choices")
    choices = served if isinstance(served, list) else []
    try:
        completion = _Completion.model_validate(
            {"model": document.get("model"), "usage": document.get("usage"), "choices": choices[:_CHOICES_HELD]}
        )
    except ValidationError:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a chat completion") from None
    # What was generated must not come out by another field either, so this reply's text is a known secret too.
    generated, are_all = _generated(completion, choices)
    knowing = redactor.also(*generated) if are_all else None
    asked = exchange.request.asked_model or ""
    first = completion.choices[0]
    usage = completion.usage
    answered = _model_answered(completion.model, asked, redactor, knowing)
    finish_reason = _finish_reason(first.finish_reason, knowing)
    facts = ChatFacts(
        model=redactor.model_id(asked),
        model_answered=answered,
        choice_count=len(choices),
        finish_reason=finish_reason,
        usage_present=usage is not None,
        usage_fields=safe_key_paths(usage, redactor, knowing) if usage is not None else (),
        content_kind=_content_kind(first.message),
        response_fields=safe_key_paths(document, redactor, knowing),
    )
    names = {
        "model_answered": _one_name(redactor, completion.model, answered),
        "finish_reason": _one_name(redactor, first.finish_reason, finish_reason),
        "usage_fields": key_names(usage or {}, facts.usage_fields, redactor),
        "response_fields": key_names(_without_usage(document), facts.response_fields, redactor),
    }
    return Reply(facts, names=names, generated=tuple(generated))


def _one_name(redactor: Redactor, raw: str | None, shown: Redacted | None) -> Names:
    return Names.of(redactor, [raw or ""], [shown or Redacted("")])


def _without_usage(document: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Leave to `usage_fields` what is its own to judge."""
    return {key: member for key, member in document.items() if key != _USAGE}


def _model_answered(answered: str | None, asked: str, redactor: Redactor, knowing: Redactor | None) -> Redacted | None:
    """Give the model that says it answered.

    A model may well name itself in its reply; that must not take its id away, so the part of the id that was asked
    for is not held against the reply, and the rest, such as a date, is. Where not all of the reply is known (no
    `knowing`), any rest may be a part of it.
    """
    if not answered:
        return None
    rest = answered.replace(asked, "", 1)
    if knowing is None:
        return redactor.own(MARKER) if rest else redactor.model_id(answered)
    return redactor.model_id(answered) if knowing.model_id(rest) == rest else knowing.model_id(answered)


def _finish_reason(served: str | None, knowing: Redactor | None) -> Redacted:
    """Give the word that was served, where it is one; other vendors have words of their own."""
    if served is None:
        return NO_REASON
    if served in _KNOWN_REASONS:
        return Redacted(served)
    word = knowing.identifier(served) if knowing is not None and len(served) <= _LONGEST_REASON else None
    return OTHER_REASON if word is None else word


def _content_kind(message: _Message) -> ContentKind:
    if message.tool_calls:
        return ContentKind.TOOL_CALLS
    if message.content is None:
        return ContentKind.NULL
    return ContentKind.TEXT if message.content else ContentKind.EMPTY


def _generated(completion: _Completion, choices: list[JsonValue]) -> tuple[list[str], bool]:
    """Return what a model may have written, and whether that is all of it and little enough to be held."""
    contents = [text for choice in completion.choices if isinstance(text := choice.message.content, str)]
    others, are_all = _long_texts(choices)
    texts = list(dict.fromkeys([*contents, *others]))
    few = len(choices) <= _CHOICES_HELD and len(texts) <= _TEXTS_HELD
    return texts, are_all and few and sum(map(len, texts)) <= _CHARACTERS_HELD


def _long_texts(choices: list[JsonValue]) -> tuple[list[str], bool]:
    """Find text wherever a gateway puts it (reasoning, refusals, parts, arguments); tell whether all was looked at."""
    texts: list[str] = []
    pending: deque[JsonValue] = deque(choices)
    for _ in range(_MEMBERS_SEEN):
        if not pending:
            break
        member = pending.popleft()
        if isinstance(member, str):
            texts += [member] if len(member) >= _LONG_TEXT else []
        elif isinstance(member, Mapping):
            pending.extend(member.values())
        elif isinstance(member, list):
            pending.extend(member)
    return texts, not pending


CHAT: Final = Probe(
    name="chat",
    route=ROUTE,
    facts=ChatFacts,
    fields=(
        Scalar("model_answered", MODEL_ANSWERED, comparable_when_same="model", may_be_redacted=True),
        Scalar(
            "finish_reason",
            FINISH_REASON,
            may_be_redacted=True,
            stands_for_others=OTHER_REASON,
            always_shown=_OPENAI_REASONS | {NO_REASON},
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
