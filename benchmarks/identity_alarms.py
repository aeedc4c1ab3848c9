"""How often `identity` calls equals different, and finds two that are: `python -m benchmarks.identity_alarms`.

Answers are drawn from proportions as peaked as those of real models, and held together by the product's own code.
"""

from __future__ import annotations

import argparse
from random import Random
from typing import TYPE_CHECKING, Final, TypeAlias

from envcheck.judge.permutation import Stratum, p_of_one_source
from envcheck.judge.stats import holm
from envcheck.judge.tally import SIGNIFICANT
from envcheck.probes.identity import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

REQUESTS: Final = (60, 150)
CANDIDATES: Final = (1, 10)
SHIFT: Final = 0.1
_RARE: Final = 5
"""So many times as many runs of equals: false alarms are rare, and cost little to look for."""

Weights: TypeAlias = "dict[str, float]"
Model: TypeAlias = "dict[str, Weights]"
"""By question."""

# How steeply the answers fall off, from the commonest on: a letter's are flatter than a colour's, as they are in life.
_STEEPNESS: Final[Mapping[str, float]] = {"number": 0.45, "letter": 0.3, "colour": 0.7}


def model(random: Random) -> Model:
    """Make a model: which answers it prefers is its own, how much it does so is alike in all of them."""
    made: Model = {}
    for question in QUESTIONS:
        answers = sorted(question.answers)
        random.shuffle(answers)
        weights = {answer: (1 - _STEEPNESS[question.name]) ** rank for rank, answer in enumerate(answers)}
        total = sum(weights.values())
        made[question.name] = {answer: weight / total for answer, weight in weights.items()}
    return made


def same(baseline: Model, _random: Random) -> Model:
    """Give the baseline itself."""
    return baseline


def another(_baseline: Model, random: Random) -> Model:
    """Give another model, with other favourites."""
    return model(random)


def other_peak(baseline: Model, _random: Random) -> Model:
    """Let the first two favourites of each question change places."""
    changed: Model = {}
    for question, weights in baseline.items():
        first, second = sorted(weights, key=weights.__getitem__, reverse=True)[:2]
        changed[question] = {**weights, first: weights[second], second: weights[first]}
    return changed


def cache(baseline: Model, random: Random) -> Model:
    """Give the first answer to each question again and again."""
    return {question: {_drawn(weights, random): 1.0} for question, weights in baseline.items()}


def temperature_0(baseline: Model, _random: Random) -> Model:
    """Give the likeliest answer always."""
    return {question: {max(weights, key=weights.__getitem__): 1.0} for question, weights in baseline.items()}


def shift(baseline: Model, _random: Random) -> Model:
    """Take a part of the probability from the favourite, and give it to the least likely answer."""
    shifted: Model = {}
    for question, weights in baseline.items():
        most, least = max(weights, key=weights.__getitem__), min(weights, key=weights.__getitem__)
        moved = min(SHIFT, weights[most])
        shifted[question] = {**weights, most: weights[most] - moved, least: weights[least] + moved}
    return shifted


DIFFERENT: Final[dict[str, Callable[[Model, Random], Model]]] = {
    "another model": another,
    "its two favourites swapped": other_peak,
    "a cache": cache,
    "temperature 0": temperature_0,
    "10 % shifted": shift,
}


def found(change: Callable[[Model, Random], Model], requests: int, candidates: int, random: Random) -> bool:
    """Tell whether any candidate of one run is called different."""
    baseline = model(random)
    before = _answers(baseline, requests, random)
    p_values = []
    for _ in range(candidates):
        after = _answers(change(baseline, random), requests, random)
        strata = [Stratum(before[question], after[question]) for question in before]
        p_values.append(p_of_one_source(strata, candidates))
    return any(p < SIGNIFICANT for p in holm(p_values))


def _answers(asked: Model, requests: int, random: Random) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {question: {} for question in asked}
    for number in range(requests):
        question = list(asked)[number % len(asked)]
        answer = _drawn(asked[question], random)
        counts[question][answer] = counts[question].get(answer, 0) + 1
    return counts


def _drawn(weights: Weights, random: Random) -> str:
    [answer] = random.choices(list(weights), list(weights.values()))
    return answer


def table(runs: int, seed: int) -> Iterator[str]:
    """Yield the share of runs in which a difference was found: of equals, a false alarm."""
    yield "| candidate | candidates | " + " | ".join(f"{requests} requests" for requests in REQUESTS) + " |"
    yield "| --- | ---: |" + " ---: |" * len(REQUESTS)
    equals = [("the same model", same, candidates, _RARE * runs) for candidates in CANDIDATES]
    others = [(name, change, 1, runs) for name, change in DIFFERENT.items()]
    for name, change, candidates, number in (*equals, *others):
        rates = []
        for requests in REQUESTS:
            random = Random(f"{seed}/{name}/{candidates}/{requests}")
            rates.append(sum(found(change, requests, candidates, random) for _ in range(number)) / number)
        yield f"| {name} | {candidates} | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity_alarms", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="for each cell (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for line in table(options.runs, options.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
