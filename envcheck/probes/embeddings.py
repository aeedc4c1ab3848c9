"""`POST /embeddings`: the size of a vector, its form on the wire, and whether it is the same one everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import FailFast, Field

from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.judge.sketch import Sketch
from envcheck.model import Request, Route
from envcheck.probes.base import Answer, Facts, Options, Probe, Reply
from envcheck.probes.completion import one_name
from envcheck.probes.json_reply import parsed
from envcheck.probes.shape import MAX_KEY_PATHS, UNLISTED, KeyPaths, key_names, safe_key_paths
from envcheck.probes.vectors import MOST_DIMENSIONS, SKETCH, served_embedding, vector_of
from envcheck.redact import SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.classify import is_success
from envcheck.seam.unsupported import refuses

if TYPE_CHECKING:
    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

ROUTE: Final = Route("POST", "/embeddings")

DIMENSIONS: Final = Rule(
    "embeddings.dimensions",
    Severity.ERR,
    "the same model was asked and its vectors have another number of components",
    "production: 1536, staging: 512",
    holds="vectors are as long as in {baseline}",
)
VECTOR: Final = Rule(
    "embeddings.vector",
    Severity.ERR,
    "the same model was asked and the same text has another vector: the cosine of the two, over their first 16"
    " components, is under 0.98, and every index that was built on one of them is worthless with the other",
    "staging: cosine 0.04",
    holds="a text has the same vector as in {baseline}",
)
UNIT_LENGTH: Final = Rule(
    "embeddings.unit_length",
    Severity.WARN,
    "vectors have the length 1 in one environment, and not in the other: what takes a product for a cosine goes wrong",
    "production: true, staging: false",
    holds="vectors have the length 1, or not, as in {baseline}",
)
ENCODING_FLOAT: Final = Rule(
    "embeddings.encoding_float",
    Severity.WARN,
    "numbers are asked for, and that is honoured, ignored or refused in another way",
    "production: honoured, staging: refused",
    holds="vectors come as numbers as in {baseline}",
)
ENCODING_BASE64: Final = Rule(
    "embeddings.encoding_base64",
    Severity.WARN,
    "base64 is asked for, and that is honoured, ignored or refused in another way: a client that asks for it reads what"
    " ignores it as vectors of another size",
    "production: honoured, staging: ignored",
    holds="vectors come as base64 as in {baseline}",
)
USAGE_FIELDS: Final = Rule(
    "embeddings.usage_fields",
    Severity.WARN,
    "the usage block of embeddings, or a field of it, is missing; or one was added",
    "staging lacks total_tokens",
    holds="usage of embeddings is reported as in {baseline}",
)
MODEL_ANSWERED: Final = Rule(
    "embeddings.model_answered",
    Severity.WARN,
    "the same model was asked for embeddings and another one says it answered",
    "production answers as text-embedding-3-small, staging as text-embedding-ada-002",
    holds="embeddings come from the same model as in {baseline}",
)

_INPUT: Final = "A lighthouse keeper counts the ships that pass before dawn."
"""Always ours: a vector says much about the text that it was made of."""
_FORMAT: Final = "encoding_format"
_FLOAT: Final = "float"
_BASE64: Final = "base64"
_NO_REFUSALS: Final = frozenset({401, 402, 408, 429})
"""4xx that say nothing of what was asked for."""

_Component = Annotated[float, Field(ge=-1, le=1)]


class EmbeddingsFacts(Facts):
    """What a vector says about the gateway."""

    model: SafeText
    """The model that was asked for."""
    dimensions: int = Field(ge=1, le=MOST_DIMENSIONS)
    unit_length: bool
    encoding_float: Answer
    encoding_base64: Answer
    usage_present: bool
    usage_fields: KeyPaths
    model_answered: SafeText | None
    sketch: Annotated[tuple[_Component, ...], Field(min_length=1, max_length=SKETCH), FailFast()]
    """The first components of the vector of length 1, with 4 decimals."""


async def _ask(asking: Asking) -> Exchange:
    """Ask for one vector in both encodings, or in none where the gateway refuses the parameter by its name.

    The first exchange is one that holds a vector, if there is one, and a failure that is no refusal otherwise.
    """
    numbers = await asking.send(_request(asking, _FLOAT))
    if refuses(numbers, {_FORMAT}):
        return replace(await asking.send(_request(asking, None)), more=(numbers,))
    if not _is_answered(numbers):
        return numbers
    text = await asking.send(_request(asking, _BASE64))
    # With the same request but for the encoding, a refusal can be about nothing else.
    if _is_answered(text) or _is_refused(text):
        return replace(numbers, more=(text,))
    return replace(text, more=(numbers,))


def _request(asking: Asking, encoding: str | None) -> Request:
    body: dict[str, JsonValue] = {"model": asking.model, "input": _INPUT, **asking.options.params}
    body.pop(_FORMAT, None)  # which one is asked for is what this is about
    return Request(ROUTE, body if encoding is None else {**body, _FORMAT: encoding})


def _is_answered(exchange: Exchange) -> bool:
    return exchange.fault is None and exchange.status is not None and is_success(exchange.status)


def _is_refused(exchange: Exchange) -> bool:
    status = exchange.status
    if exchange.fault is not None or status is None:
        return False
    return status == HTTPStatus.NOT_IMPLEMENTED or (400 <= status < 500 and status not in _NO_REFUSALS)  # noqa: PLR2004 - the 4xx


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    document = parsed(exchange)
    vector = vector_of(served_embedding(document))
    asked = exchange.request.asked_model or ""
    served, usage = document.get("model"), document.get("usage")
    raw = served if isinstance(served, str) else None
    answered = redactor.model_id(raw) if raw else None
    facts = EmbeddingsFacts(
        model=redactor.model_id(asked),
        dimensions=vector.dimensions,
        unit_length=vector.is_unit,
        encoding_float=_answer(exchange, _FLOAT),
        encoding_base64=_answer(exchange, _BASE64),
        usage_present=isinstance(usage, Mapping),
        usage_fields=safe_key_paths(usage, redactor, redactor) if isinstance(usage, Mapping) else (),
        model_answered=answered,
        sketch=vector.sketch,
    )
    names = {
        "model_answered": one_name(redactor, raw, answered),
        "usage_fields": key_names(usage if isinstance(usage, Mapping) else {}, facts.usage_fields, redactor),
    }
    return Reply(facts, names=names)


def _answer(exchange: Exchange, encoding: str) -> Answer:
    """Tell what came of asking for an encoding; it was refused with the parameter where it was not asked for at all.

    Raises:
        ReplyRejected: what came is no embedding in any encoding.

    """
    asked = (each for each in (exchange, *exchange.more) if (each.request.body or {}).get(_FORMAT) == encoding)
    answer = next(asked, None)
    if answer is None or not _is_answered(answer):
        return Answer.REFUSED
    served = served_embedding(parsed(answer))
    vector_of(served)
    return Answer.HONOURED if isinstance(served, str) == (encoding == _BASE64) else Answer.IGNORED


EMBEDDINGS: Final = Probe(
    name="embeddings",
    route=ROUTE,
    facts=EmbeddingsFacts,
    fields=(
        Scalar("dimensions", DIMENSIONS, comparable_when_same="model"),
        Sketch("sketch", VECTOR, size="dimensions", comparable_when_same="model"),
        Scalar("unit_length", UNIT_LENGTH, comparable_when_same="model"),
        Scalar("encoding_float", ENCODING_FLOAT),
        Scalar("encoding_base64", ENCODING_BASE64),
        Scalar("model_answered", MODEL_ANSWERED, comparable_when_same="model", may_be_redacted=True),
        Members(
            "usage_fields",
            removed=USAGE_FIELDS,
            added=USAGE_FIELDS,
            presence="usage_present",
            stands_for_unlisted=UNLISTED,
            cut_at=MAX_KEY_PATHS,
        ),
    ),
    ask=_ask,
    read=_read,
    options=Options,
    optional=True,
    # What llama.cpp and vLLM say where they do not serve it: "This model does not support embeddings".
    parameters=frozenset({"embeddings"}),
    requests=lambda _options: 2,
    sets=frozenset({"deep"}),
    listed_as="embed",
)
