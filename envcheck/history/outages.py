"""Failures that hang together: of each probe the runs in a row that failed, and probes that failed together as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from envcheck.model import Outcome
from envcheck.past import Outage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from envcheck.record import FailureName


class Checked(NamedTuple):
    """How a probe ended in one run."""

    probe: str
    day: date
    outcome: Outcome
    failure: FailureName | None


@dataclass(slots=True)
class _Streak:
    """Runs of one probe that failed, and none between them that passed."""

    days: list[date] = field(default_factory=list)
    failures: dict[FailureName, None] = field(default_factory=dict)
    is_over: bool = False


def outages_of(checks: Iterable[Checked]) -> list[Outage]:
    """Give the outages of one environment, by their first day; its checks come in the order of their runs.

    A probe that was skipped or not asked says nothing: what failed before and fails after is one outage.
    """
    ordered = sorted(checks, key=lambda each: each.probe)
    together: dict[tuple[object, ...], Outage] = {}
    for probe, of_probe in groupby(ordered, lambda each: each.probe):
        for streak in _streaks(of_probe):
            days = sorted(set(streak.days))
            known_by = (days[0], days[-1], len(days), streak.is_over, *streak.failures)
            outage = together.get(known_by)
            probes = (*(outage.probes if outage else ()), probe)
            together[known_by] = Outage(days[0], days[-1], len(days), streak.is_over, probes, tuple(streak.failures))
    return sorted(together.values(), key=lambda each: (each.since, each.last))


def _streaks(checks: Iterable[Checked]) -> Iterator[_Streak]:
    """Yield the streaks of one probe."""
    streak = _Streak()
    for each in checks:
        if each.outcome is Outcome.FAIL:
            streak.days.append(each.day)
            if each.failure is not None:
                streak.failures[each.failure] = None
        elif each.outcome is not Outcome.SKIPPED and streak.days:
            streak.is_over = True
            yield streak
            streak = _Streak()
    if streak.days:
        yield streak
