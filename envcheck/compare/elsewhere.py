"""One environment held against itself elsewhere, by what it is alone: how long it takes is another matter there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from envcheck.compare.grid import Circumstances, judge
from envcheck.probes import rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from envcheck.compare.grid import Grid
    from envcheck.judge.columns import Column
    from envcheck.judge.judgement import Judgement
    from envcheck.policy import Policy


def facts_apart(columns: Sequence[Column], policy: Policy, today: date) -> Grid:
    """Judge the facts of environments against those of the same ones elsewhere, which each column is held against.

    Latencies are shown and never judged, for they were not taken side by side. What an environment is found by whatever
    it is held against, as a failed probe, is left to the comparison with its baseline.
    """
    grid = judge(columns, Circumstances(policy, today, side_by_side=False))
    of_itself = frozenset(name for name, rule in rules().items() if rule.of_itself)
    return {
        place: {name: _without(of_itself, judgement) for name, judgement in row.items()} for place, row in grid.items()
    }


def _without(of_itself: frozenset[str], judgement: Judgement) -> Judgement:
    return replace(judgement, findings=tuple(each for each in judgement.findings if each.rule not in of_itself))
