"""The latencies of a page: for each measure every environment's samples on one axis, and the numbers for a table."""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.evidence import TOTAL
from envcheck.render.html.axis import Axis, Tick
from envcheck.render.words import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.evidence import Evidence

WIDTH: Final = 880
_NAMES: Final = 200
"""Units for the names at the left."""
_RIGHT: Final = 40
_TOP: Final = 8
_ROW: Final = 26
_BELOW: Final = 26
_LONGEST_NAME: Final = 26


class Samples(NamedTuple):
    """One environment's, in milliseconds."""

    environment: str
    values: Sequence[float]

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """Give what a quarter, half and three quarters lie below, as `statistics` interpolates them."""
        if len(self.values) == 1:
            return (self.values[0],) * 3
        low, middle, high = quantiles(self.values, n=4, method="inclusive")
        return low, middle, high

    @property
    def numbers(self) -> list[str]:
        """Say what the drawing shows: how many, the median, the quartiles, the ends."""
        low, middle, high = self.quartiles
        return [str(len(self.values)), *map(milliseconds, (middle, low, high, min(self.values), max(self.values)))]


class Strip(NamedTuple):
    """One environment's row of a drawing."""

    label: str
    y: float
    dots: str
    """A path of points: each is a line without length, with round ends."""
    box_x: float
    box_width: float
    median_x: float


class Plot(NamedTuple):
    """One measure of one probe."""

    title: str
    said: str
    """What can be seen, for who does not see it."""
    height: int
    axis_y: int
    ticks: Sequence[Tick]
    strips: Sequence[Strip]
    samples: Sequence[Samples]


def plots_of(evidences: Sequence[Evidence]) -> list[Plot]:
    """Give a drawing for each measure of which there are samples, in the order of the probes."""
    return [_plot(title, samples) for title, samples in _by_measure(evidences).items()]


def _by_measure(evidences: Sequence[Evidence]) -> dict[str, list[Samples]]:
    found: dict[str, list[Samples]] = {}
    for evidence in evidences:
        for title, values in _measures(evidence):
            if values:
                found.setdefault(title, []).append(Samples(evidence.environment, values))
    return found


def _measures(evidence: Evidence) -> Iterator[tuple[str, Sequence[float]]]:
    for check in evidence.checks:
        for name in (TOTAL, *check.latency.measured):
            series = check.latency.series(name)
            title = f"{check.probe}.latency" if name == TOTAL else f"{check.probe}.{name}"
            yield title, (*series.first_ms, *series.second_ms)


def _plot(title: str, samples: Sequence[Samples]) -> Plot:
    axis = Axis.over((value for each in samples for value in each.values), _NAMES, WIDTH - _NAMES - _RIGHT)
    bottom = _TOP + _ROW * len(samples)
    medians = sorted((median(each.values), each.environment) for each in samples)
    (fastest, first), (slowest, last) = medians[0], medians[-1]
    ends = f"from {milliseconds(fastest)} ({first}) to {milliseconds(slowest)} ({last})"
    said = f"Medians {ends}." if len(samples) > 1 else f"Median {milliseconds(fastest)}."
    strips = [_strip(each, axis, _TOP + _ROW * (index + 0.5)) for index, each in enumerate(samples)]
    return Plot(title, said, bottom + _BELOW, bottom, axis.ticks(), strips, samples)


def _strip(samples: Samples, axis: Axis, y: float) -> Strip:
    low, middle, high = samples.quartiles
    name = samples.environment
    label = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    dots = "".join(f"M{axis.at(value):g} {y:g}h0" for value in samples.values)
    return Strip(label, y, dots, axis.at(low), round(axis.at(high) - axis.at(low), 1), axis.at(middle))
