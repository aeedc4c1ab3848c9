"""The page of many nights: the strip of each environment, what changed, what failed, and the latencies over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render.history.facts import fact_in_words
from envcheck.render.history.text import outage_days
from envcheck.render.html.nights import NightlySeries, Nights, given
from envcheck.render.html.templating import page
from envcheck.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.past import EnvironmentPast, Past


def past_page(past: Past) -> str:
    """Give the page, with a newline at its end; the past has a day at least."""
    return page(
        "nights.html",
        title="envcheck: nights",
        changes=[
            (one.environment, each.day.isoformat(), each.field, fact_in_words(each))
            for one in past.environments
            for each in one.changes
        ],
        outages=[
            (
                one.environment,
                outage_days(each),
                counted(each.nights, "night"),
                *map(", ".join, (each.failures, each.probes)),
            )
            for one in past.environments
            for each in one.outages
        ],
        **given(nights_of(past)),
    )


def nights_of(past: Past) -> Nights:
    """Give what is drawn of a past."""
    return Nights(
        past.days,
        {one.environment: one.outcomes for one in past.environments},
        [series for one in past.environments for series in _series(past, one)],
    )


def _series(past: Past, one: EnvironmentPast) -> Iterator[NightlySeries]:
    for latency in one.latencies:
        by_day = {night.day: night.median_ms for night in latency.nights.nights}
        medians = [by_day.get(day) for day in past.days]
        if any(each is not None for each in medians):
            changed = [change.since for change in latency.changes]
            yield NightlySeries(one.environment, latency.field, medians, changed)
