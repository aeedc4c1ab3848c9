"""`[[expect]]` as pydantic reads it; what fits which fact is looked at in `expect`."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from envcheck.config.fields import not_one_line, one_line
from envcheck.config.patterns import what_is_wrong_with
from envcheck.config.problems import wrong
from envcheck.config.secret_shapes import has_key_prefix
from envcheck.config.table_model import OF_A_TABLE
from envcheck.rules import Severity

_LOOKS_LIKE_KEY: Final = "looks like a key, and this text is shown in reports"
_MAX_DAYS: Final = 3650


def _expected_name(value: str) -> str:
    """Check a member of a list that is expected; a bare run may be the name of a model."""
    reason = _LOOKS_LIKE_KEY if has_key_prefix(value) else not_one_line(value)
    if reason:
        raise wrong(reason)
    return value


def _each_once(names: list[str]) -> list[str]:
    """Check that nothing is expected twice."""
    if len(set(names)) < len(names):
        raise wrong("names one twice; keep one of the two")
    return names


def _weight(severity: Severity) -> Severity:
    """Check how much an expectation matters."""
    if severity is Severity.NONE:
        raise wrong("must be err, warn or info; leave the [[expect]] out to expect nothing")
    return severity


def _pattern(value: str) -> str:
    """Check a regular expression that a server's text is held against."""
    reason = not_one_line(value) or what_is_wrong_with(value)
    if reason is None and has_key_prefix(value):
        reason = _LOOKS_LIKE_KEY
    if reason:
        raise wrong(reason)
    return value


_AnyScalar = Annotated[
    Any, WithJsonSchema({"type": ["boolean", "number", "string"], "description": "A date is one without quotes."})
]
_Milliseconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Names = Annotated[
    list[Annotated[str, AfterValidator(_expected_name)]],
    AfterValidator(_each_once),
    Field(min_length=1),
]


class ExpectTable(BaseModel):
    """`[[expect]]`: what has to hold in each environment by itself. Which operator fits which fact is in `expect`."""

    model_config = OF_A_TABLE

    field: Annotated[str, Field(description="A fact as the reports name it, such as models.model_ids.")]
    title: Annotated[
        Annotated[str, AfterValidator(one_line)] | None, Field(description="What is promised; else made of the rest.")
    ] = None
    environments: Annotated[
        list[str] | None, Field(min_length=1, description="Where it has to hold; else everywhere.")
    ] = None
    severity: Annotated[
        Annotated[Severity, Field(strict=False), AfterValidator(_weight)] | None,
        Field(
            description="How much it matters that it does not hold: err, warn or info.",
            json_schema_extra={"enum": [each.value for each in Severity if each is not Severity.NONE]},
        ),
    ] = None
    equals: Annotated[_AnyScalar | None, Field(description="This value.")] = None
    not_equals: Annotated[_AnyScalar | None, Field(description="Any value but this one.")] = None
    one_of: Annotated[list[_AnyScalar] | None, Field(min_length=1, description="One of these values.")] = None
    contains: Annotated[_Names | None, Field(description="All of these are in the list.")] = None
    excludes: Annotated[_Names | None, Field(description="None of these is in the list.")] = None
    at_least: Annotated[float | None, Field(allow_inf_nan=False, description="This number or more.")] = None
    at_most: Annotated[float | None, Field(allow_inf_nan=False, description="This number or less.")] = None
    at_least_ms: Annotated[_Milliseconds | None, Field(description="A median of so many milliseconds or more.")] = None
    at_most_ms: Annotated[_Milliseconds | None, Field(description="A median of so many milliseconds or less.")] = None
    at_least_days: Annotated[
        int | None, Field(ge=0, le=_MAX_DAYS, description="So many days or more from the run to that day.")
    ] = None
    matches: Annotated[
        Annotated[str, AfterValidator(_pattern)] | None,
        Field(description="A regular expression that takes in the whole value."),
    ] = None
