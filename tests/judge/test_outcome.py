from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, states, told, whys
from evidences import TODAY, WHEN, chat, evidence, failed, models, skipped, stream, timed

from envcheck.compare import compare_runs
from envcheck.comparison import CellState, OutcomeValue
from envcheck.evidence import Check, Latency
from envcheck.model import Outcome
from envcheck.policy import Policy
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

GOOD = evidence("production", models("gpt-4o", "o3"), chat())
UPSTREAM = {"upstream_or_gateway": 1}
NONE_THERE = Check(probe="stream", request=Redacted("POST /x"), outcome=Outcome.UNSUPPORTED, http_status=404)


def named(failures: Mapping[str, int]) -> dict[FailureName, int]:
    return {FailureName(name): number for name, number in failures.items()}


def test_a_failed_probe_is_one_finding() -> None:
    """Not forty removed models: one error with the class, and the cells of its facts are errors."""
    comparison = compared(GOOD, evidence("staging", failed("models", "auth", status=401, detail="no"), chat()))
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity, finding.field) == ("probe.failed", "err", "models.outcome")
    assert (finding.expected, finding.actual, finding.baseline, finding.n) == ("pass", "auth", "production", 1)
    assert cell(comparison, "outcome").value == OutcomeValue(
        outcome=Outcome.FAIL, failure_class=FailureName("auth"), http_status=401, detail=Redacted("no")
    )
    assert cell(comparison, "outcome").state is CellState.ERROR
    assert (cell(comparison, "model_ids").value, cell(comparison, "model_ids").state) == (None, CellState.ERROR)
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("failed", 4)


def test_a_failure_that_is_switched_off_still_shows() -> None:
    """There is no finding, and the cell is an error all the same."""
    off = Policy(severity={"probe.failed": Severity.NONE})
    comparison = compared(GOOD, evidence("staging", failed("models", "auth"), chat()), policy=off)
    assert comparison.findings == ()
    assert cell(comparison, "outcome").state is CellState.ERROR


def test_a_skipped_probe_is_not_probed() -> None:
    """What was not sent is no finding of its own; the cell says why."""
    comparison = compared(GOOD, evidence("staging", failed("models", "network"), skipped("chat")))
    assert len(comparison.findings) == 1
    outcome = cell(comparison, "outcome", probe="chat")
    assert outcome.value == OutcomeValue(outcome=Outcome.SKIPPED, detail=Redacted("models failed"))
    assert {outcome.state, cell(comparison, "finish_reason").state} == {CellState.NOT_PROBED}


def test_a_probe_on_one_side_only_is_not_probed() -> None:
    """Different probes are no difference; the value is shown all the same, and a note names what was not asked."""
    comparison = compared(evidence("production", models("a")), evidence("staging", models("a"), chat()))
    assert comparison.findings == ()
    assert cell(comparison, "finish_reason").value == "stop"
    assert cell(comparison, "finish_reason").state is CellState.NOT_PROBED
    assert whys(cell(comparison, "outcome", probe="chat")) == [("not_probed_there", None)]
    assert cell(comparison, "finish_reason", "production").state is CellState.NOT_PROBED
    comparison = compared(evidence("production", models("a"), chat()), evidence("staging", models("a")))
    assert cell(comparison, "finish_reason").state is CellState.NOT_PROBED
    assert whys(cell(comparison, "outcome", probe="chat")) == [("not_asked", None)]
    assert comparison.summary.exit_code == 0


