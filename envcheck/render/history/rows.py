"""A past as one flat table of comma-separated values, for spreadsheets: a row for each thing that happened."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.render.escape import for_terminal
from envcheck.render.words import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.past import EnvironmentPast, Fact, FactChange, LatencyPast, Outage, Past

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for a formula: https://owasp.org/www-community/attacks/CSV_Injection."""


class Row(NamedTuple):
    """One thing that happened; what it has not is empty."""

    environment: str
    kind: str
    """`fact`, `outage`, `night` (a latency's median, in milliseconds) or `change` (of a latency)."""
    field: str
    day: str
    until: str = ""
    """The last day of an outage that is over."""
    nights: str = ""
    before: str = ""
    after: str = ""
    removed: str = ""
    added: str = ""


def csv_of(past: Past) -> str:
    """Give the table with its heads; members of a set are parted by blanks, and numbers are as JSON has them."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    for one in past.environments:
        writer.writerows(map(_harmless, row) for row in _rows(one))
    return text.getvalue()


def _rows(one: EnvironmentPast) -> Iterator[Row]:
    yield from (_of_fact(one.environment, each) for each in one.changes)
    for outage in one.outages:
        yield from _of_outage(one.environment, outage)
    for latency in one.latencies:
        yield from _of_latency(one.environment, latency)


def _of_fact(environment: str, change: FactChange) -> Row:
    day, field = change.day.isoformat(), change.field
    if change.removed or change.added:
        return Row(environment, "fact", field, day, removed=_said(change.removed), added=_said(change.added))
    return Row(environment, "fact", field, day, before=_said(change.before), after=_said(change.after))


def _of_outage(environment: str, outage: Outage) -> Iterator[Row]:
    until = outage.last.isoformat() if outage.is_over else ""
    for probe in outage.probes:
        yield Row(
            environment,
            "outage",
            f"{probe}.outcome",
            outage.since.isoformat(),
            until,
            str(outage.nights),
            after=" ".join(outage.failures),
        )


def _of_latency(environment: str, latency: LatencyPast) -> Iterator[Row]:
    for each in latency.changes:
        yield Row(
            environment,
            "change",
            latency.field,
            each.since.isoformat(),
            nights=str(each.nights),
            before=str(each.before_ms),
            after=str(each.after_ms),
        )
    for night in latency.nights.nights:
        if night.median_ms is not None:
            yield Row(environment, "night", latency.field, night.day.isoformat(), after=str(night.median_ms))


def _said(fact: Fact) -> str:
    members: Sequence[str] = fact if isinstance(fact, tuple) else (value_in_words(fact),)
    return " ".join(members)


def _harmless(value: str) -> str:
    """Give a value that no terminal and no spreadsheet acts on; an apostrophe before it makes it text."""
    shown = for_terminal(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
