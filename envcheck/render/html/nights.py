"""Many nights on a page: a strip with one square a night, and latencies over time with the nights they changed.

`Nights` is plain on purpose: whoever keeps a history fills it, and this room knows no history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.past import NightOutcome
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


class Square(NamedTuple):
    """One night."""

    x: int
    night: NightOutcome
    day: date


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
    bottom: int = _TOP + _HEIGHT
    width: int = _WIDTH
    left: int = _LEFT


def given(nights: Nights) -> dict[str, object]:
    """Give what the partial template draws."""
    return {
        "nights": nights,
        "kinds": list(NightOutcome),
        "strips": {name: squares(nights.days, strip) for name, strip in nights.strips.items()},
        "curves": [curve(nights.days, each) for each in nights.series],
    }


def squares(days: Sequence[date], strip: Sequence[NightOutcome]) -> list[Square]:
    """Give one for each night, from left to right."""
    return [Square(SQUARE * index, night, day) for index, (day, night) in enumerate(zip(days, strip, strict=True))]


def curve(days: Sequence[date], series: NightlySeries) -> Curve:
    """Draw one series over its days."""
    known = [each for each in series.medians_ms if each is not None]
    axis = Axis.over(known, _TOP + _HEIGHT, -_HEIGHT)
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(days) - 1)
    xs = [round(_LEFT + step * index, 1) for index in range(len(days))]
    line = dots = ""
    is_on = False
    for x, value in zip(xs, series.medians_ms, strict=True):
        if value is not None:
            line += f"{'L' if is_on else 'M'}{x:g} {axis.at(value):g}"
            dots += f"M{x:g} {axis.at(value):g}h0"
        is_on = value is not None
    changes = [(x, day) for x, day in zip(xs, days, strict=True) if day in series.changed]
    told = f" It changed on {', '.join(day.isoformat() for _, day in changes)}." if changes else ""
    said = f"From {milliseconds(known[0])} on the first night to {milliseconds(known[-1])} on the last.{told}"
    numbers = [
        (day, "no samples" if value is None else milliseconds(value))
        for day, value in zip(days, series.medians_ms, strict=True)
    ]
    return Curve(f"{series.environment} {series.field}", said, line, dots, axis.ticks(), changes, numbers)
