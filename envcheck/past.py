"""The nouns of a history that is looked back on: what changed of an environment, what failed, how long it took.

`history` fills them and `render` says them, and neither knows the other. A day is the one of the run, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from envcheck.judge.trend import Change, Nights
    from envcheck.record import FailureName
    from envcheck.redact import Redacted

_A_WEEK: Final = timedelta(days=7)

Fact: TypeAlias = "bool | int | float | Redacted | tuple[Redacted, ...] | None"
"""One value, or a set of them."""


class NightOutcome(Enum):
    """How an environment came out of one night; of several runs in a day the worst counts."""

    SAME = "same"
    DIFFERS = "differs"
    FAILED = "failed"
    NO_RUN = "no run"


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact that became another one."""

    day: date
    """Of the first run that saw the new value."""
    field: str
    """Probe and fact, such as `models.model_ids`."""
    before: Fact
    after: Fact

    @property
    def removed(self) -> tuple[Redacted, ...]:
        """Give the members that a set lost, sorted; nothing where it is no set on both sides."""
        return _members_without(self.before, self.after)

    @property
    def added(self) -> tuple[Redacted, ...]:
        """Give the members that a set gained."""
        return _members_without(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Outage:
    """Runs in a row in which probes failed."""

    since: date
    last: date
    """Of the last run that failed."""
    nights: int
    """Days with a run that failed."""
    is_over: bool
    """Whether a later run passed."""
    probes: tuple[str, ...]
    failures: tuple[FailureName, ...]
    """The classes, in the order in which they were first met."""


class Week(NamedTuple):
    """Seven days of a latency, from a Monday on."""

    monday: date
    median_ms: float | None
    """Of the nights' medians; None where there is none."""
    changed: bool
    """Whether it became another one in the course of it."""


@dataclass(frozen=True, slots=True)
class LatencyPast:
    """One latency of an environment over its nights, and where it changed."""

    nights: Nights
    changes: tuple[Change, ...]

    @property
    def field(self) -> str:
        """Give its name, such as `chat.latency`."""
        return f"{self.nights.probe}.{self.nights.series}"

    def weeks(self) -> list[Week]:
        """Give each week from the first night to the last, in order."""
        return weeks_of(self.nights.nights, [change.since for change in self.changes])


@dataclass(frozen=True, slots=True)
class EnvironmentPast:
    """What is known of one environment."""

    environment: str
    outcomes: tuple[NightOutcome, ...]
    """One for each day of the past that it is part of."""
    changes: tuple[FactChange, ...] = ()
    """In the order of their days."""
    outages: tuple[Outage, ...] = ()
    """The same."""
    latencies: tuple[LatencyPast, ...] = ()
    """Of each series with at least one night."""


@dataclass(frozen=True, slots=True)
class Past:
    """What a history says of some environments."""

    days: tuple[date, ...]
    """Every day from the first one to the last, with a run or without."""
    environments: tuple[EnvironmentPast, ...]


def weeks_of(nights: Sequence[tuple[date, float | None]], changed: Sequence[date]) -> list[Week]:
    """Give each week from the first night's to the last one's; the nights, of which there is one, are in order."""
    changed_in = {_monday(day) for day in changed}
    by_monday = {monday: _median(list(of_week)) for monday, of_week in groupby(nights, lambda night: _monday(night[0]))}
    first, last = min(by_monday), max(by_monday)
    mondays = [first + number * _A_WEEK for number in range((last - first) // _A_WEEK + 1)]
    return [Week(monday, by_monday.get(monday), monday in changed_in) for monday in mondays]


def _members_without(those: Fact, others: Fact) -> tuple[Redacted, ...]:
    if not isinstance(those, tuple) or not isinstance(others, tuple):
        return ()
    return tuple(sorted(set(those).difference(others)))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _median(nights: Sequence[tuple[date, float | None]]) -> float | None:
    known = [median_ms for _, median_ms in nights if median_ms is not None]
    return median(known) if known else None
