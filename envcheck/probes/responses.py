"""`POST /responses`: is the newer route there, and in which shape does it answer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import FailFast, Field

from envcheck.errors import ReplyRejected
from envcheck.judge.members import Members
from envcheck.judge.names import Names
from envcheck.judge.scalar import Scalar
from envcheck.model import DEFAULT_PROMPT, FailureClass, Request, Route
from envcheck.probes.base import Facts, Options, Probe, Reply
from envcheck.probes.completion import NO_REASON, OTHER_REASON, model_answered, one_name
from envcheck.probes.generated import generated_in
from envcheck.probes.json_reply import parsed
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED, KeyPaths, key_names, safe_key_paths
from envcheck.redact import Redacted, SafeText
from envcheck.rules import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

ROUTE: Final = Route("POST", "/responses")

STATUS: Final = Rule(
    "responses.status",
    Severity.WARN,
    "a response ended in another state",
    "production: completed, staging: incomplete",
    holds="a response ends in the same state as in {baseline}",
)
OUTPUT_KINDS: Final = Rule(
    "responses.output_kinds",
    Severity.INFO,
    "a kind of output is missing, or one was added",
    "production serves reasoning, staging does not",
    holds="a response brings the same kinds of output as in {baseline}",
)
USAGE_FIELDS: Final = Rule(
    "responses.usage_fields",
    Severity.WARN,
    "the usage block of a response, or a field of it, is missing; or one was added",
    "staging lacks output_tokens_details",
    holds="usage of a response is reported as in {baseline}",
)
MODEL_ANSWERED: Final = Rule(
    "responses.model_answered",
    Severity.WARN,
    "the same model was asked for a response and another one says it answered",
    "production answers as gpt-4o-mini-2024-07-18, staging as gpt-4o-mini",
    holds="a response comes from the same model as in {baseline}",
)
RESPONSE_FIELDS: Final = Rule(
    "responses.response_fields",
    Severity.WARN,
    "a field of a response is missing: a warn where the API requires it and clients read it, else an info; or one was"
    " added",
    "staging lacks output[].content[].annotations",
    added_severity=Severity.INFO,
    holds="a response has the fields of {baseline}",
)

_NEEDED: Final = frozenset({
    "id", "object", "created_at", "model", "status", "output", "output[].type", "output[].id", "output[].role",
    "output[].status", "output[].content", "output[].content[].type", "output[].content[].text",
    "output[].content[].annotations",
})  # fmt: skip
_KNOWN_STATES: Final = frozenset({"completed", "incomplete", "failed", "in_progress", "queued", "cancelled"})
_LONGEST_WORD: Final = 40
_MOST_ITEMS: Final = 128
_MOST_KINDS: Final = 32
_USAGE: Final = "usage"
_NO_TEXT: Final = frozenset({"id", "object", "model", "status", _USAGE, "previous_response_id"})
"""Members beside which text that a model wrote may stand anywhere: some serve it as `output_text` too."""


class ResponsesFacts(Facts):
    """What a response says about the gateway, without a word of what the model said."""

    model: SafeText
    """The model that was asked for."""
    status: SafeText
    """The word that was served; `null`, or `other` for what is no word."""
    output_kinds: Annotated[tuple[SafeText, ...], Field(max_length=_MOST_KINDS), FailFast()]
    """The `type` of each item of the output, sorted and distinct."""
    usage_present: bool
    usage_fields: KeyPaths
    model_answered: SafeText | None
    response_fields: KeyPaths


async def _ask(asking: Asking) -> Exchange:
    """Ask for one small response."""
    prompt = DEFAULT_PROMPT if asking.prompt is None else asking.prompt.get_secret_value()
    return await asking.send(Request(ROUTE, {"model": asking.model, "input": prompt, **asking.options.params}))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    document = parsed(exchange)
    output = document.get("output")
    if not isinstance(output, list):
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a response")
    texts = [value for name, value in document.items() if name not in _NO_TEXT]
    generated = generated_in(texts, _contents(output))
    knowing = generated.known_to(redactor)
    asked = exchange.request.asked_model or ""
    served_model, served_status, usage = (document.get(name) for name in ("model", "status", _USAGE))
    raw_model = served_model if isinstance(served_model, str) else None
    raw_status = served_status if isinstance(served_status, str) else None
    answered = model_answered(raw_model, asked, redactor, knowing)
    status = _word(raw_status, _KNOWN_STATES, knowing)
    raw_kinds = sorted(set(islice(_kinds(output), _MOST_KINDS)))
    kinds = [_word(kind, frozenset(), knowing) for kind in raw_kinds]
    facts = ResponsesFacts(
        model=redactor.model_id(asked),
        status=status,
        output_kinds=tuple(sorted(set(kinds))),
        usage_present=isinstance(usage, Mapping),
        usage_fields=safe_key_paths(usage, redactor, knowing) if isinstance(usage, Mapping) else (),
        model_answered=answered,
        response_fields=safe_key_paths(document, redactor, knowing),
    )
    names = {
        "model_answered": one_name(redactor, raw_model, answered),
        "status": one_name(redactor, raw_status, status),
        "output_kinds": Names.of(redactor, raw_kinds, kinds),
        "usage_fields": key_names(usage if isinstance(usage, Mapping) else {}, facts.usage_fields, redactor),
        "response_fields": key_names(document, facts.response_fields, redactor, leave_out=[_USAGE]),
    }
    return Reply(facts, names=names, generated=generated.texts)


def _kinds(output: list[JsonValue]) -> Iterator[str]:
    for item in output[:_MOST_ITEMS]:
        if isinstance(item, Mapping) and isinstance(kind := item.get("type"), str):
            yield kind


def _contents(output: list[JsonValue]) -> Iterator[str]:
    """Yield the text of every part, however short."""
    for item in output[:_MOST_ITEMS]:
        parts = item.get("content") if isinstance(item, Mapping) else None
        for part in parts[:_MOST_ITEMS] if isinstance(parts, list) else ():
            if isinstance(part, Mapping):
                yield from (text for name in ("text", "refusal") if isinstance(text := part.get(name), str))


def _word(served: str | None, known: frozenset[str], knowing: Redactor | None) -> Redacted:
    """Give a word of the API's or of a vendor's; what is no word may be text."""
    if served is None:
        return NO_REASON
    if served in known:
        return Redacted(served)
    word = None
    if knowing is not None and len(served) <= _LONGEST_WORD:
        word = knowing.identifier(served)
    return OTHER_REASON if word is None else word


RESPONSES: Final = Probe(
    name="responses",
    route=ROUTE,
    facts=ResponsesFacts,
    fields=(
        Scalar(
            "status",
            STATUS,
            may_be_redacted=True,
            stands_for_others=OTHER_REASON,
            always_shown=_KNOWN_STATES | {NO_REASON},
        ),
        Scalar("model_answered", MODEL_ANSWERED, comparable_when_same="model", may_be_redacted=True),
        Members(
            "output_kinds", removed=OUTPUT_KINDS, added=OUTPUT_KINDS, noun="kind", stands_for_unlisted=OTHER_REASON
        ),
        Members(
            "usage_fields",
            removed=USAGE_FIELDS,
            added=USAGE_FIELDS,
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
    optional=True,
    # vLLM's answer where it does not serve it: "The model does not support Responses API", with a 400.
    parameters=frozenset({"responses"}),
    sets=frozenset({"deep"}),
)