@pytest.mark.parametrize(
    ("failures", "tried", "other_tried", "other_failures", "is_found"),
    [
        ({"timeout": 2}, 7, 7, {}, True),
        ({"timeout": 1, "network": 1}, 7, 7, {}, True),
        (UPSTREAM, 15, 10, {}, True),
        (UPSTREAM, 15, 9, {}, False),
        (UPSTREAM, 15, 15, UPSTREAM, False),
        ({"timeout": 2}, 15, 15, {"timeout": 2}, True),
        ({}, 15, 15, {}, False),
    ],
)
def test_failures_of_single_samples_are_a_finding(
    failures: dict[str, int], tried: int, other_tried: int, other_failures: dict[str, int], *, is_found: bool
) -> None:
    """Two and more, or one where the other side has none in ten; by class, with the number really taken."""
    comparison = compared(
        evidence("production", chat(failed_samples=other_failures, tried=other_tried)),
        evidence("staging", chat(failed_samples=failures, tried=tried)),
    )
    found = [each for each in comparison.findings if each.environment == "staging"]
    assert [(each.rule, each.severity, each.failed, each.n, each.field) for each in found] == (
        [("probe.unreliable", "warn", failures, tried, "chat.outcome")] if is_found else []
    )
    shown = cell(comparison, "outcome")
    assert shown.value == OutcomeValue(outcome=Outcome.PASS, http_status=200, failed=named(failures), taken=tried)
    noise = CellState.NOISY if failures else CellState.SAME
    assert shown.state is (CellState.DIFFERS if is_found else noise)


def test_an_unreliable_baseline_is_found_too() -> None:
    """In its own column, as its own baseline, and it blinds nobody: all else is compared."""
    comparison = compared(
        evidence("production", chat(failed_samples={"timeout": 5}, tried=15)),
        evidence("staging", chat(finish="length", tried=15)),
    )
    assert [(each.rule, each.environment, each.baseline) for each in comparison.findings] == [
        ("probe.unreliable", "production", "production"),
        ("chat.finish_reason", "staging", "production"),
    ]
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("differs", 3)


@pytest.mark.parametrize(("others", "is_found"), [([{}, {}], True), ([{}, UPSTREAM], False)])
def test_one_failure_of_the_baseline_is_held_against_all_candidates(
    others: list[dict[str, int]], *, is_found: bool
) -> None:
    """Where one of them failed as well, it may be anybody's."""
    candidates = [evidence(f"e{n}", chat(failed_samples=each, tried=15)) for n, each in enumerate(others)]
    comparison = compared(evidence("production", chat(failed_samples=UPSTREAM, tried=15)), *candidates)
    assert ("production" in {each.environment for each in comparison.findings}) is is_found


def test_a_single_environment_is_unreliable_by_itself() -> None:
    """Two failures are enough without anybody to compare it with; one is not."""
    for failures, rules in (({"timeout": 2}, ["probe.unreliable"]), ({"timeout": 1}, [])):
        comparison = compared(evidence("production", chat(failed_samples=failures, tried=15)))
        assert [each.rule for each in comparison.findings] == rules
        assert comparison.summary.exit_code == (3 if rules else 0)


def test_an_opening_that_passed_when_asked_again_is_unreliable() -> None:
    """Not failed, and not the same as one that passed at once."""
    flaky = chat(failed_samples={"timeout": 1}, tried=8, passed_when_asked_again=True)
    comparison = compared(evidence("production", chat(tried=7)), evidence("staging", flaky))
    assert [(each.rule, each.n) for each in comparison.findings] == [("probe.unreliable", 8)]


def test_a_failed_check_is_not_unreliable_as_well() -> None:
    """It is one finding."""
    broken = failed("chat", "timeout").model_copy(update={"failed_samples": {"timeout": 3}})
    comparison = compared(GOOD, evidence("staging", models("gpt-4o", "o3"), broken))
    assert [each.rule for each in comparison.findings] == ["probe.failed"]


def test_a_failed_baseline_is_no_witness() -> None:
    """That it has no failed samples says nothing where it never passed."""
    comparison = compared(
        evidence("production", failed("chat", "timeout").model_copy(update={"tried": 0})),
        evidence("staging", chat(failed_samples=UPSTREAM, tried=15)),
    )
    assert [each.environment for each in comparison.findings] == ["production"]
    assert whys(cell(comparison, "outcome")) == [("failed_there", None)]


def test_unreliable_can_be_switched_off() -> None:
    """Then the failures are shown as noise."""
    off = Policy(severity={"probe.unreliable": Severity.NONE})
    comparison = compared(
        evidence("production", chat()), evidence("staging", chat(failed_samples={"timeout": 3}, tried=9)), policy=off
    )
    assert comparison.findings == ()
    assert cell(comparison, "outcome").state is CellState.NOISY


