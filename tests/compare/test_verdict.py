from __future__ import annotations

import pytest
from comparing import compared
from evidences import TODAY, WHEN, chat, evidence, failed, models, skipped

from envcheck.compare import compare_runs
from envcheck.comparison import Comparison, EnvironmentSummary, Standing
from envcheck.policy import Accept, FailOn, Policy
from envcheck.rules import Severity

GOOD = evidence("production", models("gpt-4o", "o3"), chat())
DEAD = (failed("models", "network", detail="connection refused"), skipped("chat"))
DOUBTFUL = [evidence(name, models("a", "[redacted]")) for name in ("production", "staging")]


def result(comparison: Comparison) -> tuple[str, int]:
    return comparison.summary.verdict.value, comparison.summary.exit_code


def one(
    verdict: Standing, *, err: int = 0, warn: int = 0, accepted: int = 0, worst: str | None = None
) -> EnvironmentSummary:
    return EnvironmentSummary(verdict=verdict, err=err, warn=warn, info=0, accepted=accepted, worst_rule=worst)


def test_the_other_probes_of_a_failed_environment_are_compared() -> None:
    """One dead probe hides nothing of the others; failing goes before differing."""
    comparison = compared(GOOD, evidence("staging", failed("models", "http_418", status=418), chat(finish="length")))
    assert [finding.rule for finding in comparison.findings] == ["probe.failed", "chat.finish_reason"]
    assert result(comparison) == ("failed", 4)


def test_a_single_environment_is_shown_and_not_compared() -> None:
    """It passes with 0."""
    comparison = compared(GOOD)
    assert comparison.baseline is None
    assert comparison.held_against == "nothing"
    assert result(comparison) == ("same", 0)
    assert comparison.summary.by_environment["production"].verdict is Standing.NOT_COMPARED


def test_a_single_environment_that_fails_is_a_finding() -> None:
    """It fails with 4, by a finding whose baseline is itself."""
    comparison = compared(evidence("production", models("a"), failed("chat", "timeout")))
    assert [(each.rule, each.environment, each.baseline) for each in comparison.findings] == [
        ("probe.failed", "production", "production")
    ]
    assert result(comparison) == ("failed", 4)


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
    assert compared(GOOD, evidence("staging", *DEAD), policy=policy).summary.exit_code == exit_code


@pytest.mark.parametrize(
    ("fail_on", "exit_code", "counted"),
    [
        (FailOn.ERR, 0, []),
        (FailOn.WARN, 3, ["chat.finish_reason"]),
        (FailOn.INFO, 3, ["models.added", "chat.finish_reason"]),
        (FailOn.NEVER, 0, []),
    ],
)
def test_what_is_below_the_threshold_is_told_and_not_counted(
    fail_on: FailOn, exit_code: int, counted: list[str]
) -> None:
    """The verdict is the same at every threshold; the exit code is not, and each finding says whether it counts."""
    staging = evidence("staging", models("gpt-4o", "o3", "o4"), chat(finish="length"))
    comparison = compared(GOOD, staging, policy=Policy(fail_on=fail_on))
    summary = comparison.summary
    assert (summary.err, summary.warn, summary.info, summary.accepted) == (0, 1, 1, 0)
    assert [each.rule for each in comparison.findings if each.counted] == counted
    assert (summary.counted, summary.fail_on) == (len(counted), fail_on.value)
    assert result(comparison) == ("differs", exit_code)


@pytest.mark.parametrize(
    ("policy", "exit_code"),
    [
        (Policy(), 0),
        (Policy(fail_on=FailOn.INFO), 3),
        (Policy(severity={"models.undecided": Severity.WARN}), 3),
        (Policy(fail_on_undecided=True), 3),
        (Policy(fail_on_undecided=True, fail_on=FailOn.ERR), 3),
        (Policy(fail_on_undecided=True, fail_on=FailOn.NEVER), 0),
        (Policy(fail_on_undecided=True, accept=(Accept("models.undecided", "staging", "known"),)), 0),
    ],
)
def test_what_is_undecided_counts_where_that_is_asked_for(policy: Policy, exit_code: int) -> None:
    """By its severity, or all of it by `--fail-on-undecided`; it is counted by itself, and never as a difference."""
    comparison = compared(*DOUBTFUL, policy=policy)
    assert result(comparison) == ("same", exit_code)
    summary = comparison.summary
    accepted = 1 if policy.accept else 0
    assert (summary.undecided, summary.accepted, summary.err, summary.warn, summary.info) == (
        1 - accepted,
        accepted,
        0,
        0,
        0,
    )
    assert summary.counted == (1 if exit_code else 0)


def test_what_was_undecided_last_night_is_not_new() -> None:
    """With `--fail-on-new` only a doubt that is new counts."""
    policy = Policy(fail_on_undecided=True, only_new_count=True)
    first = compared(*DOUBTFUL, policy=policy)
    again = compared(*DOUBTFUL, policy=policy, earlier=first)
    assert (first.summary.exit_code, again.summary.exit_code) == (3, 0)


def test_each_environment_in_one_line() -> None:
    """What stands open in each, the worst of it by name, and what could not be decided is not called the same."""
    hidden = models("gpt-4o", "[redacted]")
    comparison = compared(
        evidence("production", hidden, chat()),
        evidence("same", models("gpt-4o", "o3", "[redacted]"), chat(answered="gpt-5")),
        evidence("undecided", hidden, chat()),
        evidence("failed", *DEAD),
        evidence("differs", hidden, chat(finish="length", usage=None)),
        policy=Policy(
            severity={"models.undecided": Severity.ERR},
            accept=tuple(
                Accept(rule, "same", "known") for rule in ("models.added", "models.undecided", "chat.model_answered")
            ),
        ),
    )
    expected = {
        "production": one(Standing.NOT_COMPARED),
        "same": one(Standing.SAME, accepted=3),
        "undecided": one(Standing.UNDECIDED, worst="models.undecided"),
        "failed": one(Standing.FAILED, err=1, worst="probe.failed"),
        "differs": one(Standing.DIFFERS, err=1, warn=1, worst="chat.usage"),
    }
    assert comparison.summary.by_environment == expected


def test_what_is_resolved_makes_no_environment_differ() -> None:
    """An absent finding is told, and counts nowhere."""
    last_night = compared(GOOD, evidence("staging", models("gpt-4o"), chat()))
    tonight = compared(GOOD, evidence("staging", *GOOD.checks), earlier=last_night)
    assert [(each.rule, each.counted) for each in tonight.findings] == [("models.removed", False)]
    assert tonight.summary.by_environment["staging"].verdict is Standing.SAME
    assert result(tonight) == ("same", 0)


def test_an_environment_of_one_run_only_is_not_compared() -> None:
    """It is called neither the same nor different."""
    both, young = evidence("staging", models("a")), evidence("young", models("a"))
    comparison = compare_runs([both], [both, young], policy=Policy(), generated_at=WHEN, today=TODAY)
    assert {name: each.verdict.value for name, each in comparison.summary.by_environment.items()} == {
        "staging": "same",
        "young": "not_compared",
    }
