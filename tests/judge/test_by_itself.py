from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from comparing import by_rule, cell, compared, told, whys
from evidences import TODAY, chat, evidence, failed, models

from envcheck.compare import compare_runs
from envcheck.comparison import CellState, DayValue, FindingState, HeldAgainst, Verdict
from envcheck.policy import Accept, Policy
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.evidence import Check


def listing(*, retires_on: date | None = None, is_listed: bool = True) -> Check:
    check = models("m")
    said = {"model": Redacted("m"), "retires_on": retires_on, "is_listed": is_listed}
    return check.model_copy(update={"facts": check.facts.model_copy(update=said)})


def in_days(days: int) -> Check:
    return listing(retires_on=TODAY + timedelta(days=days))


def test_the_baseline_is_found_too_and_nothing_is_inconclusive() -> None:
    """What is wrong by itself is so whatever it is held against; the environment is its own baseline."""
    comparison = compared(evidence("production", in_days(5)), evidence("staging", listing()))
    [finding] = comparison.findings
    assert (finding.rule, finding.severity) == ("model.retires", Severity.WARN)
    assert (finding.environment, finding.baseline, finding.actual) == ("production", "production", "2026-03-09")
    assert comparison.summary.verdict is Verdict.DIFFERS
    assert comparison.summary.exit_code == 3


def test_a_single_environment_is_looked_at() -> None:
    """It is held against nothing, and can be wrong all the same."""
    comparison = compared(evidence("production", listing(is_listed=False)))
    assert comparison.held_against is HeldAgainst.NOTHING
    assert told(comparison) == [("model.unlisted", "warn", None, "m")]


@pytest.mark.parametrize(
    ("days", "why"),
    [(60, None), (59, ("days_left", 59)), (0, ("days_left", 0)), (-1, ("days_ago", 1))],
)
def test_a_day_is_found_from_its_threshold_on(days: int, why: tuple[str, int] | None) -> None:
    """Also when it has passed: then nobody has looked for a while."""
    comparison = compared(evidence("production", in_days(days)))
    retires = cell(comparison, "retires_on", "production")
    assert retires.value == DayValue(day=TODAY + timedelta(days=days))
    assert whys(retires) == ([] if why is None else [why])
    assert bool(comparison.findings) is (why is not None)


def test_the_same_day_is_the_same_finding_every_night() -> None:
    """How many days are left is no part of what it is known by."""
    tonight, tomorrow = (
        compared(evidence("production", in_days(10)), today=TODAY + timedelta(days=later)) for later in (0, 1)
    )
    assert tonight.findings[0].fingerprint == tomorrow.findings[0].fingerprint
    assert tonight.findings[0].note != tomorrow.findings[0].note


def test_it_can_be_accepted_and_switched_off() -> None:
    """Like any other finding, by the name of its own environment."""
    accept = Accept("model.retires", "production", "the new one is ready", value="2026-03-09")
    record = evidence("production", in_days(5))
    accepted = compared(record, policy=Policy(accept=(accept,)))
    assert [each.state for each in accepted.findings] == [FindingState.ACCEPTED]
    assert accepted.summary.verdict is Verdict.SAME
    assert compared(record, policy=Policy(severity={"model.retires": Severity.NONE})).findings == ()


def test_nothing_is_found_where_nothing_is_known() -> None:
    """A probe that failed, and a record of an older release, say nothing of a model."""
    old, down = evidence("old", models("m")), evidence("down", failed("models", "timeout"), chat())
    assert {each.rule for each in compared(old, down, baseline="old").findings} == {"probe.failed"}


def test_between_two_runs_it_is_new_only_where_it_was_not_there() -> None:
    """A day that was known last night is not news tonight."""
    was = [evidence("a", in_days(5)), evidence("b", listing())]
    now = [evidence("a", in_days(5)), evidence("b", in_days(5))]
    comparison = compare_runs(was, now, policy=Policy(), generated_at=now[0].generated_at, today=TODAY)
    states = {each.environment: each.state for each in comparison.findings}
    assert states == {"a": FindingState.UNCHANGED, "b": FindingState.NEW}


def test_what_is_gone_is_told_once() -> None:
    """The model was replaced: the finding of the night before is absent."""
    before = compared(evidence("production", in_days(5)))
    after = compared(evidence("production", listing()), earlier=before)
    assert by_rule(after.findings)["model.retires"].state is FindingState.ABSENT
    assert cell(after, "is_listed", "production").state is CellState.SAME


def test_a_baseline_that_refuses_nothing_is_a_finding_and_no_obstacle() -> None:
    """It answered, and too readily: what else it said can be held against."""
    lenient = failed("wrong_key", "not_refused", status=200)
    comparison = compared(evidence("production", models("m"), lenient), evidence("staging", models("m"), lenient))
    assert [(each.rule, each.environment, each.baseline) for each in comparison.findings] == [
        ("probe.failed", "production", "production"),
        ("probe.failed", "staging", "staging"),
    ]
    assert comparison.summary.verdict is Verdict.FAILED
