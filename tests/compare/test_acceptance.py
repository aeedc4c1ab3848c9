from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from comparing import cell as cell_of
from comparing import compared
from evidences import TODAY, chat, evidence, failed, models, timed

from envcheck.comparison import CellState, FindingState
from envcheck.policy import Accept, Policy

if TYPE_CHECKING:
    from envcheck.comparison import Cell, Comparison
    from envcheck.evidence import Evidence

REASON = "not rolled out to staging yet"
TWO_GONE = (
    evidence("production", models("gpt-4o", "o3", "o3-pro")),
    evidence("staging", models("gpt-4o")),
)


def accept(rule: str = "models.removed", environment: str = "staging", **about: Any) -> Accept:
    return Accept(rule, environment, REASON, **about)


def held(*accepts: Accept, records: tuple[Evidence, ...] = TWO_GONE, earlier: Comparison | None = None) -> Comparison:
    return compared(*records, policy=Policy(accept=accepts), earlier=earlier)


def cell(comparison: Comparison, field: str = "model_ids") -> Cell:
    return cell_of(comparison, field)


def told(comparison: Comparison) -> list[tuple[str, int]]:
    return [(each.problem, each.position) for each in comparison.accept_notices]


def test_what_is_accepted_is_shown_and_not_counted() -> None:
    """Each finding carries the reason, the cell is marked, and the environments count as the same."""
    comparison = held(accept())
    assert {(each.state, each.reason) for each in comparison.findings} == {(FindingState.ACCEPTED, REASON)}
    assert cell(comparison).state is CellState.ACCEPTED
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
    records = evidence("production", chat()), evidence("staging", chat(finish="length"))
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
    """On the day it names it still holds, and is told of; the day after it is told as expired."""
    comparison = held(accept(expires=expires))
    assert comparison.summary.exit_code == exit_code
    problem = "expires_soon" if exit_code == 0 else "expired"
    notices = [(each.problem, each.expires, each.reason) for each in comparison.accept_notices]
    assert notices == [(problem, expires, REASON)]


