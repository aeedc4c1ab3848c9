"""`GET /models`: which models an environment offers."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import FailFast, Field
from pydantic_core import from_json

from envcheck.errors import ReplyRejected
from envcheck.judge.members import Members
from envcheck.judge.names import Names
from envcheck.model import FailureClass, Request, Route
from envcheck.probes.base import Facts, Probe, Reply
from envcheck.probes.json_reply import json_bytes, parsed
from envcheck.redact import SafeText
from envcheck.rules import Rule, Severity
from envcheck.seam.bounded_json import bounded

if TYPE_CHECKING:
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
)
ADDED: Final = Rule(
    "models.added",
    Severity.INFO,
    "the candidate lists a model the baseline does not",
    "staging lists gpt-5-preview, production does not",
)


class ModelsFacts(Facts):
    """What a list of models says, without the entries' other members, which differ on every engine."""

    model_count: int = Field(ge=1)
    model_ids: Annotated[tuple[SafeText, ...], Field(max_length=MAX_IDS), FailFast()]
    """Sorted and distinct; at most `MAX_IDS`."""
    model_ids_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Over all of the sorted ids, one to a line, so that lists past the cap can still be held together."""
    sample_model_ids: Annotated[tuple[SafeText, ...], Field(max_length=SAMPLE_IDS), FailFast()]
    """The first ten distinct ones, in the order they were served."""


async def _ask(asking: Asking) -> Exchange:
    return await asking.send(Request(ROUTE))


def _read(exchange: Exchange, redactor: Redactor) -> Reply:
    """Take the ids out of the list, and nothing else."""
    served = _served(exchange)
    safe = redactor.model_ids(served)
    ids = sorted(set(safe))
    facts = ModelsFacts(
        model_count=len(set(served)),
        model_ids=tuple(ids[:MAX_IDS]),
        model_ids_sha256=hashlib.sha256("\n".join(ids).encode()).hexdigest(),
        sample_model_ids=tuple(islice(dict.fromkeys(safe), SAMPLE_IDS)),
    )
    return Reply(facts, offers=served, names={"model_ids": Names.of(redactor, served, safe)})


def _served(exchange: Exchange) -> tuple[str, ...]:
    try:
        ids = _ids(from_json(bounded(json_bytes(exchange))))
    except ValueError:  # too many members, no JSON, or no list of models
        parsed(exchange)  # names the commoner mistakes
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a list of models") from None
    if not ids:
        raise ReplyRejected(FailureClass.MODEL_SELECTION, "the list of models is empty")
    return ids


def _ids(document: JsonValue) -> tuple[str, ...]:
    """Take the ids alone, for they are what every engine serves: several real ones leave out or bend all else.

    By hand, for a schema would cost a list of 20,000 entries twice the memory, and note what is wrong with each.

    Raises:
        ValueError: the document is no list of models.

    """
    match document:
        case {"data": list(entries)}:
            return tuple(map(_id, entries))
        case _:
            raise ValueError


def _id(entry: JsonValue) -> str:
    match entry:
        case {"id": str(name)} if name:
            return name
        case _:
            raise ValueError


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
    ),
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
