"""environments.toml as pydantic reads it: its tables, their keys and what each may hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    WithJsonSchema,
    create_model,
)

from envcheck.config import fields
from envcheck.config.chat_params import checked_chat_params
from envcheck.config.expect_model import ExpectTable
from envcheck.config.history_model import HistoryTable
from envcheck.config.table_model import OF_A_TABLE
from envcheck.model import DEFAULT_TIMEOUT_S
from envcheck.policy import (
    DEFAULT_CONFIRM_OVER_S,
    DEFAULT_LATENCY_FLOOR_MS,
    DEFAULT_LATENCY_RATIO,
    DEFAULT_TLS_DAYS,
)
from envcheck.probes import PROBES, default_probes, probe_sets, rules
from envcheck.rules import Severity
from envcheck.transport import MAX_HEADERS

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from envcheck.probes.base import Options

MAX_TIMEOUT_S: Final = 3600
_MAX_DAYS: Final = 3650


def _one_of_the_probes(schema: JsonDict) -> None:
    schema["enum"] = [*PROBES, *probe_sets()]


def _one_of_the_rules(schema: JsonDict) -> None:
    schema["enum"] = [*rules()]


def _by_rule(schema: JsonDict) -> None:
    schema["propertyNames"] = {"enum": [*rules()]}


# The schema names those that there are when it is made: a file's plug-ins bring more.
_ProbeName = Annotated[str, AfterValidator(fields.probe_name), Field(json_schema_extra=_one_of_the_probes)]
_RuleName = Annotated[str, AfterValidator(fields.rule_name), Field(json_schema_extra=_one_of_the_rules)]
_EnvironmentName = Annotated[str, AfterValidator(fields.environment_name)]
_VariableName = Annotated[str, AfterValidator(fields.variable_of_key)]
_OneLine = Annotated[str, AfterValidator(fields.one_line)]
# From TOML an enum's member is its string, which pydantic's strict mode would refuse.
_Severity = Annotated[Severity, Field(strict=False)]

Timeout = Annotated[float, Field(gt=0, le=MAX_TIMEOUT_S, allow_inf_nan=False)]
# Of a union pydantic would tell what is wrong with each of its members.
Samples = Annotated[
    int | str,
    BeforeValidator(fields.samples),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": fields.MAX_SAMPLES}, {"const": fields.AUTO}]}
    ),
]


class Table(BaseModel):
    """What every table has in common: nothing unknown, nothing converted, and no value in an error."""

    model_config = OF_A_TABLE


def _tables_of_probes() -> type[Table]:
    """Make the table of the probes' own tables: each probe says what it can be told."""
    own: dict[str, Any] = {name: (probe.options | None, None) for name, probe in PROBES.items() if probe.options}
    return create_model("ProbeTables", __base__=Table, __doc__="`[....probe.NAME]`: what one probe is told.", **own)


if TYPE_CHECKING:
    ProbeTables = Table
else:
    ProbeTables = _tables_of_probes()


class Settings(Table):
    """The keys that an environment has and `[defaults]` may have too."""

    api_key_env: Annotated[_VariableName | None, Field(description="The NAME of the key's variable.")] = None
    model: Annotated[
        Annotated[str, AfterValidator(fields.model_id)] | None,
        Field(description="The model to ask; else the first id that /models returns."),
    ] = None
    probes: Annotated[
        list[_ProbeName],
        AfterValidator(fields.probes_in_order),
        Field(min_length=1, description="Which requests to send, by the names of probes or of sets of them."),
    ] = list(default_probes())
    timeout_s: Annotated[Timeout, Field(description="Seconds for one whole exchange.")] = DEFAULT_TIMEOUT_S
    samples: Annotated[
        Samples,
        Field(description='How many exchanges of each probe latency is judged by; "auto" for as many as are needed.'),
    ] = 1
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
    probe: Annotated[
        ProbeTables | None, AfterValidator(fields.probe_tables), Field(description="What single probes are told.")
    ] = None
    server_text: Annotated[bool, Field(description="False shows nothing that a server wrote.")] = True
    record_headers: Annotated[
        list[str],
        AfterValidator(fields.record_headers),
        Field(max_length=MAX_HEADERS, description="Response headers whose values are recorded and compared."),
    ] = []


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
        if given.get("probe") is not None and own.get("probe") is not None:
            own["probe"] = _merged(given["probe"], own["probe"])
        return self.model_construct(**(given | own))

    def options(self) -> dict[str, Options]:
        """Give what each probe is told; `chat_params` stands below the parameters of those asking for a completion."""
        told: dict[str, Options] = {}
        for name, probe in PROBES.items():
            table = None if self.probe is None else getattr(self.probe, name, None)
            below = self.chat_params if probe.is_chat_shaped else {}
            if probe.options is not None and (table is not None or below):
                options = table or probe.options()
                told[name] = options.model_copy(update={"params": below | options.params})
        return told


