"""Whether a candidate is slower: shown always, judged only where the samples can bear it."""

from __future__ import annotations

from itertools import count
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import Cell, CellState
from envcheck.judge.findings import Judgement, Subject
from envcheck.judge.outcome import unpaired
from envcheck.judge.stats import holm, mann_whitney_u, smallest_p
from envcheck.judge.wording import duration, phrase, probability, switched_off
from envcheck.rules import LATENCY_SLOWER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from envcheck.evidence import Check
    from envcheck.judge.columns import Column, Pair
    from envcheck.judge.wording import Manner
    from envcheck.policy import Policy
    from envcheck.redact import Redacted

LEAST_SAMPLES: Final = 5
SIGNIFICANT: Final = 0.05


_SURE: Final = phrase("")
_UNSURE: Final = phrase("~")


class Tested(NamedTuple):
    """How likely chance is the reason."""

    p: float
    """After Holm's correction."""
    of: int
    """Over how many environments it was corrected."""


class Doubt(NamedTuple):
    """Why a latency is shown and not judged."""

    state: CellState
    reason: Redacted


def doubt_of_one_run(pair: Pair) -> Doubt | None:
    """Doubt too few samples, and samples that do not include the same work."""
    before, after = pair.before.latency, pair.after.latency
    if min(len(before.totals_ms), len(after.totals_ms)) < LEAST_SAMPLES:
        return Doubt(CellState.NOISY, phrase("needs {} samples a side", LEAST_SAMPLES))
    if before.connection != after.connection:
        return Doubt(CellState.INCOMPARABLE, phrase("cold against warm connections"))
    return None


def doubt_of_two_runs(pair: Pair) -> Doubt:  # noqa: ARG001 - one signature for both
    """Doubt them all: samples of different runs were not taken side by side."""
    return Doubt(CellState.NOISY, phrase("not judged: taken in different runs"))


def judge_latencies(
    columns: Sequence[Column], probe: str, policy: Policy, manner: Manner, doubt_of: Callable[[Pair], Doubt | None]
) -> Mapping[str, Judgement]:
    """Judge a probe's latencies in all environments together, for Holm's correction is over all of them."""
    judgements: dict[str, Judgement] = {}
    certain: list[tuple[Column, Pair]] = []
    for column in columns:
        pair = column.pair(probe)
        if pair is None or pair.after.latency.total_ms is None:
            judgements[column.name] = Judgement(unpaired(column, probe, _alone(column, probe), manner))
        elif (doubt := doubt_of(pair)) is not None:
            value = manner.shown(_in_words(pair.before, _UNSURE), _in_words(pair.after, _UNSURE))
            judgements[column.name] = Judgement(Cell(value=value, state=doubt.state, detail=(doubt.reason,)))
        else:
            certain.append((column, pair))
    p_values = holm(
        [mann_whitney_u(before.latency.totals_ms, after.latency.totals_ms) for _, (before, after) in certain]
    )
    for (column, pair), p in zip(certain, p_values, strict=True):
        n = len(pair.after.latency.totals_ms)
        subject = Subject(column.name, column.baseline, f"{probe}.latency", n, policy.severity)
        judgements[column.name] = _judged(subject, pair, Tested(p, of=len(certain)), policy, manner)
    return judgements


def _judged(subject: Subject, pair: Pair, tested: Tested, policy: Policy, manner: Manner) -> Judgement:
    settled = frozenset({LATENCY_SLOWER.name})
    value = manner.shown(_in_words(pair.before), _in_words(pair.after))
    chance = probability(tested.p)
    if not _is_slower(pair, policy):
        return Judgement(Cell(value=value, state=CellState.SAME, detail=(chance,)), settled=settled)
    if tested.p >= SIGNIFICANT:
        needed = _samples_needed(pair, tested.of)
        if needed is None:
            return Judgement(Cell(value=value, state=CellState.NOISY, detail=(phrase("may be chance: {}", chance),)))
        reason = phrase("needs {} samples a side among {} environments", needed, tested.of)
        return Judgement(Cell(value=phrase("~{}", value), state=CellState.NOISY, detail=(reason,)))
    if subject.is_off(LATENCY_SLOWER):
        off = switched_off(LATENCY_SLOWER)
        return Judgement(Cell(value=value, state=CellState.SAME, detail=(chance, off)), settled=settled)
    medians = (phrase("{} ms", duration(median(check.latency.totals_ms))) for check in pair)
    finding = subject.finding(LATENCY_SLOWER, *medians, p=tested.p, known_by=())
    return Judgement(Cell(value=value, state=CellState.DIFFERS, detail=(chance,)), (finding,), settled)


def _is_slower(pair: Pair, policy: Policy) -> bool:
    expected, actual = (median(check.latency.totals_ms) for check in pair)
    return actual > expected * policy.latency_ratio and actual - expected > policy.latency_floor_ms


def _samples_needed(pair: Pair, of: int) -> int | None:
    """Give how many samples a side could be significant in that many environments; None where these could."""
    sizes = (len(check.latency.totals_ms) for check in pair)
    if smallest_p(*sizes) * of < SIGNIFICANT:
        return None
    return next(size for size in count(LEAST_SAMPLES) if smallest_p(size, size) * of < SIGNIFICANT)


def _alone(column: Column, probe: str) -> Cell | None:
    check = column.check(probe)
    if check is None:
        return None
    if check.latency.total_ms is None:
        return Cell(value=None, state=CellState.NOT_PROBED)
    sure = len(check.latency.totals_ms) >= LEAST_SAMPLES
    return Cell(value=_in_words(check, _SURE if sure else _UNSURE), state=CellState.SAME)


def _in_words(check: Check, mark: Redacted = _SURE) -> Redacted:
    latency = check.latency
    if latency.total_ms is None:
        return phrase("not timed")
    if latency.spread_ms is None:
        return phrase("{}{} ms (n={})", mark, duration(latency.total_ms), latency.samples)
    # Half the interquartile range: half of the samples lie about that near to the median.
    half = duration(latency.spread_ms / 2)
    return phrase("{}{} ms ±{} (n={})", mark, duration(latency.total_ms), half, latency.samples)
