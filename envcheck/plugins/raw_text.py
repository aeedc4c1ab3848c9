"""Which facts of a plug-in's could hold a server's text as it came: those are refused before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Final, Literal, NewType, Union, get_args, get_origin

from pydantic import BaseModel

from envcheck.redact import SafeText

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAFE: Final = (bool, int, float, date, datetime, NoneType)
_REDACTS: Final = SafeText.__metadata__[0]  # type: ignore[attr-defined]  # of `Annotated`
"""What makes text safe when a record is read."""
_OF_MANY: Final = (tuple, frozenset, Mapping, Union, UnionType)
"""What is safe where all of its members are; a list or a dict could be changed after it was read."""


def raw_texts(facts: type[BaseModel]) -> Iterator[str]:
    """Name the fields that are not typed as safe: text that is no `SafeText`, and whatever may be anything.

    What is computed or serialized goes into a record after the redactor has seen its fields, and by no field's type.
    """
    for name, info in facts.model_fields.items():
        if not (_REDACTS in info.metadata or _is_safe(info.annotation)):
            yield name
    if facts.model_config.get("extra") == "allow":
        yield "whatever else it is given"
    own = facts.__pydantic_decorators__
    if own.computed_fields or own.field_serializers or own.model_serializers:
        yield "what it computes or serializes by itself"


def _is_safe(kind: object) -> bool:
    origin = get_origin(kind)
    if origin is Annotated:
        return _REDACTS in get_args(kind)[1:] or _is_safe(get_args(kind)[0])
    if origin is Literal:
        return True
    if origin in _OF_MANY:
        return all(_is_safe(each) for each in get_args(kind) if each is not Ellipsis)
    if isinstance(kind, NewType) or not isinstance(kind, type):
        return False
    if issubclass(kind, BaseModel):
        return not any(raw_texts(kind))
    return issubclass(kind, Enum) or kind in _SAFE
