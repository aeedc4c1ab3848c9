"""The night in hand beside those that a history has: a change is told in the night in which it is first seen."""

from __future__ import annotations

from datetime import UTC
from statistics import median
from typing import TYPE_CHECKING, TypeAlias

from envcheck.history.medians import medians_of
from envcheck.judge.trend import Night, Nights
from envcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from envcheck.evidence import Evidence
    from envcheck.history.file import History
    from envcheck.history.medians import Median

    Asked: TypeAlias = Mapping[tuple[str, str], bytes]
    """By environment and field, what was asked when the field was last measured."""

_LAST = (
    "SELECT field, asked, max(day) FROM day_latencies WHERE environment = ? GROUP BY field",
    "SELECT field, asked, max(run) FROM latencies WHERE environment = ? GROUP BY field",
)


def asked_last(history: History, environments: Collection[str]) -> Asked:
    """Give what was asked last of each latency of these environments.

    Raises:
        sqlite3.Error: the history is damaged.

    """
    return {
        (name, field): asked
        for name in environments
        for query in _LAST  # whole runs are later than summaries, and so go before them
        for field, asked, _ in history.connection.execute(query, (name,))
    }


def with_tonight(nights: Sequence[Nights], asked: Asked, evidences: Sequence[Evidence]) -> list[Nights]:
    """Add a run's own medians to the nights before it; one that cannot be held together with them begins anew.

    Another run of the same day and this one are one night, of the median of both.
    """
    series = {(each.environment, f"{each.probe}.{each.series}"): each for each in nights}
    for evidence in evidences:
        for check in evidence.checks:
            for found in medians_of(evidence, check) if check.outcome is Outcome.PASS else ():
                place = (evidence.environment, found.field)
                before = series[place].nights if place in series and asked.get(place) == found.asked else ()
                series[place] = _one_more(evidence, found, before)
    return list(series.values())


def _one_more(evidence: Evidence, found: Median, before: Sequence[Night]) -> Nights:
    day = evidence.generated_at.astimezone(UTC).date()
    of_day = [night.median_ms for night in before if night.day == day and night.median_ms is not None]
    probe, _, name = found.field.partition(".")
    tonight = Night(day, median([*of_day, found.median_ms]))
    return Nights(evidence.environment, probe, name, (*(night for night in before if night.day != day), tonight))
