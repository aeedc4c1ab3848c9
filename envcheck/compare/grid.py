"""Every judgement of a comparison, by probe and field and environment, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, assert_never

from envcheck.comparison import Cell, CellState
from envcheck.judge.columns import probes_of
from envcheck.judge.findings import Judgement, Subject
from envcheck.judge.latency import judge_latencies
from envcheck.judge.outcome import judge_outcome, unpaired
from envcheck.judge.scalars import judge_scalar, scalar_alone
from envcheck.judge.sets import judge_set, set_alone
from envcheck.judge.wording import phrase
from envcheck.model import Outcome
from envcheck.probes import PROBES
from envcheck.probes.base import ScalarField, SetField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from envcheck.evidence import Check
    from envcheck.judge.columns import Column, Pair
    from envcheck.judge.latency import Doubt
    from envcheck.judge.wording import Manner
    from envcheck.policy import Policy
    from envcheck.probes.base import Field

Grid: TypeAlias = "dict[tuple[str, str], Mapping[str, Judgement]]"
"""Probe and field, then environment."""


def judge(columns: Sequence[Column], policy: Policy, manner: Manner, doubt_of: Callable[[Pair], Doubt | None]) -> Grid:
    """Judge every field of every probe in every environment."""
    grid: Grid = {}
    for probe in probes_of(columns):
        grid[probe, "outcome"] = {column.name: judge_outcome(column, probe, policy, manner) for column in columns}
        for field in PROBES[probe].FIELDS if probe in PROBES else ():
            grid[probe, field.name] = {
                column.name: _judge_field(column, probe, field, policy, manner) for column in columns
            }
        grid[probe, "latency"] = judge_latencies(columns, probe, policy, manner, doubt_of)
    return grid


def _judge_field(column: Column, probe: str, field: Field, policy: Policy, manner: Manner) -> Judgement:
    pair = column.pair(probe)
    if pair is None:
        check = column.check(probe)
        own = None if check is None or check.outcome is Outcome.FAIL else _alone(field, check)
        return Judgement(unpaired(column, probe, own, manner))
    if not (_has_facts(pair.before) and _has_facts(pair.after)):
        return Judgement(_without_facts(_alone(field, pair.after)))
    n = max(1, pair.after.latency.samples)
    subject = Subject(column.name, column.baseline, f"{probe}.{field.name}", n, policy.severity)
    match field:
        case ScalarField():
            return judge_scalar(field, subject, *pair, manner)
        case SetField():
            return judge_set(field, subject, *pair, manner)
        case _ as never:
            assert_never(never)


def _alone(field: Field, check: Check) -> Cell:
    if not _has_facts(check):
        return _without_facts(Cell(value=None, state=CellState.INCOMPARABLE))
    match field:
        case ScalarField():
            return scalar_alone(field, check)
        case SetField():
            return set_alone(field, check)
        case _ as never:
            assert_never(never)


def _without_facts(own: Cell) -> Cell:
    reason = phrase("a record that passed holds no facts")
    return own.model_copy(update={"state": CellState.INCOMPARABLE, "detail": (reason,)})


def _has_facts(check: Check) -> bool:
    """Tell whether the facts are there: a saved record that was edited may hold none."""
    return isinstance(check.facts, PROBES[check.probe].FACTS)
