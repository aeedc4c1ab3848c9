from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from evidences import TODAY, WHEN, chat, evidence, failed, models, timed

from envcheck.compare import compare
from envcheck.comparison import CellState, FindingState
from envcheck.policy import Accept, Policy
from envcheck.probes.chat import FinishReason

if TYPE_CHECKING:
    from envcheck.comparison import Cell, Comparison
    from envcheck.evidence import Evidence

REASON = "not rolled out to staging yet"
TWO_GONE = (
    evidence("production", models("gpt-4o", "o3", "o3-pro")),
    evidence("staging", models("gpt-4o")),
)


def accept(rule: str = "models.removed", environment: str = "staging", **about: str | date) -> Accept:
    return Accept(rule, environment, REASON, **about)  # type: ignore[arg-type]  # value and expires


def held(*accepts: Accept, records: tuple[Evidence, ...] = TWO_GONE) -> Comparison:
    return compare(records, baseline=None, policy=Policy(accept=accepts), generated_at=WHEN, today=TODAY)


def cell(comparison: Comparison, field: str = "model_ids") -> Cell:
    return next(row.cells["staging"] for row in comparison.rows if row.field == field)


def test_what_is_accepted_is_shown_and_not_counted() -> None:
    """Each finding carries the reason, the cell is marked, and the environments count as the same."""
    comparison = held(accept())
    assert {(each.state, each.reason) for each in comparison.findings} == {(FindingState.ACCEPTED, REASON)}
    assert cell(comparison).state is CellState.ACCEPTED
    assert cell(comparison).value == "1 model (-2)"
    assert comparison.summary.accepted == 2
    assert (comparison.summary.err, comparison.summary.exit_code, comparison.summary.verdict) == (0, 0, "same")
    assert comparison.accept_notices == ()


def test_one_value_is_accepted_and_no_other() -> None:
    """With `value`, the other removed model still counts, and the cell still differs."""
    comparison = held(accept(value="o3"))
    assert [(each.expected, each.state) for each in comparison.findings] == [
        ("o3", FindingState.ACCEPTED),
        ("o3-pro", FindingState.OPEN),
    ]
    assert cell(comparison).state is CellState.REMOVED
    assert comparison.summary.exit_code == 3


@pytest.mark.parametrize(("value", "exit_code"), [("length", 0), ("stop", 3)])
def test_the_value_of_a_changed_fact_is_what_is_there_now(value: str, exit_code: int) -> None:
    """What the candidate answers is what one accepts, not what the baseline does."""
    records = evidence("production", chat()), evidence("staging", chat(finish=FinishReason.LENGTH))
    comparison = held(accept("chat.finish_reason", value=value), records=records)
    assert comparison.summary.exit_code == exit_code


@pytest.mark.parametrize(
    "entry", [accept("models.added"), accept(environment="canary"), accept(value="o4"), accept("probe.failed")]
)
def test_an_entry_about_something_else_accepts_nothing(entry: Accept) -> None:
    """Rule, environment and value must all be those of the finding."""
    assert held(entry).summary.exit_code == 3


@pytest.mark.parametrize(("expires", "exit_code"), [(TODAY, 0), (date(2026, 3, 3), 3)])
def test_an_entry_holds_up_to_its_last_day(expires: date, exit_code: int) -> None:
    """On the day it names it still holds; the day after it is told as expired."""
    comparison = held(accept(expires=expires))
    assert comparison.summary.exit_code == exit_code
    told = [(each.problem, each.expires, each.reason) for each in comparison.accept_notices]
    assert told == ([] if exit_code == 0 else [("expired", expires, REASON)])


def test_an_entry_that_covered_nothing_is_told() -> None:
    """Once the difference is gone, the entry should go too."""
    comparison = held(accept(value="o3"), accept(value="o4"), accept("models.added"))
    assert [(each.rule, each.problem) for each in comparison.accept_notices] == [
        ("models.removed", "unused"),
        ("models.added", "unused"),
    ]


@pytest.mark.parametrize(
    ("entry", "records"),
    [
        (accept(environment="canary"), TWO_GONE),
        (accept(), (TWO_GONE[0], evidence("staging", failed("models", "timeout")))),
        (accept("chat.finish_reason"), TWO_GONE),
        (
            accept("latency.slower"),
            (evidence("production", chat(latency=timed(9))), evidence("staging", chat(latency=timed(99)))),
        ),
        (accept("target.same_key"), TWO_GONE),
    ],
)
def test_an_entry_that_was_not_put_to_the_test_is_not_told(entry: Accept, records: tuple[Evidence, ...]) -> None:
    """A run of fewer environments, a failed probe or too few samples says nothing about whether it is needed."""
    assert held(entry, records=records).accept_notices == ()


def test_an_expired_entry_is_told_wherever_it_points() -> None:
    """It does nothing in any run."""
    told = held(accept(environment="canary", expires=date(2026, 1, 1))).accept_notices
    assert [each.problem for each in told] == ["expired"]
