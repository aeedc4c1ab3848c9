"""Facts of probes that this process does not know, as of a plug-in that is not loaded: shown, said, and not judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, Note, Notice, Why
from envcheck.evidence import StrangeFacts
from envcheck.judge.judgement import Judgement
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Scalar
    from envcheck.evidence import Check
    from envcheck.judge.columns import Column

_MOST_SHOWN: Final = 5
"""Members of a list that are shown; of others it is said how many they are."""


def unjudged(columns: Sequence[Column], probe: str) -> dict[tuple[str, str], Mapping[str, Judgement]]:
    """Give a row for each fact that a record has of such a probe, in which nothing is called the same."""
    checks = {column.name: column.check(probe) for column in columns}
    names = dict.fromkeys(name for check in checks.values() for name in _facts_of(check))
    return {(probe, name): {each: _shown(check, probe, name) for each, check in checks.items()} for name in names}


def notices_of_strangers(columns: Sequence[Column], probes: Sequence[str]) -> Iterator[Notice]:
    """Say once of each such probe that its facts were not judged."""
    for probe in probes:
        if any(_facts_of(column.check(probe)) for column in columns):
            yield Notice(environment=None, note=Note(why=Why.NO_PROBE, word=Redacted(probe)))


def _facts_of(check: Check | None) -> Mapping[str, object]:
    if check is None or not isinstance(check.facts, StrangeFacts):
        return {}
    return check.facts.model_extra or {}


def _shown(check: Check | None, probe: str, name: str) -> Judgement:
    if check is None:
        return Judgement(Cell(value=None, state=CellState.NOT_PROBED))
    facts = _facts_of(check)
    if name not in facts:
        return Judgement(Cell(value=None, state=CellState.INCOMPARABLE))
    note = Note(why=Why.NO_PROBE, word=Redacted(probe))
    return Judgement(Cell(value=_value(facts[name]), state=CellState.INCOMPARABLE, notes=(note,)))


def _value(fact: object) -> Scalar:
    match fact:
        case None:
            return Redacted("null")
        case bool() | int() | float():
            return fact
        case list():
            more = f" and {len(fact) - _MOST_SHOWN} more" if len(fact) > _MOST_SHOWN else ""
            return Redacted(", ".join(map(str, fact[:_MOST_SHOWN])) + more)
        case _:
            return Redacted(str(fact))
