"""Every judgement of a comparison, by probe and field and environment, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from envcheck.compare.strange import unjudged
from envcheck.comparison import Cell, CellState, Note, Why
from envcheck.judge.columns import evidences_of
from envcheck.judge.context import Chance, Context
from envcheck.judge.judgement import Judgement
from envcheck.judge.outcome import FIELD as OUTCOME
from envcheck.judge.outcome import judge_outcomes
from envcheck.judge.stats import holm, mann_whitney_u
from envcheck.judge.transport import FIELDS as OF_TRANSPORT
from envcheck.probes import PROBES, known_probe
from envcheck.transport import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from envcheck.judge.columns import Column
    from envcheck.judge.context import Question
    from envcheck.judge.field import Field
    from envcheck.judge.names import Names
    from envcheck.policy import Policy

Grid: TypeAlias = "dict[tuple[str, str], Mapping[str, Judgement]]"
"""Probe and field, then environment."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What all probes' contexts have in common."""

    policy: Policy
    today: date
    shows_earlier: bool = False
    side_by_side: bool = True
    names: Mapping[str, Mapping[str, Names]] | None = None

    def of(self, probe: str) -> Context:
        """Give the context of one probe."""
        return Context(
            probe, self.policy, self.today, self.shows_earlier, side_by_side=self.side_by_side, names=self.names
        )


def judge(columns: Sequence[Column], circumstances: Circumstances) -> Grid:
    """Judge every field of every probe in every environment."""
    contexts = {probe: circumstances.of(probe) for probe in probes_of(columns)}
    chances = _answered([question for probe in contexts.values() for question in _questions(columns, probe)])
    grid: Grid = {}
    for probe, context in contexts.items():
        knowing = replace(context, chances=chances)
        grid[probe, OUTCOME] = judge_outcomes(columns, knowing)
        for field in _fields(probe):
            grid[probe, field.name] = _judged(field, columns, knowing)
        if known_probe(probe) is None:
            grid |= unjudged(columns, probe)
    for field in OF_TRANSPORT:
        grid[TRANSPORT, field.name] = field.judge(columns, circumstances.of(TRANSPORT))
    return grid


def _judged(field: Field, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
    """Judge one field; one of a plug-in that says wrong things of its facts is no reason to judge nothing at all."""
    try:
        return field.judge(columns, context)
    except Exception:
        if PROBES[context.probe].plugin is None:
            raise
        cell = Cell(value=None, state=CellState.UNDECIDED, notes=(Note(why=Why.PLUGIN_BROKE),))
        return {column.name: Judgement(cell) for column in columns}


def probes_of(columns: Sequence[Column]) -> list[str]:
    """Name the probes that any record has a check of, in the order of the registry."""
    found = {check.probe for evidence in evidences_of(columns) for check in evidence.checks}
    return [*(name for name in PROBES if name in found), *sorted(found.difference(PROBES))]


def _fields(probe: str) -> Sequence[Field]:
    known = known_probe(probe)
    return () if known is None else known.judged


def _questions(columns: Sequence[Column], context: Context) -> Iterator[Question]:
    for field in _fields(context.probe):
        yield from field.questions(columns, context)


def _answered(questions: Sequence[Question]) -> dict[tuple[str, str], Chance]:
    """Answer all questions of a comparison together, so that one false alarm among all of them stays as unlikely."""
    p_values = holm([mann_whitney_u(question.before, question.after) for question in questions])
    return {
        (question.environment, question.field): Chance(p, len(questions))
        for question, p in zip(questions, p_values, strict=True)
    }
