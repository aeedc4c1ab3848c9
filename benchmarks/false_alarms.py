"""How often a latency is called slower that is not, and how often one that is: `python -m benchmarks.false_alarms`.

Equal gateways, and slower ones, are sampled in simulated time as a run samples them: a first batch in rounds, and a
second one spread over `confirm_over_s`. What is decided is decided by the product's own code.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from envcheck.evidence import Series
from envcheck.judge.slower import SIGNIFICANT, is_apart, what_speaks_against
from envcheck.judge.stats import holm, mann_whitney_u
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

MEDIAN_MS: Final = 300.0
PROBES: Final = 2
CANDIDATES: Final = (1, 5, 10)
SAMPLES: Final = (5, 7, 15)
RATIOS: Final = (1.3, 1.5, 2.0)
POLICY: Final = Policy()
_WAVE_S, _EVERY_S = 3.0, 20.0
_MEMORY: Final = 0.9
_REMEMBERED_S: Final = 0.6
"""Of the noise that remembers by time: so long after a sample the next has `_MEMORY` of it, which is about a round."""
_SIGMA: Final = 0.3

Numbers: TypeAlias = "NDArray[np.float64]"
"""Milliseconds: by run, environment, probe and sample, of the first batch and then of the second."""


@dataclass(frozen=True)
class Fleet:
    """How many of what are sampled."""

    random: np.random.Generator
    runs: int
    candidates: int
    samples: int
    ratio: float = 1.0
    """By how much every candidate is slower."""

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Of its latencies."""
        return self.runs, 1 + self.candidates, PROBES, 2 * self.samples

    def slowed(self, latencies: Numbers) -> Numbers:
        """Make the candidates slower."""
        latencies[:, 1:] *= self.ratio
        return latencies


def lognormal(sigma: float) -> Callable[[Fleet], Numbers]:
    """Draw independent samples around the median."""
    return lambda fleet: MEDIAN_MS * np.exp(sigma * fleet.random.standard_normal(fleet.shape))


def student(fleet: Fleet) -> Numbers:
    """Draw samples with a heavy tail on both sides of the median."""
    return MEDIAN_MS * np.exp(0.2 * fleet.random.standard_t(2, fleet.shape).clip(-20, 20))


def pareto(fleet: Fleet) -> Numbers:
    """Draw samples with a floor and a very heavy tail."""
    return 0.6 * MEDIAN_MS + 0.22 * MEDIAN_MS * (1 + fleet.random.pareto(1.2, fleet.shape))


def bimodal(fleet: Fleet) -> Numbers:
    """Draw 3 of 10 samples from a mode that is twice as slow."""
    slow = np.where(fleet.random.random(fleet.shape) < 0.3, 2.0, 1.0)  # noqa: PLR2004 - as it says
    return MEDIAN_MS * slow * np.exp(0.05 * fleet.random.standard_normal(fleet.shape))


def remembers_the_last(fleet: Fleet) -> Numbers:
    """Draw samples that keep `_MEMORY` of the one before, however long ago it was."""
    drawn = _SIGMA * fleet.random.standard_normal(fleet.shape)
    for number in range(1, fleet.shape[-1]):
        drawn[..., number] *= np.sqrt(1 - _MEMORY**2)
        drawn[..., number] += _MEMORY * drawn[..., number - 1]
    return MEDIAN_MS * np.exp(drawn)


def remembers_by_time(fleet: Fleet) -> Numbers:
    """Draw samples of a gateway that drifts in time, both of its probes alike."""
    state = _SIGMA * fleet.random.standard_normal(fleet.shape[:2])
    last = np.zeros(fleet.shape[:2])

    def drift(now: Numbers) -> Numbers:
        nonlocal state, last
        kept = _MEMORY ** ((now - last) / _REMEMBERED_S)
        state = state * kept + _SIGMA * np.sqrt(1 - kept**2) * fleet.random.standard_normal(state.shape)
        last = now
        return MEDIAN_MS * np.exp(state)

    return in_time(fleet, drift)


def waves(fleet: Fleet) -> Numbers:
    """Draw samples of a gateway that is three times as slow for 3 s about every 20 s."""
    runs, environments, *_ = fleet.shape
    pauses = fleet.random.uniform(_EVERY_S - 5, _EVERY_S + 5, (runs, environments, 8))
    begins = np.cumsum(pauses, -1) - fleet.random.uniform(_EVERY_S, 2 * _EVERY_S, (runs, environments, 1))

    def wave(now: Numbers) -> Numbers:
        is_slow = ((now[..., None] >= begins) & (now[..., None] < begins + _WAVE_S)).any(-1)
        return MEDIAN_MS * np.where(is_slow, 3.0, 1.0) * np.exp(0.15 * fleet.random.standard_normal(now.shape))

    return in_time(fleet, wave)


