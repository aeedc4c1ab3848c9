"""`GET /models`: which models an environment offers, and what it says of the one that is asked."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import FailFast, Field
from pydantic_core import from_json

from envcheck.comparison import Why
from envcheck.errors import ReplyRejected
from envcheck.judge.by_itself import Day, Must
from envcheck.judge.members import Members
from envcheck.judge.names import Names
from envcheck.judge.stated import Stated
from envcheck.model import FailureClass, Request, Route
from envcheck.probes.base import Facts, Probe, Reply
from envcheck.probes.json_reply import json_bytes, parsed
from envcheck.probes.listed import listed
from envcheck.redact import Redacted, SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.bounded_json import bounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import Exchange, JsonValue
    from envcheck.probes.base import Asking
    from envcheck.redact import Redactor

ROUTE: Final = Route("GET", "/models")

MAX_IDS: Final = 5000
"""More ids than this are counted and hashed, not listed: a report has to stay readable."""
SAMPLE_IDS: Final = 10

REMOVED: Final = Rule(
    "models.removed",
    Severity.ERR,
    "a model the baseline lists is not listed by the candidate",
    "production lists o3, staging does not",
    holds="every model of {baseline} is listed",
    mend="roll it out",
)
ADDED: Final = Rule(
    "models.added",
    Severity.INFO,
    "the candidate lists a model the baseline does not",
    "staging lists gpt-5-preview, production does not",
    holds="no model is listed that {baseline} lacks",
)
CONTEXT_LENGTH: Final = Rule(
    "model.context_length",
    Severity.WARN,
    "both sides say how many tokens the model takes, and it is another number",
    "production: 131072, staging: 8192",
    holds="the model takes as many tokens as in {baseline}",
)
OUTPUT_LIMIT: Final = Rule(
    "model.output_limit",
    Severity.WARN,
    "both sides say how many tokens the model writes at most, and it is another number",
    "production: 16384, staging: 4096",
    holds="the model writes as many tokens as in {baseline}",
)
OWNED_BY: Final = Rule(
    "model.owned_by",
    Severity.INFO,
    "both sides say whose the model is, and it is another name",
    "production: openai, staging: azure",
    holds="the model's owner is as in {baseline}",
)
ROOT: Final = Rule(
    "model.root",
    Severity.INFO,
    "both sides say which weights the model has, and they are others",
    "production: Qwen/Qwen3-32B, staging: Qwen/Qwen3-32B-AWQ",
    holds="the model's weights are as in {baseline}",
)
RETIRES: Final = Rule(
    "model.retires",
    Severity.WARN,
    "the gateway says that the model retires in fewer than 60 days",
    "staging: gpt-4o retires on 2026-12-01",
    of_itself=True,
    holds="the model does not retire soon",
    mend="ask for another model",
)
UNLISTED: Final = Rule(
    "model.unlisted",
    Severity.WARN,
    "the configured model is not in the gateway's list: it may be refused, or served by another one",
    "staging: gpt-4o is not in the list",
    of_itself=True,
    holds="the model is in the gateway's own list",
    mend="list the model, or ask for one that is listed",
)
RETIRES_WITHIN_DAYS: Final = 60


class ModelsFacts(Facts):
    """What a list of models says: the ids, and of the entries' other members those of the model that is asked."""

    model_count: int = Field(ge=1)
    model_ids: Annotated[tuple[SafeText, ...], Field(max_length=MAX_IDS), FailFast()]
    """Sorted and distinct; at most `MAX_IDS`."""
    model_ids_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Over all of the sorted ids, one to a line, so that lists past the cap can still be held together."""
    sample_model_ids: Annotated[tuple[SafeText, ...], Field(max_length=SAMPLE_IDS), FailFast()]
    """The first ten distinct ones, in the order they were served."""
    model: SafeText | None = None
    """The one that all below is about: the configured one, else the first that is listed."""
    is_listed: bool | None = None
    retires_on: date | None = None
    context_length: int | None = None
    """Tokens."""
    output_limit: int | None = None
    """Tokens."""
    owned_by: SafeText | None = None
    root: SafeText | None = None
    """Which weights it has."""


async def _ask(asking: Asking) -> Exchange:
    return await asking.send(Request(ROUTE, about=asking.model))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Take out the ids, and what is said of the model that is asked."""
    entries = _entries(exchange)
    served = tuple(str(entry["id"]) for entry in entries)
    model = exchange.request.about or served[0]
    said = listed(entries, model)
    names = {"owned_by": said.owned_by, "root": said.root}
    shown = {fact: None if raw is None else redactor.model_id(raw) for fact, raw in names.items()}
    safe = redactor.model_ids(served)
    ids = sorted(set(safe))
    facts = ModelsFacts(
        model_count=len(set(served)),
        model_ids=tuple(ids[:MAX_IDS]),
        model_ids_sha256=hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        sample_model_ids=tuple(islice(dict.fromkeys(safe), SAMPLE_IDS)),
        model=redactor.model_id(model),
        is_listed=said.is_listed,
        retires_on=said.retires_on,
        context_length=said.context_length,
        output_limit=said.output_limit,
        owned_by=shown["owned_by"],
        root=shown["root"],
    )
    known = {fact: Names.of(redactor, [raw or ""], [shown[fact] or Redacted("")]) for fact, raw in names.items()}
    return Reply(facts, offers=served, names={"model_ids": Names.of(redactor, served, safe), **known})


