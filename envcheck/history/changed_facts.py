"""Facts that became others: of each the values in their order, of which those that follow a different one are told."""

from __future__ import annotations

import json
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter, ValidationError

from envcheck.past import FactChange
from envcheck.redact import SafeText

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from envcheck.past import Fact
    from envcheck.redact import Redactor

_ONE: TypeAdapter[bool | int | float | SafeText | None] = TypeAdapter(bool | int | float | SafeText | None)
_SET: TypeAdapter[tuple[SafeText, ...]] = TypeAdapter(tuple[SafeText, ...])


class Stated(NamedTuple):
    """A fact as it is from some run on."""

    field: str
    day: date
    value: Fact


def changes_of(stated: Iterable[Stated]) -> list[FactChange]:
    """Give the changes of one environment, by their days; what it stated comes in the order of the runs."""
    by_field = groupby(sorted(stated, key=lambda each: each.field), lambda each: each.field)
    changes = [
        FactChange(after.day, field, before.value, after.value)
        for field, values in by_field
        for before, after in pairwise(values)
        if before.value != after.value  # which a text that is not of ours may say twice
    ]
    return sorted(changes, key=lambda each: each.day)


def fact_in(text: bytes, redactor: Redactor) -> Fact:
    """Read a fact from its JSON, with every text in it redacted anew; headers become a set of `name: value`.

    Raises:
        ValueError: it is not what was written.

    """
    try:
        value = json.loads(text)
        if isinstance(value, dict):
            value = [f"{name}: {each}" for name, values in value.items() for each in values]
        if isinstance(value, list):
            return _SET.validate_python(value, context=redactor)
        return _ONE.validate_python(value, context=redactor)
    except (RecursionError, TypeError, ValidationError) as error:
        raise ValueError("is no fact") from error
