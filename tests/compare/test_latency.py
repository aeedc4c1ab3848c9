from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evidences import TODAY, WHEN, chat, evidence, timed
from scipy.stats import mannwhitneyu

from envcheck.compare import compare
from envcheck.comparison import CellState
from envcheck.model import Connection
from envcheck.policy import Policy
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.comparison import Cell, Comparison
    from envcheck.evidence import Latency

FAST = timed(230, 240, 250, 236, 244)
SLOW = timed(600, 610, 620, 606, 614)


def held(*latencies: Latency, policy: Policy | None = None, judge_latency: bool = True) -> Comparison:
    """Compare environments named by their place, the first of them the baseline."""
    return compare(
        [evidence(f"e{place}", chat(latency=latency)) for place, latency in enumerate(latencies)],
        baseline=None,
        policy=policy or Policy(),
        generated_at=WHEN,
        today=TODAY,
        judge_latency=judge_latency,
    )


def cell(comparison: Comparison, name: str = "e1") -> Cell:
    return next(row.cells[name] for row in comparison.rows if row.field == "latency")


def test_a_slower_environment_is_one_finding() -> None:
    """Slower by the ratio, the floor and significantly: a warning with both medians, n and SciPy's p value."""
    comparison = held(FAST, SLOW)
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity, finding.field) == ("latency.slower", "warn", "chat.latency")
    assert (finding.expected, finding.actual, finding.n) == ("240 ms", "610 ms", 5)
    expected = mannwhitneyu(FAST.totals_ms, SLOW.totals_ms, method="exact").pvalue
    assert finding.p == pytest.approx(expected)
    assert cell(comparison).state is CellState.DIFFERS
    assert cell(comparison).value == "610 ms ±4.0 (n=5)"
    assert cell(comparison).detail == ("p = 0.008",)
    assert comparison.summary.exit_code == 3


@pytest.mark.parametrize(
    ("after", "policy"),
    [
        (timed(280, 290, 300, 286, 294), Policy()),  # past the floor at 50 ms, not past the ratio of 1.25
        (timed(330, 340, 350, 336, 344), Policy(latency_floor_ms=100)),  # past the ratio, not past the floor
        (timed(30, 40, 50, 36, 44), Policy()),  # faster
        (FAST, Policy()),
    ],
)
def test_ratio_and_floor_must_both_be_exceeded(after: Latency, policy: Policy) -> None:
    """However significant, a median that is not slower by both is the same."""
    comparison = held(FAST, after, policy=policy)
    assert comparison.findings == ()
    assert cell(comparison).state is CellState.SAME
    assert cell(comparison).detail[0].startswith("p ")


def test_a_slower_median_that_may_be_chance_proves_nothing() -> None:
    """Samples that overlap widely are shown with their p value, and are no finding."""
    comparison = held(timed(100, 110, 120, 900, 910), timed(115, 125, 400, 890, 920))
    assert comparison.findings == ()
    assert cell(comparison).state is CellState.NOISY
    assert cell(comparison).detail[0].startswith("may be chance: p = ")


@pytest.mark.parametrize(
    ("before", "after", "value", "state", "reason"),
    [
        (FAST, timed(600), "~600 ms (n=1)", CellState.NOISY, "needs 5 samples a side"),
        (timed(5.25, 6.5), SLOW, "~610 ms ±4.0 (n=5)", CellState.NOISY, "needs 5 samples a side"),
        (
            FAST,
            timed(600, 610, 620, 606, 614, connection=Connection.NEW),
            "~610 ms ±4.0 (n=5)",
            CellState.INCOMPARABLE,
            "cold against warm connections",
        ),
        (timed(), SLOW, "~610 ms ±4.0 (n=5)", CellState.NOISY, "needs 5 samples a side"),
    ],
)
def test_what_is_not_judged_is_shown_with_its_reason(
    before: Latency, after: Latency, value: str, state: CellState, reason: str
) -> None:
    """Too few samples and unlike connections are marked with a tilde, the number of samples and the reason."""
    comparison = held(before, after)
    assert comparison.findings == ()
    assert (cell(comparison).value, cell(comparison).state, cell(comparison).detail) == (value, state, (reason,))


def test_an_environment_without_a_timing_is_not_probed() -> None:
    """Where no sample was left there is nothing to show."""
    comparison = held(FAST, timed())
    assert (cell(comparison).value, cell(comparison).state) == (None, CellState.NOT_PROBED)


def test_the_baseline_shows_whether_it_could_be_judged() -> None:
    """Its own cell has the tilde too where its samples are too few."""
    assert cell(held(FAST, SLOW), "e0").value == "240 ms ±4.0 (n=5)"
    assert cell(held(timed(5.25, 6.75), SLOW), "e0").value == "~6.0 ms ±0.4 (n=2)"


def test_different_runs_are_shown_and_not_judged() -> None:
    """Samples that were not taken side by side prove nothing unless that is asked for."""
    comparison = held(FAST, SLOW, judge_latency=False)
    assert comparison.findings == ()
    assert cell(comparison).value == "~610 ms ±4.0 (n=5)"
    assert cell(comparison).detail == ("not judged: taken in different runs",)


def test_the_p_values_are_corrected_over_the_environments() -> None:
    """With three candidates the least p value counts three times."""
    comparison = held(FAST, SLOW, FAST, FAST)
    (finding,) = comparison.findings
    assert finding.p == pytest.approx(3 * mannwhitneyu(FAST.totals_ms, SLOW.totals_ms, method="exact").pvalue)


def test_too_many_environments_for_so_few_samples_says_how_many_are_needed() -> None:
    """Five samples a side cannot be significant among seven environments, and that is said, not hidden."""
    comparison = held(FAST, *[SLOW] * 7)
    assert comparison.findings == ()
    assert cell(comparison).state is CellState.NOISY
    assert cell(comparison).value == "~610 ms ±4.0 (n=5)"
    assert cell(comparison).detail == ("needs 6 samples a side among 7 environments",)


def test_switched_off_a_slower_environment_is_the_same() -> None:
    """With `none` the cell says so, and there is no finding."""
    comparison = held(FAST, SLOW, policy=Policy(severity={"latency.slower": Severity.NONE}))
    assert comparison.findings == ()
    assert cell(comparison).state is CellState.SAME
    assert cell(comparison).detail == ("p = 0.008", "latency.slower is switched off")


def test_the_fingerprint_of_a_slower_environment_has_no_timings() -> None:
    """Tomorrow's medians are others, and it is the same finding."""
    first, second = (held(FAST, slow).findings[0] for slow in (SLOW, timed(700, 710, 720, 706, 714)))
    assert first.actual != second.actual
    assert first.fingerprint == second.fingerprint == "2dd8ec1c403d8f3a"


def test_a_very_small_p_value_is_not_shown_as_nothing() -> None:
    """No p value is 0."""
    comparison = held(timed(*range(10, 30)), timed(*range(500, 520)))
    assert cell(comparison).detail == ("p < 0.001",)
