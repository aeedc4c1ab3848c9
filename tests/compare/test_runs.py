from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, whys
from evidences import TODAY, WHEN, chat, evidence, failed, models, safe, skipped, timed

from envcheck.compare import compare_runs
from envcheck.comparison import CellState, DurationValue, MembersValue, OutcomeValue
from envcheck.errors import EvidenceError
from envcheck.model import Outcome
from envcheck.policy import Policy
from envcheck.record import FailureName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

FAST = timed(230, 240, 250, 236, 244)


def held(
    before: Sequence[Evidence],
    after: Sequence[Evidence],
    *,
    judge_latency: bool = False,
    earlier: Comparison | None = None,
) -> Comparison:
    return compare_runs(
        before,
        after,
        policy=Policy(),
        judge_latency=judge_latency,
        earlier=earlier,
        generated_at=WHEN,
        today=TODAY,
    )


def test_each_environment_is_held_against_itself() -> None:
    """Last night's staging is the baseline of tonight's; a changed value shows both, and its finding names it twice."""
    comparison = held(
        [evidence("production", models("a"), chat()), evidence("staging", models("a", "b"), chat())],
        [
            evidence("production", models("a"), chat()),
            evidence("staging", models("a"), chat(finish="length")),
        ],
    )
    assert comparison.held_against == "itself_earlier"
    assert comparison.baseline is None
    assert comparison.environments == ("production", "staging")
    assert [(each.rule, each.environment, each.baseline, each.value) for each in comparison.findings] == [
        ("models.removed", "staging", "staging", "b"),
        ("chat.finish_reason", "staging", "staging", "length"),
    ]
    finish = cell(comparison, "finish_reason")
    assert (finish.expected, finish.value) == ("stop", "length")
    assert cell(comparison, "model_ids").expected == MembersValue(noun="model", total=2)
    assert cell(comparison, "model_ids").value == MembersValue(noun="model", total=1, removed=safe("b"))
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("differs", 3)


def test_two_equal_runs_are_the_same() -> None:
    """Nothing changed, exit 0."""
    run = [evidence("production", models("a"), chat(latency=FAST))]
    comparison = held(run, run)
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("same", 0)


def test_a_usage_block_that_went_shows_both() -> None:
    """Its cell says what was there and that it is missing, or the other way round."""
    there, missing = (MembersValue(noun="field", total=total) for total in (2, None))
    with_usage, without = evidence("staging", chat()), evidence("staging", chat(usage=None))
    for before, after, expected, value in (
        (with_usage, without, there, missing),
        (without, with_usage, missing, there),
    ):
        usage = cell(held([before], [after]), "usage_fields")
        assert (usage.expected, usage.value) == (expected, value)


def test_a_latency_that_was_not_there_before_is_shown() -> None:
    """An earlier run without a timing does not hide tonight's."""
    latency = cell(held([evidence("staging", chat())], [evidence("staging", chat(latency=FAST))]), "latency")
    assert (latency.expected, whys(latency)) == (None, [("different_runs", None)])
    assert latency.value == DurationValue(median_ms=240, half_iqr_ms=4, n=5)


def test_an_environment_of_one_run_only_is_told() -> None:
    """It is a column and a notice, never dropped; by itself it is no finding."""
    same = evidence("production", models("a"), chat())
    comparison = held(
        [evidence("old", models("a"), chat()), same], [same, evidence("young", models("a"), failed("chat", "auth"))]
    )
    assert comparison.environments == ("production", "young", "old")
    assert [(notice.environment, notice.note and notice.note.why) for notice in comparison.notices] == [
        ("young", "not_probed_there"),
        ("old", "only_earlier"),
    ]
    assert cell(comparison, "model_ids", "young").value == MembersValue(noun="model", total=1)
    assert cell(comparison, "model_ids", "young").state is CellState.NOT_PROBED
    assert cell(comparison, "model_ids", "old").value is None
    assert cell(comparison, "model_ids", "old").state is CellState.NOT_PROBED
    assert [(each.rule, each.environment) for each in comparison.findings] == [("probe.failed", "young")]
    assert comparison.summary.exit_code == 4


def test_runs_that_have_no_environment_in_common_are_inconclusive() -> None:
    """Nothing was held against anything."""
    comparison = held([evidence("a", chat())], [evidence("b", chat())])
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("inconclusive", 5)


def test_what_failed_in_the_earlier_run_cannot_be_compared() -> None:
    """A night that failed is no baseline: inconclusive, and the cell shows what became of it."""
    comparison = held(
        [evidence("staging", failed("models", "auth", status=401), skipped("chat"))],
        [evidence("staging", models("a"), chat())],
    )
    assert comparison.findings == ()
    assert cell(comparison, "outcome").expected == OutcomeValue(
        outcome=Outcome.FAIL, failure_class=FailureName("auth"), http_status=401
    )
    assert cell(comparison, "model_ids").state is CellState.INCOMPARABLE
    assert whys(cell(comparison, "model_ids")) == [("failed_there", None)]
    assert whys(cell(comparison, "finish_reason")) == [("not_probed_there", None)]
    assert [notice.note and notice.note.why for notice in comparison.notices] == ["failed_there"]
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("inconclusive", 5)


def test_a_probe_that_fails_tonight_is_a_failure() -> None:
    """It passed last night, and its finding says what it fails with."""
    comparison = held([evidence("staging", chat())], [evidence("staging", failed("chat", "timeout"))])
    assert [(each.expected, each.actual) for each in comparison.findings] == [("pass", "timeout")]
    assert comparison.summary.exit_code == 4


def test_a_run_without_evidence_is_refused() -> None:
    """There is nothing to compare in an empty folder."""
    with pytest.raises(EvidenceError, match="no evidence"):
        held([], [evidence("staging", chat())])


def test_two_comparisons_of_runs_are_held_together_over_time() -> None:
    """Findings of a comparison of runs are known again in the next."""
    full, less = evidence("staging", models("a", "b")), evidence("staging", models("a"))
    first = held([full], [less])
    again = held([full], [less], earlier=first)
    assert [each.state.value for each in again.findings] == ["unchanged"]