def test_an_entry_that_covered_nothing_is_told() -> None:
    """Once the difference is gone, the entry should go too."""
    comparison = held(accept(value="o3"), accept(value="o4"), accept("models.added"))
    assert [(each.rule, each.problem, each.position) for each in comparison.accept_notices] == [
        ("models.removed", "unused", 2),
        ("models.added", "unused", 3),
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
    assert told(held(accept(environment="canary", expires=date(2026, 1, 1)))) == [("expired", 1)]


@pytest.mark.parametrize(("days", "expected"), [(0, True), (14, True), (15, False)])
def test_an_entry_that_expires_soon_is_told(days: int, *, expected: bool) -> None:
    """Two weeks before its last day there is time to renew it; it is counted from 1, as the file has it."""
    comparison = held(accept(), accept(expires=TODAY + timedelta(days=days)))
    assert told(comparison) == ([("expires_soon", 2)] if expected else [])


def test_a_notice_says_what_the_entry_is_about() -> None:
    """Two entries that did nothing can be told apart: by field and value, and by their place."""
    (notice,) = held(accept("models.added", field="models.model_ids", value="o9")).accept_notices
    assert (notice.field, notice.value, notice.reason, notice.position) == ("models.model_ids", "o9", REASON, 1)


@pytest.mark.parametrize(
    ("values", "accepted"),
    [
        (("o3*",), ["o3", "o3-pro"]),
        (("o3",), ["o3"]),
        (("*-pro", "gpt-*"), ["o3-pro"]),
        (("O3*",), []),
        (("o?", "zzz"), ["o3"]),
    ],
)
def test_patterns_accept_what_they_match(values: tuple[str, ...], accepted: list[str]) -> None:
    """Shell patterns on the value as it is shown, in its own case."""
    comparison = held(accept(values=values))
    assert [each.expected for each in comparison.findings if each.state is FindingState.ACCEPTED] == accepted


def test_a_value_and_patterns_accept_either() -> None:
    """One entry for many values."""
    assert held(accept(value="o3-pro", values=("o3",))).summary.exit_code == 0


@pytest.mark.parametrize("about", [{"value": "b0249"}, {"values": ("*",)}])
def test_what_is_not_named_is_accepted_only_with_all_of_its_rule(about: dict[str, Any]) -> None:
    """No value and no pattern covers members that nobody named."""
    many = evidence("production", models("a", *(f"b{n:04}" for n in range(250))))
    records = (many, evidence("staging", models("a")))
    comparison = held(accept(**about), records=records)
    assert [each.unnamed for each in comparison.findings if each.state is FindingState.OPEN][-1] == 50
    assert held(accept(), records=records).summary.exit_code == 0


FAST_MS, SLOW_MS = (230.0, 240.0, 250.0, 236.0, 244.0), (600.0, 610.0, 620.0, 606.0, 614.0)
FAST, SLOW = (timed(*each, again_ms=each) for each in (FAST_MS, SLOW_MS))
SLOWER = (
    evidence("production", models("a", latency=FAST), chat(latency=FAST), samples=5),
    evidence("staging", models("a", latency=SLOW), chat(latency=SLOW), samples=5),
)


@pytest.mark.parametrize(
    ("about", "open_fields"),
    [
        ({}, []),
        ({"field": "chat.latency"}, ["models.latency"]),
        ({"field": "models.latency"}, ["chat.latency"]),
        ({"at_most_ratio": 2.542}, []),
        ({"at_most_ratio": 2.541}, ["models.latency", "chat.latency"]),
        ({"field": "chat.latency", "at_most_ratio": 3.0}, ["models.latency"]),
        ({"values": ("*",)}, ["models.latency", "chat.latency"]),
    ],
)
def test_a_slower_latency_is_accepted_within_bounds(about: dict[str, Any], open_fields: list[str]) -> None:
    """For one probe, and up to so many times the baseline's; ten times slower is no longer what was accepted."""
    comparison = held(accept("latency.slower", **about), records=SLOWER)
    assert [each.field for each in comparison.findings if each.state is FindingState.OPEN] == open_fields


def test_a_bound_on_the_ratio_covers_nothing_that_has_none() -> None:
    """A removed model is not slower by anything."""
    assert held(accept(at_most_ratio=99.0)).summary.exit_code == 3


def test_an_entry_that_was_exceeded_is_unused() -> None:
    """Its difference is there and is not covered, so it did nothing."""
    assert told(held(accept("latency.slower", at_most_ratio=2.0), records=SLOWER)) == [("unused", 1)]


def test_an_entry_for_what_is_resolved_is_unused() -> None:
    """That the difference was there last night is no use any more."""
    last_night = compared(*TWO_GONE)
    back = (TWO_GONE[0], evidence("staging", *TWO_GONE[0].checks))
    assert told(held(accept(), records=back, earlier=last_night)) == [("unused", 1)]


def test_what_is_undecided_can_be_accepted() -> None:
    """Names that are always redacted need not be told every night; once they are not, the entry is unused."""
    hidden, shown = (
        tuple(evidence(name, models("a", other)) for name in ("production", "staging")) for other in ("[redacted]", "b")
    )
    comparison = held(accept("models.undecided"), records=hidden)
    assert (cell(comparison).state, comparison.summary.undecided, told(comparison)) == (CellState.ACCEPTED, 0, [])
    assert told(held(accept("models.undecided"), records=shown)) == [("unused", 1)]


def test_a_cell_is_accepted_only_where_all_of_it_is() -> None:
    """What is accepted does not cover what is undecided beside it."""
    records = (evidence("production", models("a", "b", "[redacted]z")), evidence("staging", models("a", "[redacted]z")))
    assert cell(held(accept(), records=records)).state is CellState.REMOVED
