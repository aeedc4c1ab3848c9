"""`POST /chat/completions` with a strict JSON Schema: is it enforced, ignored, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pydantic_core import from_json

from envcheck.judge.scalar import Scalar
from envcheck.model import Request
from envcheck.probes.base import CHAT_COMPLETIONS, Facts, Options, Probe, Reply
from envcheck.probes.choices import choices_in, completion_in, finish_reason_by, generated_by
from envcheck.probes.completion import completion_body, finish_reason, one_name
from envcheck.probes.json_reply import parsed
from envcheck.redact import SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.bounded_json import bounded

if TYPE_CHECKING:
    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

HONOURED: Final = Rule(
    "structured.honoured",
    Severity.ERR,
    "a JSON Schema is kept to in another way: enforced, json_only (JSON of another shape) or ignored",
    "production: enforced, staging: ignored",
    holds="a JSON Schema is kept to as in {baseline}",
)
FENCED: Final = Rule(
    "structured.fenced",
    Severity.WARN,
    "the JSON stands in a Markdown code block in one environment, where a client that parses it breaks, and not in the"
    " other",
    "production: false, staging: true",
    holds="JSON stands in a code block, or not, as in {baseline}",
)
FINISH_REASON: Final = Rule(
    "structured.finish_reason",
    Severity.WARN,
    "a completion that was to keep to a schema ended for another reason",
    "production: stop, staging: length",
    holds="a completion that keeps to a schema ends for the same reason as in {baseline}",
)

_MEMBER: Final = "material"
_WORDS: Final = ("granite", "linen")
# It contradicts the schema, so that obeying the schema is enforcement and not luck; and it has the word JSON, without
# which gateways that turn a schema into OpenAI's JSON mode are refused by it.
_PROMPT: Final = "Reply in plain text, without any JSON, with the single word: pong"
_RESPONSE_FORMAT: Final[Mapping[str, JsonValue]] = {
    "type": "json_schema",
    "json_schema": {
        "name": _MEMBER,
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {_MEMBER: {"type": "string", "enum": list(_WORDS)}},
            "required": [_MEMBER],
            "additionalProperties": False,
        },
    },
}
_FENCE: Final = re.compile(r"```[A-Za-z]{0,16}[ \t]*\r?\n?(.*)```", re.DOTALL)


class Enforcement(StrEnum):
    """How a reply keeps to the schema."""

    ENFORCED = "enforced"
    JSON_ONLY = "json_only"
    """JSON, and not what the schema describes."""
    IGNORED = "ignored"


class StructuredFacts(Facts):
    """How a gateway takes a schema, without a word of the reply."""

    honoured: Enforcement
    fenced: bool
    """Whether the content is a Markdown code block; what is in it is then held against the schema."""
    finish_reason: SafeText


async def _ask(asking: Asking) -> Exchange:
    """Ask for one of two words in an object."""
    body = {**completion_body(asking, _PROMPT), "response_format": _RESPONSE_FORMAT}
    return await asking.send(Request(CHAT_COMPLETIONS, body))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    document = parsed(exchange)
    completion, choices = completion_in(document), choices_in(document)
    first = completion.choices[0]
    text = _text_of(first.message.content).strip()
    fence = _FENCE.fullmatch(text)
    generated = generated_by(completion, choices, (text,))
    reason = finish_reason(first.finish_reason, generated.known_to(redactor))
    facts = StructuredFacts(
        honoured=_enforcement(text if fence is None else fence[1]),
        fenced=fence is not None,
        finish_reason=reason,
    )
    names = {"finish_reason": one_name(redactor, first.finish_reason, reason)}
    return Reply(facts, names=names, generated=generated.texts)


def _text_of(content: str | list[object] | None) -> str:
    """Give the whole content; Mistral and others serve it in parts."""
    if isinstance(content, list):
        texts = (part.get("text") for part in content if isinstance(part, Mapping))
        return "".join(text for text in texts if isinstance(text, str))
    return content or ""


def _enforcement(text: str) -> Enforcement:
    try:
        document = from_json(bounded(text.encode("utf-8", "surrogatepass")))
    except ValueError:
        return Enforcement.IGNORED
    if isinstance(document, dict) and document.keys() == {_MEMBER} and document[_MEMBER] in _WORDS:
        return Enforcement.ENFORCED
    # A word in quotation marks is text as well as JSON.
    return Enforcement.JSON_ONLY if isinstance(document, dict | list) else Enforcement.IGNORED


STRUCTURED: Final = Probe(
    name="structured",
    route=CHAT_COMPLETIONS,
    facts=StructuredFacts,
    fields=(Scalar("honoured", HONOURED), Scalar("fenced", FENCED), finish_reason_by(FINISH_REASON)),
    ask=_ask,
    read=_read,
    options=Options,
    optional=True,
    parameters=frozenset({"response_format", "json_schema"}),
    sets=frozenset({"standard", "deep"}),
)
