"""The evidence record of one environment: typed, frozen and safe to share.

Every string here is `SafeText`, an enum, or pinned to a pattern of ours, so no renderer has to remember to redact.
`normalize` makes these records; `store` loads saved ones with a `Redactor` as pydantic's context, which
redacts every `SafeText` anew, for a file may have been written by anyone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated, Final, Literal, LiteralString, NamedTuple, Self

from pydantic import (
    ConfigDict,
    FailFast,
    Field,
    GetJsonSchemaHandler,
    SerializeAsAny,
    StringConstraints,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue  # noqa: TC002 - pydantic reads the annotations when it runs
from pydantic_core import CoreSchema  # noqa: TC002 - as above

from envcheck.model import Connection, Outcome, Unplanned
from envcheck.probes import PROBES, known_probe
from envcheck.record import (
    Count,
    EnvironmentName,
    Facts,
    FailureNameField,
    Milliseconds,
    Record,
    RunId,
    Tool,
    VantageName,
    VariableName,
    WordOfOurs,
)
from envcheck.redact import Redacted, Redactor, SafeText
from envcheck.transport import TRANSPORT, TransportFacts

SCHEMA_VERSION: Final = "envcheck.evidence/1"

# A saved record that holds more than these was not written by envcheck, and would only cost time.
_MAX_PROBES: Final = 32
_MAX_LEFT_OUT: Final = 32
_MAX_SAMPLES: Final = 4000
MAX_VARYING: Final = 5000

LEFT_OUT: Final[tuple[LiteralString, ...]] = (
    "keys and every header value",
    "the prompt",
    "generated text and its length",
    "response bodies",
    "query values and URL userinfo",
    "request ids, cookies and other response headers",
)


Times = Annotated[tuple[Milliseconds, ...], Field(max_length=_MAX_SAMPLES), FailFast()]


class Target(Record):
    """What was probed, and how."""

    base_url: SafeText
    api_key_env: VariableName | None
    requested_model: SafeText | None
    selected_model: SafeText | None
    """The model that was asked for: the configured one, else the first that `/models` returned."""
    probes: Annotated[tuple[WordOfOurs, ...], Field(max_length=_MAX_PROBES), FailFast()]
    timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    samples: Annotated[int, Field(ge=1)]
    planned_requests: Annotated[int, Field(ge=0)]
    """How many requests the run was to send to this environment."""
    sent_requests: Count | None = None
    """How many it really sent, those that were sent twice counted twice; None in a record of an older release."""
    unplanned_requests: Annotated[Mapping[Unplanned, Annotated[int, Field(ge=1)]], FailFast()] = {}
    """How many of those were not among the planned ones, and why."""
    verify_tls: bool


class Safety(Record):
    """What is left out of this record, and why text of the server's may be missing."""

    left_out: Annotated[tuple[SafeText, ...], Field(max_length=_MAX_LEFT_OUT), FailFast()]
    prompt_source: Literal["default", "custom"]
    server_text: Literal["shown", "withheld", "withheld_by_tripwire"]
    """`withheld_by_tripwire`: a secret was found in it after redaction, so what held it is left out."""


class Series(NamedTuple):
    """Samples of one measure, in milliseconds."""

    first_ms: Sequence[float]
    second_ms: Sequence[float]
    """Of the second batch; empty where none was taken."""


class Measured(Record):
    """Samples of a measure beside the total."""

    median_ms: Milliseconds | None = None
    samples_ms: Times = ()
    again_ms: Times = ()


TOTAL: Final = "total"


class Latency(Record):
    """How long the exchanges took. The opening of connections is in all of its samples or in none."""

    samples: Annotated[int, Field(ge=0)] = 0
    """How many are in the medians."""
    dns_ms: Milliseconds | None = None
    connect_ms: Milliseconds | None = None
    ttfb_ms: Milliseconds | None = None
    body_ms: Milliseconds | None = None
    total_ms: Milliseconds | None = None
    connection: Connection | None = None
    """`cold`: each opened a connection; `warm`: each used one that was open; `mixed`: some did, and the time that it
    took is not counted."""
    spread_ms: Milliseconds | None = None
    """The interquartile range of the totals, from two samples on."""
    totals_ms: Times = ()
    """Each sample of the median, in the order they were taken."""
    again_ms: Times = ()
    """Those of a second batch, taken where the first one had something to say."""
    again_taken: Count = 0
    """How many requests the second batch was."""
    measured: Annotated[Mapping[WordOfOurs, Measured], FailFast()] = {}
    """Beside the totals, by the names of the probe's measures."""
    first_ms: Milliseconds | None = None
    """The total of the opening exchange, where later samples are in the medians: labelled, never mixed in."""
    taken: Count = 0
    """Requests of the first batch: those in the medians, `retried`, `failed` and `voided` add up to it."""
    retried: Count = 0
    """Left out: the connection turned out to be closed, so that the request was sent again on a new one."""
    failed: Count = 0
    voided: Count = 0
    """Left out: this process was late itself while they ran."""

    def series(self, name: str) -> Series:
        """Give the samples of a measure in both batches; `total` is the whole exchange."""
        if name == TOTAL:
            return Series(self.totals_ms, self.again_ms)
        measured = self.measured.get(name, Measured())
        return Series(measured.samples_ms, measured.again_ms)

    def without_opening(self) -> Latency:
        """Take the opening of connections out of the totals, so that open ones can be held against them."""
        if self.connection is not Connection.NEW:
            return self
        opening = (self.dns_ms or 0.0) + (self.connect_ms or 0.0)
        first, again = (
            tuple(round(max(0.0, each - opening), 3) for each in of) for of in (self.totals_ms, self.again_ms)
        )
        return self.model_copy(update={"totals_ms": first, "again_ms": again, "connection": Connection.MIXED})