def test_the_same_unreliability_is_known_again() -> None:
    """Tomorrow's count is another one, and it is the same finding; a good night resolves it."""
    first, second = (
        evidence("staging", chat(failed_samples=failures, tried=15)) for failures in ({"timeout": 2}, {"network": 5})
    )
    production = evidence("production", chat(tried=15))
    last_night = compared(production, first)
    tonight = compared(production, second, earlier=last_night)
    assert states(tonight) == [("probe.unreliable", None, "unchanged")]
    assert states(compared(production, evidence("staging", chat(tried=15)), earlier=tonight)) == [
        ("probe.unreliable", None, "absent")
    ]


@pytest.mark.parametrize(
    ("latency", "failures", "taken"),
    [
        (timed(*[9.0] * 6, voided=3), {"timeout": 1}, 6),
        (timed(*[9.0] * 6).model_copy(update={"taken": 0}), {"timeout": 1}, 6),
        (timed(), {"timeout": 2}, 2),
    ],
)
def test_a_record_that_does_not_say_how_many_counts_what_it_has(
    latency: Latency, failures: dict[str, int], taken: int
) -> None:
    """Records of 0.1.0 hold no number of tries: never less than what failed, and nothing that was void."""
    record = evidence("staging", chat(latency=latency, failed_samples=failures))
    comparison = compared(evidence("production", chat()), record)
    value = cell(comparison, "outcome").value
    assert isinstance(value, OutcomeValue)
    assert value.taken == taken


def test_a_probe_that_this_version_does_not_know_shows_its_outcome() -> None:
    """A record of a probe without fields of ours has an outcome, and no facts."""
    unknown = Check(probe="embeddings", request=Redacted("POST /embeddings"), outcome=Outcome.FAIL)
    comparison = compared(evidence("production", unknown), evidence("staging", unknown))
    assert [(row.probe, row.field) for row in comparison.rows] == [("embeddings", "outcome")]


def test_a_failure_without_a_class_is_told_as_unknown() -> None:
    """A record that was edited by hand may fail without saying how."""
    broken = Check(probe="chat", request=Redacted("POST /chat/completions"), outcome=Outcome.FAIL)
    comparison = compared(evidence("production", chat()), evidence("staging", broken))
    assert told(comparison) == [("probe.failed", "err", "pass", "unknown")]


def test_against_an_earlier_run_both_outcomes_are_shown() -> None:
    """What it was stands beside what it is."""
    comparison = compare_runs(
        [evidence("staging", chat())],
        [evidence("staging", failed("chat", "timeout"))],
        policy=Policy(),
        generated_at=WHEN,
        today=TODAY,
    )
    assert told(comparison) == [("probe.failed", "err", "pass", "timeout")]
    assert cell(comparison, "outcome").expected == OutcomeValue(outcome=Outcome.PASS, http_status=200)


def test_what_only_the_candidate_has_may_still_be_unreliable() -> None:
    """That the baseline does without it makes nothing of the failures good."""
    unsteady = stream(failed_samples={"upstream_or_gateway": 5}, tried=15)
    comparison = compared(evidence("production", models("a"), NONE_THERE), evidence("staging", models("a"), unsteady))
    assert [each.rule for each in comparison.findings] == ["capability.added", "probe.unreliable"]
    assert comparison.summary.exit_code == 3
    assert cell(comparison, "outcome", probe="stream").state is CellState.ADDED


@pytest.mark.parametrize(
    ("production", "staging", "state"),
    [
        (NONE_THERE, NONE_THERE, CellState.SAME),
        (NONE_THERE, stream(), CellState.ADDED),
        (stream(), NONE_THERE, CellState.REMOVED),
        (failed("stream", "network"), NONE_THERE, CellState.INCOMPARABLE),
    ],
)
def test_what_a_gateway_does_without_is_shown_on_both_sides(
    production: Check, staging: Check, state: CellState
) -> None:
    """It was asked for, and answered that it has none; a cell without a value says that nobody asked."""
    comparison = compared(evidence("production", models("a"), production), evidence("staging", models("a"), staging))
    cells = {name: cell(comparison, "outcome", name, "stream") for name in ("production", "staging")}
    ended = {name: each.value.outcome for name, each in cells.items() if isinstance(each.value, OutcomeValue)}
    assert ended == {"production": production.outcome, "staging": staging.outcome}
    assert cells["staging"].state is state
