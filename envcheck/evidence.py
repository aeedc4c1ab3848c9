"""The evidence record of one environment: typed, frozen and safe to share.

Every string here is `SafeText`, an enum, or pinned to a pattern of ours, so no renderer has to remember to redact.
`normalize` makes these records; `store` loads saved ones with a `Redactor` as pydantic's context, which
redacts every `SafeText` anew, for a file may have been written by anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal, LiteralString, NewType, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    GetJsonSchemaHandler,
    SerializeAsAny,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue  # noqa: TC002 - as above
from pydantic_core import CoreSchema  # noqa: TC002 - as above

from envcheck import __version__
from envcheck.model import Connection, FailureClass, Outcome
from envcheck.probes import PROBES
from envcheck.probes.base import Facts
from envcheck.redact import SafeText

SCHEMA_VERSION: Final = "envcheck.evidence/1"

FailureName = NewType("FailureName", str)
"""A failure class as evidence spells it: a `FailureClass`, with `http` as `http_<status>`."""

_NAMED_CLASSES: Final = "|".join(each.value for each in FailureClass if each is not FailureClass.HTTP)
FailureNameField = Annotated[FailureName, StringConstraints(pattern=f"^({_NAMED_CLASSES}|http_[0-9]{{3}})$")]

RESERVED_NAME: Final = "comparison"
"""Names the report of all environments, in any case: some file systems tell none apart."""


def _not_reserved(name: str) -> str:
    if name.casefold() == RESERVED_NAME:
        raise ValueError("the name is the comparison's own")
    return name


EnvironmentName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"), AfterValidator(_not_reserved)
]
"""As in the file; it names the report."""
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]
WordOfOurs = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,63}$")]
"""A probe's or a fact's name: ours, never a server's."""
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]

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


class Record(BaseModel):
    """What every record has in common: nothing is changed after it is made, nothing unknown is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tool(Record):
    """What wrote the record."""

    name: Literal["envcheck"] = "envcheck"
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,40}$")] = __version__


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
    verify_tls: bool


class Safety(Record):
    """What is left out of this record, and why text of the server's may be missing."""

    left_out: Annotated[tuple[SafeText, ...], Field(max_length=_MAX_LEFT_OUT), FailFast()]
    prompt_source: Literal["default", "custom"]
    server_text: Literal["shown", "withheld", "withheld_by_tripwire"]
    """`withheld_by_tripwire`: a secret was found in it after redaction, so what held it is left out."""


class Latency(Record):
    """How long the exchanges took. The medians are over samples of one kind of connection only."""

    samples: Annotated[int, Field(ge=0)] = 0
    """How many are in the medians."""
    dns_ms: Milliseconds | None = None
    connect_ms: Milliseconds | None = None
    ttfb_ms: Milliseconds | None = None
    body_ms: Milliseconds | None = None
    total_ms: Milliseconds | None = None
    connection: Connection | None = None
    """`cold`: each opened a connection; `warm`: each used one that was open."""
    spread_ms: Milliseconds | None = None
    """The interquartile range of the totals, from two samples on."""
    totals_ms: Annotated[tuple[Milliseconds, ...], Field(max_length=_MAX_SAMPLES), FailFast()] = ()
    """Each sample of the median, in the order they were taken."""
    first_ms: Milliseconds | None = None
    """The total of the opening exchange, where later samples are in the medians: labelled, never mixed in."""
    retried: Annotated[int, Field(ge=0)] = 0
    """Left out: sent again by the HTTP client on a new connection."""
    voided: Annotated[int, Field(ge=0)] = 0
    """Left out: this process was late itself while they ran."""


class _AnyProbesFacts:
    """Puts every probe's facts into the JSON Schema, where their common base would allow no fact at all."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        of_each_probe = [handler(probe.FACTS.__pydantic_core_schema__) for probe in PROBES.values()]
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
    """Of the first exchange that passed; empty where none did."""
    varying: Annotated[
        Mapping[WordOfOurs, Annotated[tuple[SafeText, ...], Field(max_length=MAX_VARYING), FailFast()]], FailFast()
    ] = {}
    """Facts that took more than one value here: of a scalar the values seen, of a set the members not always there."""
    failed_samples: Annotated[Mapping[FailureNameField, Annotated[int, Field(ge=1)]], FailFast()] = {}
    """Samples that failed after the check had passed once."""
    latency: Latency = Latency()

    @field_validator("facts", mode="before")
    @classmethod
    def _facts_of_its_probe(cls, value: object, info: ValidationInfo) -> object:
        """Read saved facts as the type of the probe they came from."""
        probe = PROBES.get(info.data.get("probe", ""))
        if isinstance(value, Facts) or not value or probe is None:
            return value
        return probe.FACTS.model_validate(value, context=info.context, extra="ignore")

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


class Evidence(Record):
    """Everything about one environment that is safe to share."""

    schema_version: Literal["envcheck.evidence/1"] = SCHEMA_VERSION
    generated_at: datetime
    tool: Tool = Tool()
    environment: EnvironmentName
    target: Target
    safety: Safety
    checks: Annotated[tuple[Check, ...], Field(max_length=_MAX_PROBES), FailFast()]
    summary: Summary

    @model_validator(mode="after")
    def _each_probe_once(self) -> Self:
        if len({check.probe for check in self.checks}) < len(self.checks):
            raise ValueError("a probe has more than one check")
        return self

    def check(self, probe: str) -> Check | None:
        """Give the check of a probe; None where it was not probed."""
        return next((check for check in self.checks if check.probe == probe), None)
