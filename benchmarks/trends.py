"""How often a latency is called slower that is not, and one that is found: `python -m benchmarks.trends`.

Series of nights are drawn from several kinds of noise, with and without a step, and judged by the product's own code:
at once, as somebody sees a history of 60 nights, and night by night over a year, as a cron job does.
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from envcheck.compare.trends import judge_nights
from envcheck.judge.trend import Night, Nights, changes
from envcheck.policy import Policy
from envcheck.rules import TREND_SLOWER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from envcheck.comparison import Finding

MEDIAN_MS: Final = 300.0
NIGHTS: Final = 60
AFTER: Final = (4, 5, 7, 14, 30)
"""Nights since the step."""
STEP: Final = 1.2
POLICY: Final = Policy()
YEAR: Final = 365
KEPT: Final = 90
"""Nights that a history keeps whole, and that are looked at each night."""
_FIRST: Final = date(2026, 1, 1)
_OUTLIERS: Final = 0.05

Random: TypeAlias = "np.random.Generator"
Numbers: TypeAlias = "NDArray[np.float64]"
"""By series and night."""
Shape: TypeAlias = "tuple[int, int]"


def remembering(memory: float, spread: float = 0.05) -> Callable[[Random, Shape], Numbers]:
    """Draw noise of so much, of which each night keeps a part of the one before: AR(1)."""

    def draw(random: Random, shape: Shape) -> Numbers:
        drawn = random.standard_normal(shape)
        for night in range(1, shape[1]):
            drawn[:, night] = memory * drawn[:, night - 1] + np.sqrt(1 - memory**2) * drawn[:, night]
        return np.exp(spread * drawn)

    return draw


def student(random: Random, shape: Shape) -> Numbers:
    """Draw noise with heavy tails on both sides."""
    return np.exp(0.05 * random.standard_t(2, shape).clip(-20, 20))


def weekly(random: Random, shape: Shape) -> Numbers:
    """Draw noise with weekends, on which everything is 15 % faster."""
    week = np.where(np.arange(shape[1]) % 7 < 5, 1.0, 0.85)  # noqa: PLR2004 - five days of seven
    return remembering(0.3)(random, shape) * week


def wandering(random: Random, shape: Shape) -> Numbers:
    """Draw noise around a level that wanders by 1 % a night, and never comes back by itself."""
    return remembering(0.3)(random, shape) * np.exp(np.cumsum(0.01 * random.standard_normal(shape), axis=1))


NOISES: Final[dict[str, Callable[[Random, Shape], Numbers]]] = {
    "5 %, independent": remembering(0),
    "5 %, AR(1) .3": remembering(0.3),
    "5 %, AR(1) .6": remembering(0.6),
    "10 %, AR(1) .3": remembering(0.3, 0.1),
    "Student t, 2 degrees, 5 %": student,
    "5 %, AR(1) .3, weekends 15 % faster": weekly,
    "5 %, AR(1) .3, wandering 1 % a night": wandering,
}
"""Each with 1 night of 20 that is 1.3 to 3 times as slow."""


def drawn(random: Random, noise: str, series: int, nights: int = NIGHTS, after: int = 0) -> Numbers:
    """Draw series, with a step upwards so many nights before their end."""
    shape = series, nights
    slow = np.where(random.random(shape) < _OUTLIERS, random.uniform(1.3, 3.0, shape), 1.0)
    medians = MEDIAN_MS * NOISES[noise](random, shape) * slow
    medians[:, nights - after :] *= STEP
    return medians


def nights_of(medians: Sequence[float]) -> list[Night]:
    """Give each number a day."""
    return [Night(_FIRST + timedelta(days=number), median) for number, median in enumerate(medians)]


def found(medians: Numbers) -> list[list[int]]:
    """Give, for each series, the positions of the nights on which it became slower."""
    return [
        [
            (change.since - _FIRST).days
            for change in changes(nights_of(row.tolist()), POLICY.latency_floor_ms)
            if change.is_slower
        ]
        for row in medians
    ]


def at_once(random: Random, series: int) -> Iterator[str]:
    """Yield the table of series of 60 nights that were called slower, without a step and with one."""
    yield "| noise | no step | " + " | ".join(f"{after} nights ago" for after in AFTER) + " | within 3 nights |"
    yield "| --- | ---: |" + " ---: |" * (len(AFTER) + 1)
    for noise in NOISES:
        rates = [_part(map(bool, found(drawn(random, noise, series))))]
        near: list[bool] = []
        for after in AFTER:
            told = [each for each in found(drawn(random, noise, series, after=after)) if each]
            rates.append(len(told) / series)
            near += [min(abs(night - (NIGHTS - after)) for night in each) <= 3 for each in told]  # noqa: PLR2004 - as said
        yield f"| {noise} | " + " | ".join(f"{rate:.3f}" for rate in (*rates, _part(near))) + " |"


def _part(are: Iterable[bool]) -> float:
    return float(np.mean(list(are)))


def night_by_night(random: Random, series: int) -> Iterator[str]:
    """Yield the table of how often a year of nights without a step, and one with a step, told something new."""
    yield "| noise | told in a year, no step | step told | told again |"
    yield "| --- | ---: | ---: | ---: |"
    for noise in NOISES:
        quiet = [told_as_new(row.tolist()) for row in drawn(random, noise, series, YEAR)]
        stepped = [told_as_new(row.tolist()) for row in drawn(random, noise, series, 2 * KEPT, after=NIGHTS)]
        rates = np.mean(quiet), np.mean([each > 0 for each in stepped]), np.mean([max(0, each - 1) for each in stepped])
        yield f"| {noise} | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |"


def told_as_new(medians: Sequence[float]) -> int:
    """Give how many times a job that looks every night says that a latency is slower, and has not said so before."""
    nights = nights_of(medians)
    last: Sequence[Finding] = ()
    new = 0
    for end in range(1, len(nights) + 1):
        kept = nights[max(0, end - KEPT) : end]
        series = Nights("staging", "chat", "latency", tuple(kept))
        tonight = judge_nights(series, last, POLICY, kept[-1].day).findings
        known = {finding.fingerprint for finding in last}
        new += sum(each.rule == TREND_SLOWER.name and each.fingerprint not in known for each in tonight)
        last = tonight
    return new


def speed(random: Random, series: int) -> Iterator[str]:
    """Yield how long one series takes to be judged."""
    medians = drawn(random, "5 %, AR(1) .3", series, after=7)
    begun = perf_counter()
    found(medians)
    yield f"{(perf_counter() - begun) / series * 1000:.2f} ms for a series of {NIGHTS} nights"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trends", description=__doc__)
    parser.add_argument("--series", type=int, default=2000, help="for each cell (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    sections = at_once(random, options.series), night_by_night(random, options.series // 10), speed(random, 1000)
    for lines in sections:
        for line in lines:
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
