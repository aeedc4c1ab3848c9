"""When a latency counts as slower: apart, in two batches, and by more than the two gateways drift by themselves.

Both batches together last seconds, while a gateway may be slow for minutes. Where each sample is near to the one before
it, ten of them say hardly more than two, and no test that takes them for independent may be believed.
"""

from __future__ import annotations

from itertools import pairwise
from math import log, sqrt
from statistics import NormalDist, fmean, median
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Why
from envcheck.judge.samples import LEAST_SAMPLES
from envcheck.judge.stats import mann_whitney_u

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Series
    from envcheck.policy import Policy

SIGNIFICANT: Final = 0.05
HANGS_TOGETHER: Final = 0.2
"""The correlation of each sample with the next from which on they are held to have a memory. Of independent samples, 7
a side and batch, 1 in 15 pairs seems to have one; of those with one as strong as `_MEMORY`, 19 in 20 do."""
_MEMORY: Final = 0.9
"""How strong it is then held to be. So few samples cannot tell, and a weaker one only makes us say less."""
_OUTLIER: Final = 3.0
"""Standard deviations past which a sample counts as so many: one that took a minute says nothing about drift."""
_MAD_OF_A_DEVIATION: Final = 1.4826
_LEAST_MS: Final = 0.001


def is_apart(before: Sequence[float], after: Sequence[float], policy: Policy) -> bool:
    """Tell whether the second median is larger by the ratio and by the floor."""
    if not before or not after:
        return False
    expected, actual = median(before), median(after)
    return actual > expected * policy.latency_ratio and actual - expected > policy.latency_floor_ms


def what_speaks_against(before: Series, after: Series, policy: Policy, questions: int) -> Why | None:
    """Say why what is slower in the first batch is not slower all the same; None where nothing speaks against it.

    `questions` is how many latencies were asked about, for the more are, the further one drifts away by chance.
    """
    if policy.confirm_over_s == 0:
        return None
    if min(len(before.second_ms), len(after.second_ms)) < LEAST_SAMPLES:
        return Why.NOT_CONFIRMED
    if not is_apart(before.second_ms, after.second_ms, policy):
        return Why.NOT_SEEN_TWICE
    if mann_whitney_u(before.second_ms, after.second_ms) >= SIGNIFICANT:
        return Why.NOT_SEEN_TWICE
    return Why.DRIFTING if _may_be_drift(before, after, questions) else None


def _may_be_drift(before: Series, after: Series, questions: int) -> bool:
    """Tell whether the samples have a memory, and the two are not further apart than it can take them."""
    sides = [[log(max(ms, _LEAST_MS)) for ms in (*series.first_ms, *series.second_ms)] for series in (before, after)]
    strays = [_strays(side) for side in sides]
    scattered = sum(stray * stray for side in strays for stray in side)
    carried_on = sum(one * following for side in strays for one, following in pairwise(side))
    if carried_on <= HANGS_TOGETHER * scattered:
        return False
    distance = median(sides[1]) - median(sides[0])
    furthest = NormalDist().inv_cdf(1 - SIGNIFICANT / 2 / max(1, questions))
    return distance <= furthest * sqrt(sum(map(_variance_of_the_mean, strays)))


def _strays(logs: Sequence[float]) -> list[float]:
    """Give how far each sample is from their middle, outliers cut, so that their mean is 0."""
    middle = median(logs)
    most = _OUTLIER * _MAD_OF_A_DEVIATION * median(abs(each - middle) for each in logs)
    cut = [min(max(each - middle, -most), most) for each in logs]
    mean = fmean(cut)
    return [each - mean for each in cut]


def _variance_of_the_mean(strays: Sequence[float]) -> float:
    """Estimate how far the mean of samples with a memory is from where it would be in the long run, squared.

    They stay near to each other, so their own scatter shows only the part of it that their mean does not share.
    """
    size = len(strays)
    shared = (1 + 2 * sum((1 - lag / size) * _MEMORY**lag for lag in range(1, size))) / size
    return fmean(stray * stray for stray in strays) * shared / (1 - shared)
