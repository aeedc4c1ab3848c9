"""`GET /models`: which models an environment offers."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, ValidationError
from pydantic_core import SchemaValidator, core_schema

from envcheck.errors import ReplyRejected
from envcheck.judge.members import Members
from envcheck.model import FailureClass, Request, Route
from envcheck.probes.base import Facts, Probe, Reply
from envcheck.probes.json_reply import json_bytes, parsed
from envcheck.redact import Names, SafeText
from envcheck.rules import Rule, Severity

if TYPE_CHECKING:
    from envcheck.model import Exchange
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
    model_ids: Annotated[tuple[SafeText, ...], Field(max_length=MAX_IDS)]
    """Sorted and distinct; at most `MAX_IDS`."""
    model_ids_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Over all of the sorted ids, one to a line, so that lists past the cap can still be held together."""
    sample_model_ids: Annotated[tuple[SafeText, ...], Field(max_length=SAMPLE_IDS)]
    """The first ten distinct ones, in the order they were served."""


# Only what every engine serves: `created`, `object` and `owned_by` are missing or odd on several real ones. As plain
# dictionaries rather than models, for a list may have 20,000 entries, and reading it holds up everything else.
_ENTRY: Final = core_schema.typed_dict_schema(
    {"id": core_schema.typed_dict_field(core_schema.str_schema(min_length=1, strict=True))}
)
_MODEL_LIST: Final = SchemaValidator(
    core_schema.typed_dict_schema({"data": core_schema.typed_dict_field(core_schema.list_schema(_ENTRY, strict=True))})
)


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
    return Reply(facts, offers=served[:1], names={"model_ids": Names.of(redactor, served, safe)})


def _served(exchange: Exchange) -> tuple[str, ...]:
    try:
        entries = _MODEL_LIST.validate_json(json_bytes(exchange))["data"]
    except ValidationError:
        parsed(exchange)  # names the commoner mistakes better than a schema can
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but not a list of models") from None
    if not entries:
        raise ReplyRejected(FailureClass.MODEL_SELECTION, "the list of models is empty")
    return tuple(entry["id"] for entry in entries)


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
