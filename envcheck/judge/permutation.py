"""Whether two tallies may well be of one source: a permutation test of the G statistic, stratified by question.

The G statistic says how much better two tallies are told apart than put together; how large it gets by chance alone is
seen by dealing the same answers out to the two sides again and again. Dealt within each question, so that a question
which was asked more often on one side says nothing.
"""

from __future__ import annotations

from collections import Counter
from math import log
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEED: Final = 2024
"""Fixed, so that the same evidence always gives the same answer."""
LEAST_DEALS: Final = 1_999
_DEALS_TO_A_QUESTION: Final = 200
"""So that the least p value stays at half of what Holm asks of the first among many, at p < 0.01."""
_ENOUGH: Final = 50
"""Deals at least as far apart as what was seen, after which there is no need to go on: Besag and Clifford, "Sequential
Monte Carlo p-values" (Biometrika 1991)."""
_ROUNDING: Final = 1e-9


class Stratum(NamedTuple):
    """How often each answer to one question was counted on either side."""

    before: Mapping[str, int]
    after: Mapping[str, int]


def p_of_one_source(strata: Sequence[Stratum], among: int = 1) -> float:
    """Give the p value for "both sides answer each question alike".

    Args:
        strata: one for each question.
        among: how many such questions are asked together, for the more are, the smaller p values have to be told apart.

    Returns:
        More than 0 and at most 1; 1 where one of the sides has no answers at all.

    """
    decks = [_Deck(stratum) for stratum in strata if any(stratum.before.values()) and any(stratum.after.values())]
    seen = sum(deck.seen for deck in decks) - _ROUNDING
    random = Random(SEED)  # noqa: S311 - chance, not secrecy
    deals = max(LEAST_DEALS, _DEALS_TO_A_QUESTION * among)
    as_far_apart = 0
    for number in range(1, deals + 1):
        as_far_apart += sum(deck.deal(random) for deck in decks) >= seen
        if as_far_apart == _ENOUGH:
            return as_far_apart / number
    return (as_far_apart + 1) / (deals + 1)


class _Deck:
    """The answers to one question, to be dealt out to two sides.

    What is added up is the part of G that depends on the deal: with the totals of answers and sides fixed, G is twice
    the sum of n ln n over all counts, less a constant.
    """

    def __init__(self, stratum: Stratum) -> None:
        smaller = min(stratum, key=lambda side: sum(side.values()))
        totals = Counter(stratum.before) + Counter(stratum.after)
        # In one order, whatever the order in a file: the same answers are dealt the same way.
        names = sorted(totals)
        self._cards = [number for number, name in enumerate(names) for _ in range(totals[name])]
        self._size = sum(smaller.values())
        self._worth = [[_worth(count, totals[name]) for count in range(totals[name] + 1)] for name in names]
        self.seen = sum(self._worth[number][smaller.get(name, 0)] for number, name in enumerate(names))

    def deal(self, random: Random) -> float:
        """Deal the smaller side its answers, and give how far apart the two are then."""
        cards, last, worth = self._cards, len(self._cards), self._worth
        for place in range(self._size):
            # By `random()` alone, whose numbers are the same on every Python.
            other = place + int(random.random() * (last - place))
            cards[place], cards[other] = cards[other], cards[place]
        return sum(worth[number][count] for number, count in Counter(cards[: self._size]).items())


def _worth(count: int, total: int) -> float:
    """Give what an answer adds that was dealt so often to one side; nothing where it was not."""
    return _n_log_n(count) + _n_log_n(total - count) - _n_log_n(total)


def _n_log_n(n: int) -> float:
    return n * log(n) if n else 0.0
