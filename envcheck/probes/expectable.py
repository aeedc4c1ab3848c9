"""What can be expected of which fact: known from the registry of probes, so that it holds for a new probe's facts too.

A fact is of a kind by its annotation, and each kind has the operators that say something about it. A fact that is an
excerpt, a vector or a count of many things is of the kind `OTHER`, of which nothing can be expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import EnumType, StrEnum
from functools import cache
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Annotated, Final, NewType, TypeAlias, Union, get_args, get_origin

from envcheck.judge.duration import Duration
from envcheck.judge.members import Members
from envcheck.judge.outcome import FIELD as OUTCOME
from envcheck.judge.scalar import Scalar
from envcheck.judge.transport import FIELDS as OF_TRANSPORT
from envcheck.model import Outcome
from envcheck.policy import Operator
from envcheck.probes import PROBES
from envcheck.transport import TRANSPORT, TransportFacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.judge.field import Field
    from envcheck.record import Facts


class Kind(StrEnum):
    """What a fact is, as a sentence names it."""

    TRUTH = "true or false"
    NUMBER = "a number"
    DAY = "a date"
    WORD = "one of a few words"
    TEXT = "text"
    MEMBERS = "a list of names"
    DURATION = "a latency"
    OUTCOME = "how a probe ended"
    OTHER = "nothing that an expectation can be about"


_EQUALITY: Final = (Operator.EQUALS, Operator.NOT_EQUALS)
FITTING: Final[Mapping[Kind, tuple[Operator, ...]]] = MappingProxyType(
    {
        Kind.TRUTH: _EQUALITY,
        Kind.NUMBER: (*_EQUALITY, Operator.ONE_OF, Operator.AT_LEAST, Operator.AT_MOST, Operator.MATCHES),
        Kind.DAY: (*_EQUALITY, Operator.AT_LEAST_DAYS),
        Kind.WORD: (*_EQUALITY, Operator.ONE_OF, Operator.MATCHES),
        Kind.TEXT: (*_EQUALITY, Operator.ONE_OF, Operator.MATCHES),
        Kind.MEMBERS: (Operator.CONTAINS, Operator.EXCLUDES),
        Kind.DURATION: (Operator.AT_LEAST_MS, Operator.AT_MOST_MS),
        Kind.OUTCOME: (*_EQUALITY, Operator.ONE_OF),
        Kind.OTHER: (),
    }
)
_ENDS: Final = tuple(each.value for each in Outcome if each is not Outcome.SKIPPED)
"""What a probe that was sent comes to; of one that was skipped nobody can tell."""

Judge: TypeAlias = "Members | Scalar | Duration"


@dataclass(frozen=True, slots=True)
class Expectable:
    """A fact that a report names."""

    kind: Kind
    words: tuple[str, ...] = ()
    """The values that it can have, where these are a few words."""
    field: Judge | None = None
    """How environments are held against each other by it, which knows which of its values say little."""
    set_by: Members | None = None
    """The set that this fact is only about: how many it has, or whether it is there. It varies where the set does."""
    is_nullable: bool = False
    """Whether it can be null, which is what there is not, or nobody said."""


def expectable() -> Mapping[str, Expectable]:
    """Give every fact that can be named, by its full name, in the order of the registry."""
    return _expectable(tuple(PROBES))


@cache
def _expectable(_probes: tuple[str, ...]) -> Mapping[str, Expectable]:
    facts: dict[str, Expectable] = {}
    for name, probe in PROBES.items():
        facts[f"{name}.{OUTCOME}"] = Expectable(Kind.OUTCOME, _ENDS)
        facts |= {f"{name}.{fact}": each for fact, each in _of(probe.facts, probe.judged, all_are_whole=False)}
    # What it was reached over is listed whole; of a probe only what is judged as a set is.
    transport = _of(TransportFacts, OF_TRANSPORT, all_are_whole=True)
    return MappingProxyType(facts | {f"{TRANSPORT}.{fact}": each for fact, each in transport})


def _of(facts: type[Facts], judged: Sequence[Field], *, all_are_whole: bool) -> Iterator[tuple[str, Expectable]]:
    fields = {each.name: each for each in judged if isinstance(each, Members | Scalar | Duration)}
    sets = [each for each in judged if isinstance(each, Members)]
    set_by = {about: each for each in sets for about in (each.total, each.digest, each.presence) if about is not None}
    for name, info in facts.model_fields.items():
        annotation = _bare(info.annotation)
        field = fields.get(name)
        kind = _kind(annotation, is_whole=all_are_whole or isinstance(field, Members))
        words = annotation if isinstance(annotation, EnumType) else ()
        is_nullable = type(None) in get_args(info.annotation)
        yield name, Expectable(kind, tuple(map(str, words)), field, set_by.get(name), is_nullable)
    for name, field in fields.items():
        if isinstance(field, Duration):
            yield name, Expectable(Kind.DURATION, field=field)


def _bare(annotation: object) -> object:
    """Take off what says that a fact may be null, and what its values are limited to."""
    if isinstance(annotation, NewType):
        return _bare(annotation.__supertype__)
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        rest = [each for each in get_args(annotation) if each is not type(None)]
        return _bare(rest[0]) if len(rest) == 1 else annotation
    return annotation


def _kind(annotation: object, *, is_whole: bool) -> Kind:
    if get_origin(annotation) is tuple:
        member = _bare(get_args(annotation)[0])
        is_of_names = isinstance(member, type) and issubclass(member, str)
        return Kind.MEMBERS if is_of_names and is_whole else Kind.OTHER
    if not isinstance(annotation, type):
        return Kind.OTHER
    # A truth is a number to Python, and a word is text: the narrower one comes first.
    by_type = {
        bool: Kind.TRUTH,
        int: Kind.NUMBER,
        float: Kind.NUMBER,
        date: Kind.DAY,
        StrEnum: Kind.WORD,
        str: Kind.TEXT,
    }
    return next((kind for each, kind in by_type.items() if issubclass(annotation, each)), Kind.OTHER)