def _merged(below: Table, above: Table) -> Table:
    """Merge the probes' tables key by key; what stands above wins."""
    tables: dict[str, Any] = {}
    for name in type(above).model_fields:
        under, over = getattr(below, name), getattr(above, name)
        if under is None or over is None:
            tables[name] = over or under
            continue
        own = {key: getattr(over, key) for key in over.model_fields_set}
        if {"params"} <= own.keys():
            own["params"] = under.params | own["params"]
        tables[name] = under.model_copy(update=own)
    return type(above).model_construct(_fields_set=None, **tables)


class Compare(Table):
    """`[compare]`: what is a finding, and how much it matters."""

    latency_ratio: Annotated[
        float, Field(ge=1, allow_inf_nan=False, description="How many times slower a median must be.")
    ] = DEFAULT_LATENCY_RATIO
    latency_floor_ms: Annotated[
        float, Field(ge=0, allow_inf_nan=False, description="And by how many milliseconds at least.")
    ] = DEFAULT_LATENCY_FLOOR_MS
    confirm_over_s: Annotated[
        float,
        Field(
            ge=0,
            le=MAX_TIMEOUT_S,
            allow_inf_nan=False,
            description="Over how many seconds a slow latency is sampled a second time; 0 for not at all.",
        ),
    ] = DEFAULT_CONFIRM_OVER_S
    tls_days: Annotated[
        int, Field(ge=0, le=_MAX_DAYS, description="How many days before a certificate expires that is a finding.")
    ] = DEFAULT_TLS_DAYS
    severity: Annotated[
        dict[_RuleName, _Severity],
        Field(description="By rule; `none` switches it off.", json_schema_extra=_by_rule),
    ] = {}


class AcceptTable(Table):
    """`[[accept]]`: a known difference, still shown and never counted."""

    rule: _RuleName
    environment: str
    reason: _OneLine
    value: Annotated[
        Annotated[str, AfterValidator(fields.accepted_value)] | None, Field(description="This value and no other.")
    ] = None
    values: Annotated[
        list[Annotated[str, AfterValidator(fields.accepted_value)]],
        Field(description="Values as they are shown; `*` and `?` stand for any characters, and any one."),
    ] = []
    field: Annotated[
        Annotated[str, AfterValidator(fields.field_name)] | None,
        Field(description="This fact and no other, such as chat.latency."),
    ] = None
    at_most_ratio: Annotated[
        float | None,
        Field(gt=1, allow_inf_nan=False, description="A latency up to this many times the baseline's, and no more."),
    ] = None
    expires: Annotated[date | None, Field(description="The last day on which it holds.")] = None


class ChecklistTable(Table):
    """`[checklist]`: what somebody signs before a rollout; written by default where it is there."""

    title: Annotated[_OneLine | None, Field(description="Above the list; else made of the environments' names.")] = None
    environments: Annotated[
        list[str],
        Field(description="Who is rolled out; else all environments but the baseline."),
    ] = []
    manual: Annotated[
        list[_OneLine],
        AfterValidator(fields.each_once),
        Field(description="Lines that only a person can tick."),
    ] = []


class File(Table):
    """The whole file."""

    plugins: Annotated[
        list[Annotated[str, AfterValidator(fields.plugin_name)]],
        AfterValidator(fields.plugins_once),
        Field(description="Packages whose probes and formats may be used; each is loaded, and is given the keys."),
    ] = []
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
    expect: list[ExpectTable] = []
    checklist: ChecklistTable = ChecklistTable.model_construct()
    history: HistoryTable = HistoryTable.model_construct()
