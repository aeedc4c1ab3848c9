"""A past as JSON, for scripts: the same things as the text, and every night of each latency."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from envcheck.past import NightOutcome
from envcheck.render.escape import for_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from envcheck.past import EnvironmentPast, FactChange, LatencyPast, Outage, Past

SCHEMA_VERSION: Final = "envcheck.history/1"
"""Within it members are only added."""


def document_of(past: Past) -> str:
    """Give the JSON document, with a newline at its end; times are in milliseconds, days are ISO 8601."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "since": past.days[0].isoformat() if past.days else None,
        "until": past.days[-1].isoformat() if past.days else None,
        "environments": [_of_one(past.days, each) for each in past.environments],
    }
    return for_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _of_one(days: Sequence[date], one: EnvironmentPast) -> Mapping[str, object]:
    return {
        "environment": one.environment,
        "nights": [
            {"day": day.isoformat(), "outcome": outcome.value}
            for day, outcome in zip(days, one.outcomes, strict=True)
            if outcome is not NightOutcome.NO_RUN
        ],
        "changes": [_change(each) for each in one.changes],
        "outages": [_outage(each) for each in one.outages],
        "latencies": [_latency(each) for each in one.latencies],
    }


def _change(change: FactChange) -> Mapping[str, object]:
    return {
        "day": change.day.isoformat(),
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "removed": change.removed,
        "added": change.added,
    }


def _outage(outage: Outage) -> Mapping[str, object]:
    return {
        "since": outage.since.isoformat(),
        "last": outage.last.isoformat(),
        "nights": outage.nights,
        "is_over": outage.is_over,
        "probes": outage.probes,
        "failures": outage.failures,
    }


def _latency(latency: LatencyPast) -> Mapping[str, object]:
    return {
        "field": latency.field,
        "changes": [
            {
                "since": each.since.isoformat(),
                "before_ms": each.before_ms,
                "after_ms": each.after_ms,
                "ratio": each.ratio,
                "nights_before": each.nights_before,
                "nights": each.nights,
                "p": each.p,
            }
            for each in latency.changes
        ],
        "weeks": [{"monday": each.monday.isoformat(), "median_ms": each.median_ms} for each in latency.weeks()],
        "nights": [
            {"day": each.day.isoformat(), "median_ms": each.median_ms}
            for each in latency.nights.nights
            if each.median_ms is not None
        ],
    }
