"""environments.toml as pydantic reads it: its tables, their keys and what each may hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from envcheck.config import fields
from envcheck.config.chat_params import checked_chat_params
from envcheck.model import DEFAULT_TIMEOUT_S
from envcheck.policy import DEFAULT_LATENCY_FLOOR_MS, DEFAULT_LATENCY_RATIO
from envcheck.probes import PROBES
from envcheck.probes.base import Severity
from envcheck.rules import RULES

MAX_TIMEOUT_S: Final = 3600
MAX_SAMPLES: Final = 1000

_ProbeName = Annotated[str, AfterValidator(fields.probe_name), Field(json_schema_extra={"enum": list(PROBES)})]
_RuleName = Annotated[str, AfterValidator(fields.rule_name), Field(json_schema_extra={"enum": list(RULES)})]
_EnvironmentName = Annotated[str, AfterValidator(fields.environment_name)]
_VariableName = Annotated[str, AfterValidator(fields.variable_of_key)]
_OneLine = Annotated[str, AfterValidator(fields.one_line)]
# From TOML an enum's member is its string, which pydantic's strict mode would refuse.
_Severity = Annotated[Severity, Field(strict=False)]

Timeout = Annotated[float, Field(gt=0, le=MAX_TIMEOUT_S, allow_inf_nan=False)]
Samples = Annotated[int, Field(ge=1, le=MAX_SAMPLES)]


class Table(BaseModel):
    """What every table has in common: nothing unknown, nothing converted, and no value in an error."""

    # `probe` needs one of these tables, so none is built before it is used.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class Settings(Table):
    """The keys that an environment has and `[defaults]` may have too."""

    api_key_env: Annotated[_VariableName | None, Field(description="The NAME of the key's variable.")] = None
    model: Annotated[
        Annotated[str, AfterValidator(fields.model_id)] | None,
        Field(description="The model to ask; else the first id that /models returns."),
    ] = None
    probes: Annotated[
        list[_ProbeName], AfterValidator(fields.in_order), Field(min_length=1, description="Which requests to send.")
    ] = list(PROBES)
    timeout_s: Annotated[Timeout, Field(description="Seconds for one whole exchange.")] = DEFAULT_TIMEOUT_S
    samples: Annotated[Samples, Field(description="How many exchanges of each probe latency is judged by.")] = 1
    headers: Annotated[
        dict[str, SecretStr],
        AfterValidator(fields.headers),
        Field(description="Sent with every request. ${NAME} reads a variable; every value counts as a secret."),
    ] = {}
    query: Annotated[
        dict[str, SecretStr],
        AfterValidator(fields.query),
        Field(description="Sent with every request. ${NAME} reads a variable; every value counts as a secret."),
    ] = {}
    auth_header: Annotated[
        Annotated[str, AfterValidator(fields.auth_header)] | None,
        Field(description="The header that carries the bare key, in place of `Authorization: Bearer`."),
    ] = None
    proxy: Annotated[
        Annotated[SecretStr, AfterValidator(fields.proxy)] | None,
        Field(description="URL of an HTTP proxy. ${NAME} reads a variable."),
    ] = None
    ca_file: Annotated[
        Annotated[str, AfterValidator(fields.ca_file)] | None,
        Field(description="PEM file of the CA; a relative path starts from the file's folder."),
    ] = None
    verify_tls: Annotated[bool, Field(description="False trusts any certificate; every report says so.")] = True
    prompt: Annotated[
        Annotated[SecretStr, AfterValidator(fields.prompt)] | None, Field(description="Sent, never stored.")
    ] = None
    chat_params: Annotated[
        dict[str, Any], AfterValidator(checked_chat_params), Field(description="Merged into the chat request's body.")
    ] = {}
    server_text: Annotated[bool, Field(description="False shows nothing that a server wrote.")] = True


class Defaults(Settings):
    """`[defaults]`: what holds where an environment says nothing else."""


class EnvironmentTable(Settings):
    """`[environments.NAME]`."""

    base_url: Annotated[
        str, AfterValidator(fields.base_url), Field(description="http(s), no user, query or fragment. ${NAME} works.")
    ]

    def over(self, defaults: Settings) -> EnvironmentTable:
        """Give this environment with the defaults below it; tables are merged, and the environment's entry wins."""
        given = {name: getattr(defaults, name) for name in defaults.model_fields_set}
        own = {name: getattr(self, name) for name in self.model_fields_set}
        for name in given.keys() & own.keys() & {"query", "chat_params"}:
            own[name] = given[name] | own[name]
        if given.keys() & own.keys() & {"headers"}:
            replaced = {name.lower() for name in self.headers}
            kept = {name: value for name, value in defaults.headers.items() if name.lower() not in replaced}
            own["headers"] = kept | self.headers
        return self.model_construct(**(given | own))


class Compare(Table):
    """`[compare]`: what is a finding, and how much it matters."""

    latency_ratio: Annotated[
        float, Field(ge=1, allow_inf_nan=False, description="How many times slower a median must be.")
    ] = DEFAULT_LATENCY_RATIO
    latency_floor_ms: Annotated[
        float, Field(ge=0, allow_inf_nan=False, description="And by how many milliseconds at least.")
    ] = DEFAULT_LATENCY_FLOOR_MS
    severity: Annotated[
        dict[_RuleName, _Severity],
        Field(
            description="By rule; `none` switches it off.", json_schema_extra={"propertyNames": {"enum": list(RULES)}}
        ),
    ] = {}


class AcceptTable(Table):
    """`[[accept]]`: a known difference, still shown and never counted."""

    rule: _RuleName
    environment: str
    reason: _OneLine
    value: Annotated[
        Annotated[str, AfterValidator(fields.accepted_value)] | None, Field(description="This value and no other.")
    ] = None
    expires: Annotated[date | None, Field(description="The last day on which it holds.")] = None


class File(Table):
    """The whole file."""

    baseline: Annotated[
        str | None, Field(description="The environment the others are held against; needed from two on.")
    ] = None
    defaults: Defaults = Defaults.model_construct()
    environments: Annotated[
        dict[_EnvironmentName, EnvironmentTable],
        Field(
            min_length=1,
            json_schema_extra={"propertyNames": {"pattern": f"^{fields.ENVIRONMENT_NAME.pattern}$"}},
        ),
    ]
    compare: Compare = Compare.model_construct()
    accept: list[AcceptTable] = []