def _entries(exchange: Exchange) -> Sequence[Mapping[str, JsonValue]]:
    try:
        entries = _models(from_json(bounded(json_bytes(exchange))))
    except ValueError:  # too many members, no JSON, or no list of models
        parsed(exchange)  # names the commoner mistakes
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a list of models") from None
    if not entries:
        raise ReplyRejected(FailureClass.MODEL_SELECTION, "the list of models is empty")
    return entries


def _models(document: JsonValue) -> Sequence[Mapping[str, JsonValue]]:
    """Take the entries that have ids, for that is what every engine serves: several leave out or bend all else.

    By hand, for a schema would cost a list of 20,000 entries twice the memory, and note what is wrong with each.

    Raises:
        ValueError: the document is no list of models.

    """
    match document:
        case {"data": list(entries)} if all(map(_has_id, entries)):
            return entries
        case _:
            raise ValueError


def _has_id(entry: JsonValue) -> bool:
    match entry:
        case {"id": str(name)}:
            return bool(name)
        case _:
            return False


MODELS: Final = Probe(
    name="models",
    route=ROUTE,
    facts=ModelsFacts,
    fields=(
        Members(
            "model_ids",
            removed=REMOVED,
            added=ADDED,
            noun="model",
            cut_at=MAX_IDS,
            total="model_count",
            digest="model_ids_sha256",
        ),
        Must("is_listed", UNLISTED, about="model", otherwise=Why.UNLISTED),
        Day("retires_on", RETIRES, within_days=lambda _: RETIRES_WITHIN_DAYS),
        Stated("context_length", CONTEXT_LENGTH, comparable_when_same="model"),
        Stated("output_limit", OUTPUT_LIMIT, comparable_when_same="model"),
        Stated("owned_by", OWNED_BY, comparable_when_same="model", may_be_redacted=True),
        Stated("root", ROOT, comparable_when_same="model", may_be_redacted=True),
    ),
    details=frozenset({"is_listed", "retires_on", "context_length", "output_limit", "owned_by", "root"}),
    ask=_ask,
    read=_read,
    on_by_default=True,
    sets=frozenset({"basic", "standard", "deep"}),
    needs_model=False,
    stops_others=frozenset(
        {
            FailureClass.AUTH,
            FailureClass.MISSING_KEY,
            FailureClass.NETWORK,
            FailureClass.TIMEOUT,
            FailureClass.RATE_OR_QUOTA,
            FailureClass.UPSTREAM_OR_GATEWAY,
        }
    ),
)
