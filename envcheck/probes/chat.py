"""`POST /chat/completions`, small and non-streaming: how an environment answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, FailFast, Field, ValidationError

from envcheck.errors import ReplyRejected
from envcheck.model import DEFAULT_PROMPT, FailureClass
from envcheck.probes.base import Facts, Rule, ScalarField, SetField, Severity
from envcheck.probes.json_reply import parsed
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED, safe_key_paths
from envcheck.redact import SafeText
from envcheck.redact.normal import MARKER

if TYPE_CHECKING:
    from envcheck.http import Gateway
    from envcheck.model import Environment, JsonValue, Observation
    from envcheck.redact import Redacted, Redactor

NAME: Final = "chat"
REQUEST: Final = "POST /chat/completions"

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
    "a field of the response is missing; or one was added",
    "staging lacks choices[].message.refusal",
    added_severity=Severity.INFO,
)


class FinishReason(StrEnum):
    """The API's own values; anything else is `other`, for it is text a server chose."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    FUNCTION_CALL = "function_call"
    NULL = "null"
    OTHER = "other"


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
    finish_reason: FinishReason
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

FACTS: Final = ChatFacts
FIELDS: Final = (
    ScalarField("model_answered", MODEL_ANSWERED, comparable_when_same="model"),
    ScalarField("finish_reason", FINISH_REASON),
    ScalarField("content_kind", CONTENT_KIND),
    ScalarField("choice_count", CHOICE_COUNT),
    SetField(
        "usage_fields",
        removed=USAGE,
        added=USAGE,
        presence="usage_present",
        stands_for_unlisted=UNLISTED,
        cut_at=MAX_KEY_PATHS,
    ),
    SetField(
        "response_fields",
        removed=RESPONSE_FIELDS,
        added=RESPONSE_FIELDS,
        leave_out_prefix="usage",
        stands_for_unlisted=UNLISTED,
        cut_at=MAX_KEY_PATHS,
    ),
)


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


async def run(gateway: Gateway, environment: Environment, model: str | None) -> Observation:
    """Ask for one small completion."""
    prompt = environment.prompt.get_secret_value() if environment.prompt else DEFAULT_PROMPT
    body: dict[str, JsonValue] = {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "stream": False,
        **environment.chat_params,
    }
    return await gateway.exchange(NAME, REQUEST, body=body, asked_model=model)


def read(observation: Observation, redactor: Redactor) -> ChatFacts:
    """Take the named facts out of a completion."""
    document = parsed(observation)
    choices = document.get("choices")
    choices = choices if isinstance(choices, list) else []
    try:
        completion = _Completion.model_validate(
            {"model": document.get("model"), "usage": document.get("usage"), "choices": choices[:_CHOICES_HELD]}
        )
    except ValidationError:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a chat completion") from None
    # What was generated must not come out by another field either, so this reply's text is a known secret too.
    texts, are_all = _generated(completion, choices)
    knowing = redactor.also(*texts) if are_all else None
    asked = observation.asked_model or ""
    first = completion.choices[0]
    usage = completion.usage
    return ChatFacts(
        model=redactor.model_id(asked),
        model_answered=_model_answered(completion.model, asked, redactor, knowing),
        choice_count=len(choices),
        finish_reason=_finish_reason(first.finish_reason),
        usage_present=usage is not None,
        usage_fields=safe_key_paths(usage, redactor, knowing) if usage is not None else (),
        content_kind=_content_kind(first.message),
        response_fields=safe_key_paths(document, redactor, knowing),
    )


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


def _finish_reason(value: str | None) -> FinishReason:
    if value is None:
        return FinishReason.NULL
    return next((each for each in FinishReason if each == value), FinishReason.OTHER)


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
