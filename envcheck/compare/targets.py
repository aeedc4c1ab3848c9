"""Candidates that point at their baseline; who does is decided in memory elsewhere, from what is stored nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState
from envcheck.judge.judgement import Judgement, Subject
from envcheck.redact import Redacted
from envcheck.rules import SAME_ENDPOINT, SAME_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from envcheck.compare.grid import Grid
    from envcheck.comparison import Twin
    from envcheck.judge.columns import Column
    from envcheck.policy import Policy
    from envcheck.rules import Rule

PROBE: Final = "target"
"""Not a probe, but the rows stand where a probe's do."""
_FIELDS: Final = {"endpoint": SAME_ENDPOINT, "key": SAME_KEY}
_SHARED: Final = Redacted("the baseline's")


def judge_targets(columns: Sequence[Column], twins: Collection[Twin], policy: Policy) -> Grid:
    """Make each twin a finding."""
    return {
        (PROBE, field): _judge_rule(
            columns, field, rule, {twin.environment for twin in twins if twin.rule == rule.name}, policy
        )
        for field, rule in _FIELDS.items()
    }


def _judge_rule(
    columns: Sequence[Column], field: str, rule: Rule, twins: Collection[str], policy: Policy
) -> dict[str, Judgement]:
    judgements: dict[str, Judgement] = {}
    for column in columns:
        subject = Subject(column.name, column.baseline, f"{PROBE}.{field}", 0, policy.severity)
        settled = frozenset({rule.name})
        if column.against is None or column.name not in twins or subject.is_off(rule):
            judgements[column.name] = Judgement(Cell(value=None, state=CellState.SAME), settled=settled)
            continue
        cell = Cell(value=_SHARED, state=CellState.DIFFERS)
        judgements[column.name] = Judgement(cell, (subject.finding(rule),), settled)
    return judgements
