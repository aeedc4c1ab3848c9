from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evidences import TODAY, WHEN, chat, evidence, failed, models, skipped

from envcheck.compare import Twin, compare
from envcheck.comparison import CellState
from envcheck.errors import ConfigError, EvidenceError
from envcheck.evidence import Check
from envcheck.model import Outcome
from envcheck.policy import Accept, FailOn, Policy
from envcheck.probes.chat import FinishReason
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Collection

    from envcheck.comparison import Cell, Comparison
    from envcheck.evidence import Evidence

GOOD = evidence("production", models("gpt-4o", "o3"), chat())
DEAD = (failed("models", "network", detail="connection refused"), skipped("chat"))


def held(
    *records: Evidence,
    policy: Policy | None = None,
    baseline: str | None = None,
    twins: Collection[Twin] | None = None,
) -> Comparison:
    return compare(
        records, baseline=baseline, policy=policy or Policy(), memory=Memory(twins), generated_at=WHEN, today=TODAY
    )


def cell(comparison: Comparison, probe: str, field: str, name: str = "staging") -> Cell:
    return next(row.cells[name] for row in comparison.rows if (row.probe, row.field) == (probe, field))


def result(comparison: Comparison) -> tuple[str, int]:
    return comparison.summary.verdict.value, comparison.summary.exit_code


def test_a_failed_probe_is_one_finding() -> None:
    """Not forty removed models: one error with the class, and the cells of its facts are errors."""
    comparison = held(GOOD, evidence("staging", failed("models", "auth", status=401), chat()))
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity, finding.field) == ("probe.failed", "err", "models.outcome")
    assert (finding.expected, finding.actual, finding.baseline) == ("pass", "auth", "production")
    assert cell(comparison, "models", "outcome").value == "auth (HTTP 401)"
    assert cell(comparison, "models", "outcome").state is CellState.ERROR
    assert cell(comparison, "models", "model_ids").value is None
    assert cell(comparison, "models", "model_ids").state is CellState.ERROR
    assert result(comparison) == ("failed", 4)


def test_the_other_probes_of_a_failed_environment_are_compared() -> None:
    """One dead probe hides nothing of the others; failing goes before differing."""
    record = evidence("staging", failed("models", "http_418", status=418), chat(finish=FinishReason.LENGTH))
    comparison = held(GOOD, record)
    assert [finding.rule for finding in comparison.findings] == ["probe.failed", "chat.finish_reason"]
    assert cell(comparison, "models", "outcome").value == "http_418"
    assert result(comparison) == ("failed", 4)


def test_a_skipped_probe_is_not_probed() -> None:
    """What was not sent is no finding of its own; the cell says why."""
    comparison = held(GOOD, evidence("staging", *DEAD))
    assert len(comparison.findings) == 1
    assert cell(comparison, "models", "outcome").detail == ("connection refused",)
    assert cell(comparison, "chat", "outcome").value == "skipped"
    assert cell(comparison, "chat", "outcome").detail == ("models failed",)
    assert {cell(comparison, "chat", field).state for field in ("outcome", "finish_reason")} == {CellState.NOT_PROBED}


def test_a_baseline_that_failed_is_inconclusive() -> None:
    """Exit 5, whatever the candidates did; what the baseline did pass is still compared."""
    baseline = evidence("production", models("gpt-4o", "o3"), failed("chat", "timeout"))
    staging = evidence("staging", models("gpt-4o"), chat())
    comparison = held(baseline, staging, evidence("canary", *DEAD))
    assert [(finding.environment, finding.rule) for finding in comparison.findings] == [
        ("production", "probe.failed"),
        ("staging", "models.removed"),
        ("canary", "probe.failed"),
    ]
    assert comparison.findings[0].baseline == "production"
    assert cell(comparison, "chat", "finish_reason").value == "stop"
    assert cell(comparison, "chat", "finish_reason").state is CellState.INCOMPARABLE
    assert cell(comparison, "chat", "finish_reason").detail == ("the probe failed in the baseline",)
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
    assert result(held(evidence("production", *DEAD), evidence("staging", models("a")), policy=policy)) == (
        "inconclusive",
        5,
    )


