"""What is wrong with the file's `[[expect]]` beside each key by itself: which fact it is about decides what fits it."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Final

from envcheck.config.problems import Problem, nearest, suggestion
from envcheck.config.secret_shapes import has_key_prefix
from envcheck.policy import Expect, Operator
from envcheck.probes import is_of_stand_in
from envcheck.probes.expectable import FITTING, Kind, expectable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from envcheck.config.expect_model import ExpectTable
    from envcheck.policy import Operand
    from envcheck.probes.expectable import Expectable

_OF_ANY_TYPE: Final = (Operator.EQUALS, Operator.NOT_EQUALS, Operator.ONE_OF)
"""What pydantic cannot check, for the fact decides which type it has to be."""
_TYPES: Final = {
    Kind.TRUTH: "must be true or false, without quotes",
    Kind.NUMBER: "must be a number, without quotes",
    Kind.DAY: "must be a date, such as 2027-01-31, without quotes",
}
_TEXT: Final = "must be text of one line, in quotes"
_LOOKS_LIKE_KEY: Final = "looks like a key, and this text is shown in reports"


def expect_problems(document: Mapping[str, object], environments: Sequence[str]) -> Iterator[Problem]:
    """Find what can never be answered: an unknown fact, what does not fit it, a value that it never has."""
    tables = document.get("expect")
    seen: set[tuple[object, ...]] = set()
    for index, table in enumerate(tables if isinstance(tables, list) else []):
        if isinstance(table, dict):
            yield from (problem.below(("expect", index)) for problem in _of_one(table, environments))
            if (key := _key(table)) in seen:
                yield Problem(("expect", index), "is there already; keep one of the two")
            seen.add(key)


def expects_of(tables: Iterable[ExpectTable]) -> tuple[Expect, ...]:
    """Give the expectations of tables without a mistake."""
    return tuple(_expect(table) for table in tables)


def _expect(table: ExpectTable) -> Expect:
    [operator] = (each for each in Operator if getattr(table, each.value) is not None)
    value: Operand | list[Operand] = getattr(table, operator.value)
    return Expect(
        field=table.field,
        operator=operator,
        operands=tuple(value) if isinstance(value, list) else (value,),
        title=table.title,
        environments=tuple(table.environments or ()),
        severity=table.severity,
    )


def _of_one(table: Mapping[str, object], environments: Sequence[str]) -> Iterator[Problem]:
    given = [each for each in Operator if each.value in table]
    if len(given) != 1:
        known = ", ".join(each.value for each in Operator)
        has = " and ".join(each.value for each in given)
        yield Problem((), f"has {has}; keep one of them" if given else f"says nothing of the fact; add one of {known}")
    yield from _strangers(table, environments)
    field = table.get("field")
    if not isinstance(field, str):
        return  # which pydantic tells
    known_facts = expectable()
    if field not in known_facts:
        if is_of_stand_in(field):
            return  # nobody knows which facts it has
        yield Problem(("field",), partial(_no_fact, field))
        return
    for operator in given:
        yield from _misfits(field, known_facts[field], operator, table[operator.value])


def _strangers(table: Mapping[str, object], environments: Sequence[str]) -> Iterator[Problem]:
    named = table.get("environments")
    for place, name in enumerate(named if isinstance(named, list) else []):
        if environments and isinstance(name, str) and name not in environments:
            yield Problem(
                ("environments", place), f"is not an environment of this file; {suggestion(name, environments)}"
            )


def _no_fact(field: str) -> str:
    """Say that there is no such fact, and which one may be meant: of that probe, where it is one."""
    known = list(expectable())
    of_probe = [each for each in known if each.startswith(f"{field.partition('.')[0]}.")]
    return f"is not a fact of any report; {suggestion(field, known if nearest(field, known) else of_probe or known)}"


def _misfits(field: str, known: Expectable, operator: Operator, value: object) -> Iterator[Problem]:
    fitting = FITTING[known.kind]
    if operator not in fitting:
        which = ", ".join(each.value for each in fitting)
        instead = f"; what fits is {which}" if which else ""
        yield Problem((operator.value,), f"does not fit {field}, which is {known.kind.value}{instead}")
        return
    if operator not in _OF_ANY_TYPE:
        return
    if operator is not Operator.ONE_OF:
        yield from _wrong_values((operator.value,), known, [value], is_list=False)
    elif isinstance(value, list):
        yield from _wrong_values((operator.value,), known, value, is_list=True)


def _wrong_values(
    path: tuple[str, ...], known: Expectable, values: Sequence[object], *, is_list: bool
) -> Iterator[Problem]:
    for place, value in enumerate(values):
        if (sentence := _wrong_value(known, value)) is not None:
            yield Problem((*path, place) if is_list else path, sentence)
    if is_list and len({repr(value) for value in values}) < len(values):
        yield Problem(path, "names one twice; keep one of the two")


def _wrong_value(known: Expectable, value: object) -> str | None:
    match known.kind:
        case Kind.TRUTH:
            is_right = isinstance(value, bool)
        case Kind.NUMBER:
            is_right = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        case Kind.DAY:
            is_right = isinstance(value, date) and not isinstance(value, datetime)
        case _:
            return _wrong_text(known, value)
    return None if is_right else _TYPES[known.kind]


def _wrong_text(known: Expectable, value: object) -> str | None:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return _TEXT
    if has_key_prefix(value):
        return _LOOKS_LIKE_KEY
    if known.words and value not in known.words:
        return f"is none of the words that this fact can be; {suggestion(value, known.words)}"
    return None


def _key(table: Mapping[str, object]) -> tuple[object, ...]:
    said = tuple((each.value, _in_order(table[each.value])) for each in Operator if each.value in table)
    return repr(table.get("field")), said, _in_order(table.get("environments"))


def _in_order(value: object) -> str:
    return repr(sorted(map(repr, value)) if isinstance(value, list) else value)
