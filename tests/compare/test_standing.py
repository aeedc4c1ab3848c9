from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, whys
from evidences import TODAY, WHEN, chat, evidence, failed, models, skipped, timed

from envcheck.compare import compare_runs
from envcheck.comparison import CellState, Comparison
from envcheck.policy import Accept, FailOn, Policy
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.evidence import Evidence

GOOD = evidence("production", models("gpt-4o", "o3"), chat())
DEAD = (failed("models", "network", detail="connection refused"), skipped("chat"))


def result(comparison: Comparison) -> tuple[str, int]:
    return comparison.summary.verdict.value, comparison.summary.exit_code


def notices(comparison: Comparison) -> list[tuple[str | None, str, int | None]]:
    return [(each.environment, each.note.why.value, each.note.number) for each in comparison.notices if each.note]


def test_a_baseline_that_failed_is_inconclusive() -> None:
    """Exit 5, whatever the candidates did; what the baseline did pass is still compared."""
    baseline = evidence("production", models("gpt-4o", "o3"), failed("chat", "timeout"))
    staging = evidence("staging", models("gpt-4o"), chat(), samples=5)
    comparison = compared(baseline, staging, evidence("canary", *DEAD))
    assert [(finding.environment, finding.rule) for finding in comparison.findings] == [
        ("production", "probe.failed"),
        ("staging", "models.removed"),
        ("canary", "probe.failed"),
    ]
    assert comparison.findings[0].baseline == "production"
    finish = cell(comparison, "finish_reason")
    assert (finish.value, finish.state, whys(finish)) == ("stop", CellState.INCOMPARABLE, [("failed_there", None)])
    assert result(comparison) == ("inconclusive", 5)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(fail_on=FailOn.NEVER),
        Policy(severity={"probe.failed": Severity.NONE}),
        Policy(accept=(Accept("probe.failed", "production", "down for maintenance"),)),
    ],
)
def test_nothing_makes_an_inconclusive_comparison_conclusive(policy: Policy) -> None:
    """Neither a threshold, nor a severity, nor an acceptance says what the baseline would have answered."""
    records = evidence("production", *DEAD), evidence("staging", models("a"))
    assert result(compared(*records, policy=policy)) == ("inconclusive", 5)


def test_an_environment_that_nothing_was_compared_of_is_not_the_same() -> None:
    """Without one probe that passed on both sides there is no verdict, and a notice says whose fault it is."""
    comparison = compared(evidence("production", models("a"), samples=5), evidence("staging", chat(), samples=5))
    assert result(comparison) == ("inconclusive", 5)
    assert notices(comparison) == [("staging", "nothing_passed", None)]


def test_one_environment_that_nothing_was_compared_of_is_enough() -> None:
    """The others' sameness says nothing of it."""
    records = GOOD, evidence("staging", *GOOD.checks), evidence("canary", skipped("chat"))
    assert result(compared(*records)) == ("inconclusive", 5)


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        (Policy(fail_on=FailOn.NEVER), "failed"),
        (Policy(severity={"probe.failed": Severity.NONE}), "inconclusive"),
        (Policy(accept=(Accept("probe.failed", "production", "known"),)), "inconclusive"),
    ],
)
def test_nothing_reached_is_never_a_success(policy: Policy, verdict: str) -> None:
    """A run that reached nothing at all exits 5 where its failures are silenced."""
    assert result(compared(evidence("production", *DEAD), policy=policy)) == (verdict, 5)


def test_a_record_without_checks_is_not_a_success() -> None:
    """Saved evidence of nothing is inconclusive, by itself and as a baseline."""
    assert result(compared(evidence("production"))) == ("inconclusive", 5)
    assert result(compared(evidence("production"), evidence("staging", models("a")))) == ("inconclusive", 5)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((5, 5, 5), []),
        ((1, 1, 1), [(None, "latency_not_judged", 1)]),
        ((4, 7, 7), [(None, "latency_not_judged", 4)]),
        ((7, 1, 3), [(None, "latency_not_judged", 3)]),
        ((7, 7, 2), [("b", "latency_not_judged", 2)]),
    ],
)
def test_one_line_says_that_latency_is_not_judged(
    asked: tuple[int, ...], expected: list[tuple[str | None, str, int | None]]
) -> None:
    """Once for all of them, and by name where it holds for some; with the number that was asked for."""
    names = ("production", "a", "b")
    records = [evidence(name, chat(), samples=number) for name, number in zip(names, asked, strict=True)]
    assert notices(compared(*records)) == expected
    assert notices(compared(records[0])) == []


def _changed(**around: str) -> Evidence:
    return evidence("staging", models("a"), **around)  # type: ignore[arg-type]  # words all of them


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({}, {"base_url": "https://other.example.com/v1"}, ["url_changed"]),
        ({"selected_model": "a"}, {"selected_model": "b"}, ["model_changed"]),
        ({}, {"prompt_source": "custom"}, ["prompt_changed"]),
        ({"selected_model": "a"}, {"base_url": "https://x.example", "prompt_source": "custom"}, None),
    ],
)
def test_what_was_asked_in_another_way_than_before_is_told(
    before: dict[str, str], after: dict[str, str], expected: list[str] | None
) -> None:
    """Between two runs, a base URL, a model or a prompt that changed explains what differs."""
    comparison = compare_runs(
        [_changed(**before)], [_changed(**after)], policy=Policy(), generated_at=WHEN, today=TODAY
    )
    everything = ["url_changed", "model_changed", "prompt_changed"]
    assert [why for _, why, _ in notices(comparison)] == (everything if expected is None else expected)
    one_run = compared(_changed(**before), evidence("b", models("a"), samples=5, **after))  # type: ignore[arg-type]
    assert "url_changed" not in {why for _, why, _ in notices(one_run)}


def test_latencies_of_two_runs_that_are_judged_by_wish_need_five_as_well() -> None:
    """With `--judge-latency` too few samples are told as in one run."""
    runs = [[evidence("staging", chat(latency=timed(9)))] for _ in "ab"]
    for judge_latency, expected in ((False, []), (True, [(None, "latency_not_judged", 1)])):
        comparison = compare_runs(*runs, policy=Policy(), judge_latency=judge_latency, generated_at=WHEN, today=TODAY)
        assert notices(comparison) == expected