def test_a_probe_on_one_side_only_is_not_probed() -> None:
    """Different probes are no difference; the value is shown all the same."""
    comparison = held(evidence("production", models("a")), evidence("staging", models("a"), chat()))
    assert comparison.findings == ()
    assert cell(comparison, "chat", "finish_reason").value == "stop"
    assert cell(comparison, "chat", "finish_reason").state is CellState.NOT_PROBED
    assert cell(comparison, "chat", "finish_reason").detail == ("not probed in the baseline",)
    assert cell(comparison, "chat", "finish_reason", "production").state is CellState.NOT_PROBED
    assert result(comparison) == ("same", 0)
    comparison = held(evidence("production", models("a"), chat()), evidence("staging", models("a")))
    assert cell(comparison, "chat", "finish_reason").state is CellState.NOT_PROBED
    assert result(comparison) == ("same", 0)


def test_an_environment_that_nothing_was_compared_of_is_not_the_same() -> None:
    """Without one probe that passed on both sides there is no verdict, and a notice says whose fault it is."""
    comparison = held(evidence("production", models("a")), evidence("staging", chat()))
    assert result(comparison) == ("inconclusive", 5)
    assert [(notice.environment, notice.text) for notice in comparison.notices] == [
        ("staging", "no probe passed on both sides, so not compared")
    ]


def test_a_single_environment_is_shown_and_not_compared() -> None:
    """It passes with 0."""
    comparison = held(GOOD)
    assert comparison.baseline is None
    assert comparison.held_against == "nothing"
    assert cell(comparison, "models", "model_ids", "production").value == "2 models"
    assert result(comparison) == ("same", 0)


def test_a_single_environment_that_fails_is_a_finding() -> None:
    """It fails with 4, by a finding whose baseline is itself."""
    comparison = held(evidence("production", models("a"), failed("chat", "timeout")))
    assert [(each.rule, each.environment, each.baseline) for each in comparison.findings] == [
        ("probe.failed", "production", "production")
    ]
    assert result(comparison) == ("failed", 4)


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
    assert result(held(evidence("production", *DEAD), policy=policy)) == (verdict, 5)


def test_a_record_without_checks_is_not_a_success() -> None:
    """Saved evidence of nothing is inconclusive, by itself and as a baseline."""
    assert result(held(evidence("production"))) == ("inconclusive", 5)
    assert result(held(evidence("production"), evidence("staging", models("a")))) == ("inconclusive", 5)


@pytest.mark.parametrize(
    ("policy", "exit_code"),
    [
        (Policy(fail_on=FailOn.NEVER), 0),
        (Policy(severity={"probe.failed": Severity.INFO}), 0),
        (Policy(severity={"probe.failed": Severity.INFO}, fail_on=FailOn.INFO), 4),
        (Policy(severity={"probe.failed": Severity.NONE}), 0),
        (Policy(accept=(Accept("probe.failed", "staging", "not rolled out"),)), 0),
        (Policy(accept=(Accept("probe.failed", "staging", "not rolled out", value="auth"),)), 4),
        (Policy(accept=(Accept("probe.failed", "staging", "not rolled out", value="network"),)), 0),
    ],
)
def test_a_failure_counts_as_its_severity_says(policy: Policy, exit_code: int) -> None:
    """Threshold, override and acceptance hold for a failed probe as for any finding."""
    assert held(GOOD, evidence("staging", *DEAD), policy=policy).summary.exit_code == exit_code


@pytest.mark.parametrize(
    ("fail_on", "exit_code", "counted"),
    [(FailOn.ERR, 0, 0), (FailOn.WARN, 3, 1), (FailOn.INFO, 3, 2), (FailOn.NEVER, 0, 0)],
)
def test_what_is_below_the_threshold_is_told_and_not_counted(fail_on: FailOn, exit_code: int, counted: int) -> None:
    """The verdict is the same at every threshold; the exit code is not."""
    staging = evidence("staging", models("gpt-4o", "o3", "o4"), chat(finish=FinishReason.LENGTH))
    comparison = held(GOOD, staging, policy=Policy(fail_on=fail_on))
    summary = comparison.summary
    assert (summary.err, summary.warn, summary.info, summary.accepted) == (0, 1, 1, 0)
    assert (summary.counted, summary.fail_on) == (counted, fail_on.value)
    assert result(comparison) == ("differs", exit_code)


