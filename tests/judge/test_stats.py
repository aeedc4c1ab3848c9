from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats as scipy_stats

from envcheck.judge.stats import EXACT_UP_TO, holm, mann_whitney_u, smallest_p

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.thorough


def test_without_ties_it_is_scipys_exact_test() -> None:
    """Two thousand random pairs of untied samples of 1 to 15 give SciPy's exact p value."""
    generator = random.Random(1)
    largest = 0.0
    for _ in range(2000):
        x = [generator.gauss(0, 1) for _ in range(generator.randint(1, 15))]
        y = [generator.gauss(0.8, 1) for _ in range(generator.randint(1, 15))]
        expected = scipy_stats.mannwhitneyu(x, y, method="exact").pvalue
        largest = max(largest, abs(mann_whitney_u(x, y) - expected))
    assert largest < 1e-12


def test_with_ties_it_is_what_dealing_out_every_way_gives() -> None:
    """Two thousand random pairs with ties give the p value of an enumeration of all splits."""
    generator = random.Random(2)
    largest = 0.0
    for _ in range(2000):
        x = [generator.randint(0, 6) for _ in range(generator.randint(1, 6))]
        y = [generator.randint(0, 6) + generator.randint(0, 2) for _ in range(generator.randint(1, 6))]
        largest = max(largest, abs(mann_whitney_u(x, y) - _enumerated(x, y)))
    assert largest < 1e-12


def test_with_ties_it_is_scipys_permutation_test() -> None:
    """SciPy's own exact permutation of the rank sum agrees, over two hundred tied pairs."""
    generator = random.Random(3)
    largest = 0.0
    for _ in range(200):
        x = [float(generator.randint(0, 8)) for _ in range(generator.randint(2, 6))]
        y = [float(generator.randint(0, 8)) for _ in range(generator.randint(2, 6))]
        ranks = scipy_stats.rankdata([*x, *y])
        result = scipy_stats.permutation_test(
            (ranks[: len(x)], ranks[len(x) :]),
            lambda first, second, axis: np.sum(first, axis=axis),
            permutation_type="independent",
            n_resamples=10**9,
            vectorized=True,
        )
        largest = max(largest, abs(mann_whitney_u(x, y) - float(result.pvalue)))
    assert largest < 1e-12


@pytest.mark.parametrize("top", [12, 10**9])
def test_large_samples_are_scipys_asymptotic_test(top: int) -> None:
    """Past the exact bound it is the normal approximation with both corrections, with and without ties."""
    generator = random.Random(4)
    for _ in range(100):
        x = [generator.randint(0, top) for _ in range(generator.randint(51, 70))]
        y = [generator.randint(top // 6, top) for _ in range(generator.randint(51, 70))]
        assert len(x) * len(y) > EXACT_UP_TO
        expected = scipy_stats.mannwhitneyu(x, y, method="asymptotic").pvalue
        assert mann_whitney_u(x, y) == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("size", [3, 60])
def test_samples_that_are_all_alike_differ_by_nothing(size: int) -> None:
    """One value everywhere is no evidence, exactly or approximately."""
    assert mann_whitney_u([7.0] * size, [7.0] * size) == 1.0


def test_it_asks_in_both_directions() -> None:
    """The p value is that of the swapped samples, slower or faster."""
    assert mann_whitney_u([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == mann_whitney_u([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])


@pytest.mark.parametrize(("x", "y"), [([], [1.0]), ([1.0], [])])
def test_an_empty_sample_is_refused(x: Sequence[float], y: Sequence[float]) -> None:
    """Nothing can be said about no samples."""
    with pytest.raises(ValueError, match="at least one"):
        mann_whitney_u(x, y)


@pytest.mark.parametrize(("size_x", "size_y"), [(1, 1), (3, 4), (5, 5), (7, 9)])
def test_the_smallest_p_is_that_of_samples_that_do_not_overlap(size_x: int, size_y: int) -> None:
    """No samples of those sizes can be further apart than not to overlap at all."""
    apart = mann_whitney_u(range(size_x), range(100, 100 + size_y))
    assert smallest_p(size_x, size_y) == pytest.approx(apart)


def test_holm_is_the_textbook_example() -> None:
    """Each p times the hypotheses not yet rejected, never less than the one before, in the order given."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.5]) == [1.0, 1.0]
    assert holm([0.02]) == [0.02]
    assert holm([]) == []


def test_holm_rejects_what_the_step_down_procedure_rejects() -> None:
    """Over random p values, "adjusted below the level" is the procedure as Holm wrote it."""
    generator = random.Random(5)
    for _ in range(2000):
        p_values = [round(generator.random() ** 3, 3) for _ in range(generator.randint(1, 12))]
        rejected = {index for index, p in enumerate(holm(p_values)) if p <= 0.05}
        assert rejected == _stepped_down(p_values, 0.05)


def _stepped_down(p_values: Sequence[float], level: float) -> set[int]:
    rejected: set[int] = set()
    left = sorted(range(len(p_values)), key=lambda index: p_values[index])
    while left and p_values[left[0]] * len(left) <= level:
        rejected.add(left.pop(0))
    return rejected


def _enumerated(x: Sequence[float], y: Sequence[float]) -> float:
    """Compare every split of the pooled values, by wins and half wins instead of ranks."""
    pooled = [*x, *y]
    observed = _u(x, y)
    everyone = range(len(pooled))
    splits = [
        _u([pooled[i] for i in chosen], [pooled[i] for i in everyone if i not in chosen])
        for chosen in combinations(everyone, len(x))
    ]
    at_most = sum(u <= observed for u in splits)
    at_least = sum(u >= observed for u in splits)
    return min(1.0, 2 * min(at_most, at_least) / len(splits))


def _u(x: Sequence[float], y: Sequence[float]) -> float:
    return sum((a > b) + (a == b) / 2 for a in x for b in y)