def in_time(fleet: Fleet, latency_at: Callable[[Numbers], Numbers]) -> Numbers:
    """Sample in rounds: an environment's probes one after the other, all environments at the same time."""
    latencies = np.empty(fleet.shape)
    now = np.zeros(fleet.runs)
    began = now
    for number in range(2 * fleet.samples):
        again = number - fleet.samples
        if again == 0:
            began = now
        if again >= 0:
            now = np.maximum(now, began + POLICY.confirm_over_s * again / (fleet.samples - 1))
        clock = np.repeat(now[:, None], fleet.shape[1], axis=1)
        for probe in range(PROBES):
            latencies[..., probe, number] = latency_at(clock)
            clock = clock + latencies[..., probe, number] / 1000
        now = clock.max(1)
    return latencies


NOISES: Final[dict[str, Callable[[Fleet], Numbers]]] = {
    "lognormal, sigma .15": lognormal(0.15),
    "lognormal, sigma .35": lognormal(0.35),
    "lognormal, sigma .6": lognormal(0.6),
    "Student t, 2 degrees": student,
    "Pareto, alpha 1.2": pareto,
    "bimodal, 3 of 10 twice as slow": bimodal,
    "slow waves, 3 s in 20": waves,
    "AR(1) .9 by time": remembers_by_time,
    "AR(1) .9 from sample to sample": remembers_the_last,
}


def found(latencies: Numbers) -> tuple[Numbers, Numbers]:
    """Tell, for each candidate's probes in each run, whether one batch finds it, as 0.1.0 did, and two."""
    size = latencies.shape[-1] // 2
    once, twice = [], []
    for run in latencies:
        (baseline, *candidates) = [
            [Series(each[:size].tolist(), each[size:].tolist()) for each in side] for side in run
        ]
        pairs = [(baseline[probe], candidate[probe]) for probe in range(PROBES) for candidate in candidates]
        apart = [is_apart(before.first_ms, after.first_ms, POLICY) for before, after in pairs]
        p_values = [mann_whitney_u(before.first_ms, after.first_ms) for before, after in pairs]
        by_probe = [p for probe in range(PROBES) for p in holm(p_values[probe * len(candidates) :][: len(candidates)])]
        once.append([is_it and p < SIGNIFICANT for is_it, p in zip(apart, by_probe, strict=True)])
        twice.append(
            [
                is_it and p < SIGNIFICANT and what_speaks_against(before, after, POLICY, len(pairs)) is None
                for (before, after), is_it, p in zip(pairs, apart, holm(p_values), strict=True)
            ]
        )
    return np.array(once), np.array(twice)


def false_alarms(random: np.random.Generator, runs: int) -> Iterator[str]:
    """Yield the table of runs over equal gateways in which one was called slower."""
    yield "| noise | candidates | " + " | ".join(f"{samples} samples" for samples in SAMPLES) + " |"
    yield "| --- | ---: |" + " ---: |" * len(SAMPLES)
    for name, draw in NOISES.items():
        for candidates in CANDIDATES:
            fleets = (Fleet(random, runs, candidates, samples) for samples in SAMPLES)
            rates = [[each.any(1).mean() for each in found(draw(fleet))] for fleet in fleets]
            yield _line(name, candidates, rates)


def power(random: np.random.Generator, runs: int) -> Iterator[str]:
    """Yield the table of slower candidates, one to a run, that were found."""
    yield "| noise | slower | " + " | ".join(f"{samples} samples" for samples in SAMPLES) + " |"
    yield "| --- | ---: |" + " ---: |" * len(SAMPLES)
    for name, draw in NOISES.items():
        for ratio in RATIOS:
            fleets = (Fleet(random, runs, 1, samples, ratio) for samples in SAMPLES)
            rates = [[each.mean() for each in found(fleet.slowed(draw(fleet)))] for fleet in fleets]
            yield _line(name, f"{ratio} times", rates)


def _line(name: str, what: object, rates: Sequence[Sequence[float]]) -> str:
    return f"| {name} | {what} | " + " | ".join(f"{once:.3f} → {twice:.3f}" for once, twice in rates) + " |"


def main() -> None:
    """Print both tables: what one batch finds, as 0.1.0 did, and what two do."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.false_alarms", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="for each cell (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    for lines in (false_alarms(random, options.runs), power(random, options.runs // 2)):
        for line in lines:
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