def test_samples_that_failed_later_are_noise() -> None:
    """A check that passed first and failed now and then says so, and is no finding."""
    flaky = evidence("staging", chat(failed_samples={"upstream_or_gateway": 1}), samples=8)
    comparison = held(evidence("production", chat()), flaky)
    assert comparison.findings == ()
    assert cell(comparison, "chat", "outcome").value == "pass, 1 of 8 failed: upstream_or_gateway"
    assert cell(comparison, "chat", "outcome").state is CellState.NOISY
    assert result(comparison) == ("same", 0)


def test_the_baseline_comes_first_and_the_rest_in_order() -> None:
    """Whatever their place, every environment is held against the named baseline."""
    records = [evidence(name, models("a")) for name in ("canary", "production", "staging")]
    comparison = held(*records, baseline="production")
    assert comparison.environments == ("production", "canary", "staging")
    assert all(tuple(row.cells) == comparison.environments for row in comparison.rows)


def test_without_a_name_the_first_is_the_baseline() -> None:
    """As for saved files that are compared."""
    assert held(evidence("a", chat()), evidence("b", chat())).baseline == "a"


def test_a_baseline_that_is_not_there_is_a_mistake() -> None:
    """The names that there are, are named."""
    with pytest.raises(ConfigError, match="production is not among the environments compared: canary, staging"):
        held(evidence("canary", chat()), evidence("staging", chat()), baseline="production")


def test_records_that_cannot_be_told_apart_are_refused() -> None:
    """Two records of one environment have no columns of their own; and of none there is nothing to show."""
    with pytest.raises(EvidenceError, match="two records are of the same environment"):
        held(GOOD, GOOD)
    with pytest.raises(EvidenceError, match="no evidence"):
        held()


def test_a_candidate_that_points_at_its_baseline_is_a_finding() -> None:
    """Both kinds are warnings in a row of their own, with nothing of an address or a key in them."""
    twins = [Twin("target.same_endpoint", "staging"), Twin("target.same_key", "canary")]
    comparison = held(GOOD, *(evidence(name, *GOOD.checks) for name in ("staging", "canary")), memory=Memory(twins))
    found = [(each.rule, each.environment, each.field, each.expected, each.actual) for each in comparison.findings]
    assert found == [
        ("target.same_endpoint", "staging", "target.endpoint", None, None),
        ("target.same_key", "canary", "target.key", None, None),
    ]
    assert cell(comparison, "target", "endpoint").state is CellState.DIFFERS
    assert cell(comparison, "target", "endpoint").value == "the baseline's"
    assert cell(comparison, "target", "endpoint", "canary").state is CellState.SAME
    assert result(comparison) == ("differs", 3)


@pytest.mark.parametrize(
    ("twins", "policy"),
    [
        ([], Policy()),
        ([Twin("target.same_key", "staging")], Policy(severity={"target.same_key": Severity.NONE})),
    ],
)
def test_without_twins_there_is_no_row_for_them(twins: Collection[Twin], policy: Policy) -> None:
    """The table does not tell of what is as it should be."""
    comparison = held(GOOD, evidence("staging", *GOOD.checks), memory=Memory(twins), policy=policy)
    assert comparison.findings == ()
    assert "target" not in {row.probe for row in comparison.rows}


def test_a_probe_that_this_version_does_not_know_shows_its_outcome() -> None:
    """A record of a probe without fields of ours has an outcome, and no facts."""
    unknown = Check(probe="embeddings", request=Redacted("POST /embeddings"), outcome=Outcome.FAIL)
    comparison = held(evidence("production", unknown), evidence("staging", unknown))
    assert [(row.probe, row.field) for row in comparison.rows] == [("embeddings", "outcome")]


def test_a_failure_without_a_class_is_told_as_unknown() -> None:
    """A record that was edited by hand may fail without saying how."""
    broken = Check(probe="chat", request=Redacted("POST /chat/completions"), outcome=Outcome.FAIL)
    comparison = held(evidence("production", chat()), evidence("staging", broken))
    assert comparison.findings[0].actual == "unknown"
    assert cell(comparison, "chat", "outcome").value == "unknown"
