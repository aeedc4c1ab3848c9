"""`POST /chat/completions` with one function that has to be called: are tools honoured, and in which shape."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic import Field
from pydantic_core import from_json

from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.model import Request
from envcheck.probes.base import CHAT_COMPLETIONS, Answer, Facts, Options, Probe, Reply
from envcheck.probes.chat import ContentKind, content_kind
from envcheck.probes.choices import choices_in, completion_in, finish_reason_by, generated_by
from envcheck.probes.completion import completion_body, finish_reason, one_name
from envcheck.probes.json_reply import parsed
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED, KeyPaths, key_names, safe_key_paths
from envcheck.redact import SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.bounded_json import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

HONOURED: Final = Rule(
    "tools.honoured",
    Severity.ERR,
    "a function that has to be called is called in one environment, and left out of account in the other",
    "production: honoured, staging: ignored",
    holds="a function is called as in {baseline}",
)
CALL_COUNT: Final = Rule(
    "tools.call_count",
    Severity.WARN,
    "another number of calls is made",
    "production: 1, staging: 2",
    holds="as many calls are made as in {baseline}",
)
NAME_MATCHES: Final = Rule(
    "tools.name_matches",
    Severity.WARN,
    "every call names the function that was declared in one environment, and not in the other",
    "production: true, staging: false",
    holds="calls name the function as in {baseline}",
)
ARGUMENTS_KIND: Final = Rule(
    "tools.arguments_kind",
    Severity.WARN,
    "the arguments of a call come in another form: json_string, object or invalid",
    "production: json_string, staging: object",
    holds="a call's arguments have the form of {baseline}",
)
HAS_ID: Final = Rule(
    "tools.has_id",
    Severity.WARN,
    "every call has an id in one environment, and not in the other: without one no result can be handed in",
    "production: true, staging: false",
    holds="calls have ids as in {baseline}",
)
FINISH_REASON: Final = Rule(
    "tools.finish_reason",
    Severity.WARN,
    "a completion with a call ended for another reason",
    "production: tool_calls, staging: stop",
    holds="a completion with a call ends for the same reason as in {baseline}",
)
CONTENT_KIND: Final = Rule(
    "tools.content_kind",
    Severity.WARN,
    "a message that was to hold a call holds another kind of content: text, empty, null or tool_calls",
    "production: text, staging: null",
    holds="a message with a call brings the same kind of content as in {baseline}",
)
RESPONSE_FIELDS: Final = Rule(
    "tools.response_fields",
    Severity.WARN,
    "a field of a completion with a call is missing: a warn where the API requires it and clients read it, else an"
    " info; or one was added",
    "staging lacks choices[].message.tool_calls[].type",
    added_severity=Severity.INFO,
    holds="a completion with a call has the fields of {baseline}",
)

_CALLS: Final = "choices[].message.tool_calls[]"
_NEEDED: Final = frozenset({
    "id", "object", "created", "model", "choices", "choices[].index", "choices[].finish_reason", "choices[].message",
    "choices[].message.role", "choices[].message.tool_calls", f"{_CALLS}.type", f"{_CALLS}.function",
    f"{_CALLS}.function.name", f"{_CALLS}.function.arguments",
})  # fmt: skip
_ID: Final = f"{_CALLS}.id"
_OF_OTHERS: Final = ("usage", _ID)
"""What `chat` and `has_id` tell."""

_FUNCTION: Final = "report_colour"
_PROMPT: Final = "Report the colour of the sky on a clear day."
_TOOLS: Final[Sequence[JsonValue]] = [
    {
        "type": "function",
        "function": {
            "name": _FUNCTION,
            "description": "Report the colour of something.",
            "parameters": {
                "type": "object",
                "properties": {"colour": {"type": "string", "description": "The colour, as one word."}},
                "required": ["colour"],
            },
        },
    }
]


class ArgumentsKind(StrEnum):
    """What form the arguments of the calls have; the worst one, where they have several."""

    JSON_STRING = "json_string"
    """A string that holds a JSON object: what the API promises."""
    OBJECT = "object"
    INVALID = "invalid"


class ToolsFacts(Facts):
    """What a completion with a call says about the gateway, without a word of the call."""

    honoured: Answer
    call_count: int = Field(ge=0)
    name_matches: bool | None
    """None without a call, as what follows."""
    arguments_kind: ArgumentsKind | None
    has_id: bool | None
    finish_reason: SafeText
    content_kind: ContentKind
    response_fields: KeyPaths


class _Call(NamedTuple):
    """One call, as it was served."""

    id: object
    name: object
    arguments: object


async def _ask(asking: Asking) -> Exchange:
    """Ask for a call of one function.

    Any call at all is asked for: where one is named, OpenAI itself finishes with `stop`. Whoever has to may ask for it
    in another way, by `params`; the function is ours.
    """
    body = {"tool_choice": "required", **completion_body(asking, _PROMPT), "tools": _TOOLS}
    return await asking.send(Request(CHAT_COMPLETIONS, body))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    document = parsed(exchange)
    completion, choices = completion_in(document), choices_in(document)
    first = completion.choices[0]
    calls = [_call(each) for each in first.message.tool_calls or ()]
    generated = generated_by(completion, choices, (text for call in calls for text in _texts(call)))
    knowing = generated.known_to(redactor)
    reason = finish_reason(first.finish_reason, knowing)
    facts = ToolsFacts(
        honoured=Answer.HONOURED if calls else Answer.IGNORED,
        call_count=len(calls),
        name_matches=all(call.name == _FUNCTION for call in calls) if calls else None,
        arguments_kind=max((_kind(call.arguments) for call in calls), key=list(ArgumentsKind).index, default=None),
        has_id=all(isinstance(call.id, str) and call.id for call in calls) if calls else None,
        finish_reason=reason,
        content_kind=content_kind(first.message),
        response_fields=safe_key_paths(document, redactor, knowing),
    )
    names = {
        "finish_reason": one_name(redactor, first.finish_reason, reason),
        "response_fields": key_names(document, facts.response_fields, redactor, leave_out=_OF_OTHERS),
    }
    return Reply(facts, names=names, generated=generated.texts)


def _call(served: object) -> _Call:
    call = served if isinstance(served, Mapping) else {}
    function = call.get("function")
    about = function if isinstance(function, Mapping) else {}
    return _Call(call.get("id"), about.get("name"), about.get("arguments"))


def _kind(arguments: object) -> ArgumentsKind:
    if isinstance(arguments, Mapping):
        return ArgumentsKind.OBJECT
    is_json = isinstance(arguments, str) and isinstance(_json(arguments), Mapping)
    return ArgumentsKind.JSON_STRING if is_json else ArgumentsKind.INVALID


def _texts(call: _Call) -> Iterator[str]:
    """Yield what the model wrote into a call, however short: a word of the arguments is as much its own as a text."""
    for written in (call.name, call.arguments):
        if isinstance(written, str) and written != _FUNCTION:
            yield written
    arguments = _json(call.arguments) if isinstance(call.arguments, str) else call.arguments
    if isinstance(arguments, Mapping):
        for name, value in arguments.items():
            yield from (text for text in (name, value) if isinstance(text, str))


def _json(text: str) -> object:
    try:
        return from_json(bounded(text.encode("utf-8", "surrogatepass")))
    except ValueError:
        return None


TOOLS: Final = Probe(
    name="tools",
    route=CHAT_COMPLETIONS,
    facts=ToolsFacts,
    fields=(
        Scalar("honoured", HONOURED),
        Scalar("call_count", CALL_COUNT, comparable_when_same="honoured"),
        Scalar("name_matches", NAME_MATCHES, comparable_when_same="honoured"),
        Scalar("arguments_kind", ARGUMENTS_KIND, comparable_when_same="honoured"),
        Scalar("has_id", HAS_ID, comparable_when_same="honoured"),
        finish_reason_by(FINISH_REASON, comparable_when_same="honoured"),
        Scalar("content_kind", CONTENT_KIND, comparable_when_same="honoured"),
        Members(
            "response_fields",
            removed=RESPONSE_FIELDS,
            added=RESPONSE_FIELDS,
            needed=_NEEDED,
            leave_out_prefix=_OF_OTHERS,
            stands_for_unlisted=UNLISTED,
            cut_at=MAX_KEY_PATHS,
            comparable_when_same="honoured",
        ),
    ),
    ask=_ask,
    read=_read,
    options=Options,
    optional=True,
    parameters=frozenset({"tools", "tool_choice"}),
    sets=frozenset({"standard", "deep"}),
)
