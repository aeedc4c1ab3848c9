"""Many nights on a page: a strip with one square a night, and latencies over time with the nights they changed.

`Nights` is plain on purpose: whoever keeps a history fills it, and this room knows no history.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.past import NightOutcome, weeks_of
from envcheck.render.html.axis import Axis, Tick
from envcheck.render.words import milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_WIDTH: Final = 880
_LEFT: Final = 70
_RIGHT: Final = 20
_TOP: Final = 12
_HEIGHT: Final = 120
SQUARE: Final = 14
_MOST_IN_FULL: Final = 92
"""Nights up to which each has a dot and a row of the table; of more there is a row for each week."""
_SIGNS: Final = {
    NightOutcome.SAME: ("same", "7l2 3 4-6"),
    NightOutcome.DIFFERS: ("differs", "5h6m-6 4h6m-1-6l-4 8"),
    NightOutcome.FAILED: ("failed", "4l6 6m0-6l-6 6"),
    NightOutcome.NO_RUN: ("none", ""),
}
"""The style sheet's name of each, and the shape in its square, for colour alone tells nobody."""


@dataclass(frozen=True, slots=True)
class NightlySeries:
    """The medians of one latency of one environment."""

    environment: str
    field: str
    medians_ms: Sequence[float | None]
    """One for each day; None where there was no sample, which leaves a gap."""
    changed: Sequence[date] = ()
    """The first nights after a change."""

    def __post_init__(self) -> None:
        """Refuse a series of nothing, for there is nothing to draw."""
        if not any(each is not None for each in self.medians_ms):
            raise ValueError("a series has at least one night with samples")


@dataclass(frozen=True, slots=True)
class Nights:
    """What is drawn; everything has one entry for each day."""

    days: Sequence[date]
    """In order."""
    strips: Mapping[str, Sequence[NightOutcome]]
    """By environment."""
    series: Sequence[NightlySeries] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be lined up."""
        lengths = {len(each) for each in (*self.strips.values(), *(one.medians_ms for one in self.series))}
        if lengths - {len(self.days)}:
            raise ValueError("each strip and each series has one entry for every day")


class Squares(NamedTuple):
    """All nights of one strip that came out in one way."""

    kind: str
    """A name of the style sheet's."""
    boxes: str
    """A path with one square for each night."""
    signs: str
    """A path with the shape in each of them."""


class Stretch(NamedTuple):
    """Nights in a row that came out in one way."""

    first: date
    last: date
    nights: int
    outcome: str


class Curve(NamedTuple):
    """One latency over time."""

    title: str
    said: str
    line: str
    """A path with a gap where there are no samples."""
    dots: str
    ticks: Sequence[Tick]
    changes: Sequence[tuple[float, date]]
    numbers: Sequence[tuple[date, str]]
    of_each: str
    """What each of the numbers is the median of."""
    bottom: int = _TOP + _HEIGHT
    width: int = _WIDTH
    left: int = _LEFT


def given(nights: Nights) -> dict[str, object]:
    """Give what the partial template draws."""
    return {
        "nights": nights,
        "strips": {name: squares(strip) for name, strip in nights.strips.items()},
        "counts": {name: _counts(strip) for name, strip in nights.strips.items()},
        "stretches": [(name, *each) for name, strip in nights.strips.items() for each in stretches(nights.days, strip)],
        "curves": [curve(nights.days, each) for each in nights.series],
    }


def squares(strip: Sequence[NightOutcome]) -> list[Squares]:
    """Give the nights of a strip from left to right, by how they came out: a page of many nights has few elements."""
    drawn: list[Squares] = []
    for outcome, (kind, sign) in _SIGNS.items():
        lefts = [SQUARE * place for place, night in enumerate(strip) if night is outcome]
        if lefts:
            boxes = "".join(f"M{left + 1} 1h12v12h-12z" for left in lefts)
            drawn.append(Squares(kind, boxes, "".join(f"M{left + 4} {sign}" for left in lefts) if sign else ""))
    return drawn


def _counts(strip: Sequence[NightOutcome]) -> str:
    return ", ".join(f"{outcome.value}: {strip.count(outcome)}" for outcome in NightOutcome)


def stretches(days: Sequence[date], strip: Sequence[NightOutcome]) -> list[Stretch]:
    """Say what a strip shows, for who does not see it."""
    told: list[Stretch] = []
    for outcome, group in groupby(zip(days, strip, strict=True), lambda night: night[1]):
        of_it = [day for day, _ in group]
        told.append(Stretch(of_it[0], of_it[-1], len(of_it), outcome.value))
    return told


def curve(days: Sequence[date], series: NightlySeries) -> Curve:
    """Draw one series over its days."""
    known = [each for each in series.medians_ms if each is not None]
    axis = Axis.over(known, _TOP + _HEIGHT, -_HEIGHT)
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(days) - 1)
    xs = [round(_LEFT + step * index, 1) for index in range(len(days))]
    line = dots = ""
    medians = [None, *series.medians_ms, None]
    for x, before, value, after in zip(xs, medians, medians[1:], medians[2:], strict=False):
        if value is not None:
            point = f"{x:g} {axis.at(value):g}"
            line += f"{'M' if before is None else 'L'}{point}"
            # A night between two gaps is no line.
            if len(days) <= _MOST_IN_FULL or before is after is None:
                dots += f"M{point}h0"
    changes = [(x, day) for x, day in zip(xs, days, strict=True) if day in series.changed]
    told = f" It changed on {', '.join(day.isoformat() for _, day in changes)}." if changes else ""
    said = f"From {milliseconds(known[0])} on the first night to {milliseconds(known[-1])} on the last.{told}"
    nights = list(zip(days, series.medians_ms, strict=True))
    rows = nights if len(days) <= _MOST_IN_FULL else [(week.monday, week.median_ms) for week in weeks_of(nights, ())]
    numbers = [(day, "no samples" if value is None else milliseconds(value)) for day, value in rows]
    of_each = "night" if rows is nights else "week from"
    title = f"{series.environment} {series.field}"
    return Curve(title, said, line, dots, axis.ticks(), changes, numbers, of_each)
