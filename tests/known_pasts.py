"""What a history knows of the past, found again the long way: from every comparison that there was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.compare.nightly_outages import down_in
from envcheck.comparison import STOOD_OPEN, FindingState
from envcheck.comparison.news import WINDOW, Changing, Known, Lately, Weight, key_of
from envcheck.rules import PROBE_FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from envcheck.comparison import Comparison


def past_from(runs: Sequence[Comparison]) -> Known:
    """Give the past of the run after these, the last of which stands last; the day of each is that of its record."""
    names = dict.fromkeys(name for run in runs for name in run.environments)
    days = [run.generated_at.date() for run in runs]
    stood = [
        (each, day)
        for run, day in zip(runs, days, strict=True)
        for each in run.findings
        if each.state in STOOD_OPEN and not each.is_a_change
    ]
    return Known(
        last={name: day for run, day in zip(runs, days, strict=True) for name in run.environments},
        seen={key_of(each): day for each, day in stood},
        weighed={key_of(each): Weight(each.severity, each.counted) for each, _ in stood},
        lately={name: _lately(name, runs) for name in names},
        changing={key: each for name in names for key, each in _changing(name, runs).items()},
    )


def _lately(name: str, runs: Sequence[Comparison]) -> Lately:
    looked = [(run.generated_at.date(), name in down_in(run)) for run in reversed(runs) if name in run.environments]
    lasting: list[date] = []
    for day, is_down in looked:
        if not is_down:
            break
        lasting.append(day)
    was_down = tuple(is_down for _, is_down in looked)[: WINDOW + 1]
    return Lately(was_down, min(lasting), len(set(lasting))) if lasting else Lately(was_down)


def _changing(name: str, runs: Sequence[Comparison]) -> dict[tuple[str, str], Changing]:
    judged = [run for run in reversed(runs) if name in run.environments and not _is_whole(name, run)]
    found: dict[tuple[str, str], Changing] = {}
    for ago, run in enumerate(judged[:WINDOW], start=1):
        for each in run.findings:
            if each.environment != name or each.rule == PROBE_FAILED.name or each.is_undecided:
                continue
            if each.state in {FindingState.NEW, FindingState.ABSENT}:
                key = key_of(each)
                is_there = each.actual is not None if each.is_a_change else each.state is FindingState.NEW
                known = found.get(key, Changing(name, each.rule, each.field, each.value, (), is_there))
                found[key] = known._replace(ago=(*known.ago, ago))
    return found


def _is_whole(name: str, run: Comparison) -> bool:
    down = down_in(run).get(name)
    return down is not None and down.is_whole