_MOST_STRANGE: Final = 64
"""Facts of a probe that this process does not know; an honest one has fewer."""


class StrangeFacts(Facts):
    """Saved facts of a probe that this process does not know, of a plug-in, say: shown, and held against nothing.

    Only what can be shown in a line is kept: truths, numbers, texts, which are redacted anew, and lists of such.
    """

    model_config = ConfigDict(extra="allow")

    @classmethod
    def of(cls, saved: Mapping[object, object], redactor: object) -> Self:
        """Keep of saved facts what is safe and simple."""
        named = islice(((str(name), value) for name, value in saved.items()), _MOST_STRANGE)
        kept = {name: _plain(value, redactor) for name, value in named if _WORD_OF_OURS.fullmatch(name)}
        return cls.model_validate(kept)


_WORD_OF_OURS: Final = re.compile("[a-z][a-z0-9_.]{0,63}")


def _plain(value: object, redactor: object) -> object:
    match value:
        case str():
            return (redactor if isinstance(redactor, Redactor) else Redactor()).loaded(value)
        case bool() | int() | float() | None:
            return value
        case list() | tuple():
            return [
                _plain(each, redactor) for each in value[:MAX_VARYING] if not isinstance(each, Mapping | list | tuple)
            ]
        case _:
            return None


class _AnyProbesFacts:
    """Puts every probe's facts into the JSON Schema, where their common base would allow no fact at all."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        of_each_probe = [handler(probe.facts.__pydantic_core_schema__) for probe in PROBES.values()]
        return {"anyOf": [*of_each_probe, handler(schema)]}


class Check(Record):
    """One probe's outcome in one environment."""

    probe: WordOfOurs
    request: SafeText
    outcome: Outcome
    http_status: Annotated[int, Field(ge=100, le=999)] | None = None
    failure_class: FailureNameField | None = None
    failure_detail: SafeText | None = None
    error_preview: SafeText | None = None
    facts: Annotated[SerializeAsAny[Facts], _AnyProbesFacts] = Facts()
    """Of the first exchange that passed. Where the opening one failed, what it said before it did, if it said anything;
    that is held against nothing."""
    varying: Annotated[
        Mapping[WordOfOurs, Annotated[tuple[SafeText, ...], Field(max_length=MAX_VARYING), FailFast()]], FailFast()
    ] = {}
    """Facts that took more than one value here: of a scalar the values seen, of a set the members not always there."""
    failed_samples: Annotated[Mapping[FailureNameField, Annotated[int, Field(ge=1)]], FailFast()] = {}
    """Requests that failed although the check passed: samples, opening ones that passed when asked again, and some of
    the many that one probe sends."""
    tried: Count = 0
    """Of how many: samples of both batches that are not void, those opening requests, and the many of one probe."""
    passed_when_asked_again: bool = False
    """Whether the opening request failed by a passing cause, and passed when it was asked again."""
    latency: Latency = Latency()

    @field_validator("facts", mode="before")
    @classmethod
    def _facts_of_its_probe(cls, value: object, info: ValidationInfo) -> object:
        """Read saved facts as the type of the probe they came from."""
        probe = known_probe(info.data.get("probe", ""))
        if isinstance(value, Facts) or not value or not isinstance(value, Mapping):
            return value
        if probe is None:
            return StrangeFacts.of(value, info.context)
        return probe.facts.model_validate(value, context=info.context)

    @model_validator(mode="after")
    def _a_pass_has_facts(self) -> Self:
        """Refuse a saved check that would be the same as anything, for there is nothing in it to compare."""
        if self.outcome is Outcome.PASS and type(self.facts) is Facts:
            raise ValueError("a check that passed has no facts")
        return self


class Summary(Record):
    """The record in one line."""

    ok: bool
    failure_class: FailureNameField | None
    """Of the first check that failed."""


AskedHash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]


class Evidence(Record):
    """Everything about one environment that is safe to share."""

    schema_version: Literal["envcheck.evidence/1"] = SCHEMA_VERSION
    generated_at: datetime
    tool: Tool = Tool()
    run_id: RunId | None = None
    """Random, one for each run: which records were made together."""
    made_up: bool = False
    """Whether no gateway was asked: never held against what one answered."""
    asked: AskedHash | None = None
    """A keyed hash over prompt and parameters: equal or not within one run, and never in a saved file."""
    environment: EnvironmentName
    vantage: VantageName | None = None
    """Where it was looked from; None where nobody said."""
    target: Target
    safety: Safety
    checks: Annotated[tuple[Check, ...], Field(max_length=_MAX_PROBES), FailFast()]
    transport: TransportFacts | None = None
    """What it was reached over; None where it was not, and in a record of an older release."""
    summary: Summary

    @field_serializer("asked")
    def _stays_in_the_process(self, _asked: str | None) -> None:
        """Save nothing of it: what was asked could be guessed from a hash whose key is known."""
        return

    @model_validator(mode="after")
    def _each_probe_once(self) -> Self:
        if len({check.probe for check in self.checks}) < len(self.checks):
            raise ValueError("a probe has more than one check")
        return self

    def check(self, probe: str) -> Check | None:
        """Give the check of a probe; None where it was not probed.

        What it was reached over is looked at in the same way as a probe's facts, under the name `transport`.
        """
        if probe == TRANSPORT and self.transport is not None:
            request = Redacted(TRANSPORT)
            return Check(probe=TRANSPORT, request=request, outcome=Outcome.PASS, facts=self.transport)
        return next((check for check in self.checks if check.probe == probe), None)
