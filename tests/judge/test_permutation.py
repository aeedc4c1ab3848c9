"""The permutation test, held against SciPy's, and against what must not make a difference."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import chi2, chi2_contingency, permutation_test

from envcheck.judge import permutation
from envcheck.judge.permutation import Stratum, p_of_one_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

pytestmark = pytest.mark.thorough

SIZES = (20, 20), (20, 7), (50, 50)
PEAKED = [8.0, 4.0, 2.0, 1.0, 1.0, 0.5, 0.5]


def drawn(random: Random, size: int, weights: Sequence[float]) -> dict[str, int]:
    answers = random.choices(range(len(weights)), weights, k=size)
    return {str(answer): answers.count(answer) for answer in set(answers)}


def spread_out(side: dict[str, int]) -> list[int]:
    return [int(answer) for answer, count in side.items() for _ in range(count)]


def g_statistic(*sides: NDArray[np.int64], axis: int = -1) -> NDArray[np.float64]:
    """Give SciPy's own G over the answers of two sides, for each row that is dealt."""

    def of_a_row(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
        table = np.array([np.bincount(side, minlength=len(PEAKED)) for side in (one, other)])
        return float(chi2_contingency(table[:, table.any(0)], correction=False, lambda_="log-likelihood").statistic)

    one, other = (np.atleast_2d(np.moveaxis(side, axis, -1)) for side in sides)
    return np.array([of_a_row(*rows) for rows in zip(one, other, strict=True)])


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("others", [PEAKED, [3.0, 4.0, 4.0, 2.0, 1.0, 0.5, 0.5], [1.0, 1.0, 1.0, 1.0, 1.0, 4.0, 4.0]])
def test_p_is_what_scipy_finds_by_the_same_statistic(
    sizes: tuple[int, int], others: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To what a few thousand deals can tell: SciPy deals otherwise, and computes G itself."""
    monkeypatch.setattr(permutation, "_ENOUGH", 10**9)
    random = Random(f"{sizes}{others}")
    before, after = drawn(random, sizes[0], PEAKED), drawn(random, sizes[1], others)
    oracle = permutation_test(
        (np.array(spread_out(before)), np.array(spread_out(after))),
        g_statistic,
        alternative="greater",
        n_resamples=999,
        rng=1,
    ).pvalue
    own = p_of_one_source([Stratum(before, after)])
    spread = 4 * np.sqrt(max(own, 0.001) * (1 - own) / 999) + 0.002
    assert own == pytest.approx(float(oracle.item()), abs=spread)


def test_many_answers_come_to_what_the_distribution_of_chi_square_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are so many that it may be used, over two questions: G adds up, and so do the degrees of freedom."""
    monkeypatch.setattr(permutation, "_ENOUGH", 10**9)
    random = Random(5)
    strata = [Stratum(drawn(random, 400, PEAKED), drawn(random, 400, PEAKED)) for _ in range(2)]
    answers = [str(answer) for answer in range(len(PEAKED))]
    tables = [np.array([[side.get(each, 0) for each in answers] for side in stratum]) for stratum in strata]
    each = [chi2_contingency(table, lambda_="log-likelihood") for table in tables]
    expected = float(chi2.sf(sum(one.statistic for one in each), sum(one.dof for one in each)))
    assert p_of_one_source(strata) == pytest.approx(expected, abs=0.06)


def test_the_same_counts_give_the_same_p_in_whatever_order_they_stand() -> None:
    """A file may list them otherwise, and a comparison must not change for that."""
    random = Random(7)
    before, after = drawn(random, 30, PEAKED), drawn(random, 30, PEAKED[::-1])
    turned = Stratum(dict(reversed(before.items())), dict(reversed(after.items())))
    assert p_of_one_source([Stratum(before, after)]) == p_of_one_source([turned])


@pytest.mark.parametrize("strata", [[], [Stratum({}, {})], [Stratum({"a": 9}, {})], [Stratum({"a": 9}, {"a": 5})]])
def test_nothing_to_tell_apart_is_never_told_apart(strata: list[Stratum]) -> None:
    """No answers, or the same one always."""
    assert p_of_one_source(strata) == 1


def test_a_question_that_was_asked_more_often_says_nothing_by_itself() -> None:
    """Dealt within each question: else 30 numbers and 10 letters would differ from 10 numbers and 30 letters."""
    often, seldom = {"7": 15, "3": 15}, {"7": 5, "3": 5}
    assert p_of_one_source([Stratum(often, seldom), Stratum(seldom, often)]) > 0.5


@pytest.mark.parametrize("among", [1, 10, 100])
def test_the_least_p_is_less_than_the_first_among_many_needs(among: int) -> None:
    """Whatever is entirely different has to be found beside however many others."""
    apart = [Stratum({"a": 20}, {"b": 20}), Stratum({"c": 20}, {"d": 20})]
    assert among * p_of_one_source(apart, among) <= 0.0051
