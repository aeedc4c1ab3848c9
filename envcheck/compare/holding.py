"""Whether a single value is as an `[[expect]]` says, or why nobody can tell."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Why
from envcheck.judge.hidden import is_hidden, may_be_one
from envcheck.judge.scalar import Scalar
from envcheck.policy import Operator
from envcheck.probes.expectable import Kind

if TYPE_CHECKING:
    from envcheck.policy import Expect
    from envcheck.probes.expectable import Expectable

LONGEST_MATCHED: Final = 200
"""Characters of a value that a pattern is tried on, so that no value of a server's can take its time."""
_NULL: Final = "null"


def value_of(spelled: str, known: Expectable) -> object:
    """Give the value that evidence spells, as it does where a fact took several; None for null, and for nonsense."""
    if spelled == _NULL and known.is_nullable and spelled not in known.words:
        return None
    try:
        match known.kind:
            case Kind.TRUTH:
                return {"True": True, "False": False}.get(spelled)
            case Kind.NUMBER:
                return float(spelled) if "." in spelled else int(spelled)
            case Kind.DAY:
                return date.fromisoformat(spelled)
            case _:
                return spelled
    except ValueError:  # a saved record that somebody edited
        return None


def holds(expect: Expect, value: object, known: Expectable, since: date) -> bool | Why:
    """Tell whether a value is as it is expected to be; `since` is the day that days are counted from."""
    if value is None:
        return Why.NOT_SAID
    match expect.operator:
        case Operator.EQUALS | Operator.ONE_OF:
            return _is_one_of(expect, value, known)
        case Operator.NOT_EQUALS:
            is_one = _is_one_of(expect, value, known)
            return is_one if isinstance(is_one, Why) else not is_one
        case Operator.MATCHES:
            return _matches(str(expect.operands[0]), value, known)
        case _:
            return _is_within(expect, (value - since).days if isinstance(value, date) else value)


def _is_within(expect: Expect, value: object) -> bool:
    bound = number_of(expect.operands[0])
    return number_of(value) <= bound if expect.operator is Operator.AT_MOST else number_of(value) >= bound


def number_of(value: object) -> float:
    """Give what can be held against a bound; nothing is above or below what is no number."""
    return float(value) if isinstance(value, int | float) else float("nan")


def _is_one_of(expect: Expect, value: object, known: Expectable) -> bool | Why:
    if not isinstance(value, str):
        return value in expect.operands
    if is_hidden(value):
        return Why.REDACTED if any(may_be_one(value, str(each)) for each in expect.operands) else False
    if value in expect.operands:
        return True
    field = known.field if isinstance(known.field, Scalar) else None
    if field is None:
        return False
    if value in field.says_nothing:
        return Why.SAYS_TOO_LITTLE
    stands_for_it = value == field.stands_for_others and not field.always_shown.issuperset(map(str, expect.operands))
    return Why.SAYS_TOO_LITTLE if stands_for_it else False


def _matches(pattern: str, value: object, known: Expectable) -> bool | Why:
    text = str(value)
    if is_hidden(text):
        return Why.REDACTED
    if len(text) > LONGEST_MATCHED:
        return Why.TOO_LONG
    if re.fullmatch(pattern, text) is not None:
        return True
    field = known.field if isinstance(known.field, Scalar) else None
    says_little = field is not None and (text == field.stands_for_others or text in field.says_nothing)
    return Why.SAYS_TOO_LITTLE if says_little else False
