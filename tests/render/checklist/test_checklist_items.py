"""Which items there are, and how far each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import chat, comparisons, evidence, failed, models, skipped, timed
from hypothesis import given, settings
from render_samples import MANY_REMOVED, cell, finding, row, summary

from envcheck.compare import with_unread
from envcheck.comparison import (
    READY,
    STOOD_OPEN,
    Answer,
    CellState,
    Comparison,
    Expectation,
    FindingState,
    Item,
    ItemState,
    Note,
    Verdict,
    Why,
)
from envcheck.model import Outcome
from envcheck.policy import NO_CHECKLIST, Accept, Expect, FailOn, Operator, Policy, Rollout
from envcheck.redact import Redacted, Redactor
from envcheck.render.checklist.items import with_checklist
from envcheck.render.checklist.page import page_of
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Evidence

PRODUCTION = evidence("production", models("gpt-4o", "o3"), chat())


def items(*records: Evidence, policy: Policy | None = None, rollout: Rollout = NO_CHECKLIST) -> Sequence[Item]:
    return with_checklist(compared(*records, policy=policy or Policy()), records, rollout).checklist


def by_rule(found: Sequence[Item]) -> dict[str | None, ItemState]:
    return {item.rule: item.state for item in found if item.rule is not None}


def of_staging(latency: Sequence[float] = (), **facts: object) -> Evidence:
    return evidence("staging", models("gpt-4o", "o3"), chat(latency=timed(*latency), **facts))  # type: ignore[arg-type]  # as `chat` takes them


def test_a_rule_is_one_item_however_much_it_found() -> None:
    """With numbers for tools only where it found one thing."""
    many = evidence("production", models("gpt-4o", *MANY_REMOVED))
    (removed,) = [each for each in items(many, evidence("staging", models("gpt-4o"))) if each.rule == "models.removed"]
    assert (removed.state, removed.expected, removed.severity) == (ItemState.OPEN, None, Severity.ERR)
    assert str(removed.detail).startswith("lacks 45: `o1`, `o10`, `o11` and 42 more → ")
    (ended,) = [each for each in items(PRODUCTION, of_staging(finish="length")) if each.rule == "chat.finish_reason"]
    assert (ended.expected, ended.actual, ended.probe) == ("stop", "length", "chat")


def test_a_rule_that_is_off_has_no_item() -> None:
    """That is the way out where something can never be told."""
    off = Policy(severity={"chat.finish_reason": Severity.NONE})
    noisy = of_staging(varying={"finish_reason": ("length", "stop")})
    assert by_rule(items(PRODUCTION, noisy))["chat.finish_reason"] is ItemState.UNKNOWN
    assert "chat.finish_reason" not in by_rule(items(PRODUCTION, noisy, policy=off))


@pytest.mark.parametrize(("fail_on", "state"), [(FailOn.WARN, ItemState.DONE), (FailOn.INFO, ItemState.OPEN)])
def test_what_is_for_information_keeps_nothing_back_unless_it_counts(fail_on: FailOn, state: ItemState) -> None:
    """A model more is told, and the rollout goes on."""
    more = evidence("staging", models("gpt-4o", "gpt-5", "o3"), chat())
    (added,) = [each for each in items(PRODUCTION, more, policy=Policy(fail_on=fail_on)) if each.rule == "models.added"]
    assert added.state is state
    assert "has besides `gpt-5`" in str(added.detail)


@pytest.mark.parametrize(
    ("state", "note", "told"),
    [
        (CellState.SAME, None, ItemState.DONE),
        (CellState.SAME, Note(why=Why.UNSUPPORTED_THERE), None),
        (CellState.NOISY, None, ItemState.UNKNOWN),
        (CellState.UNDECIDED, Note(why=Why.REDACTED_ALIKE), ItemState.UNKNOWN),
        (CellState.INCOMPARABLE, Note(why=Why.OTHER_MODEL), ItemState.UNKNOWN),
        (CellState.INCOMPARABLE, None, ItemState.UNKNOWN),
        (CellState.INCOMPARABLE, Note(why=Why.SAID_BY_ONE), None),
        (CellState.INCOMPARABLE, Note(why=Why.FAILED_THERE), None),
        (CellState.ERROR, None, None),
        (CellState.NOT_PROBED, None, None),
    ],
)
def test_the_state_of_a_fact_says_how_far_its_item_is(
    state: CellState, note: Note | None, told: ItemState | None
) -> None:
    """What could not be judged is never done; what is told elsewhere, or is no difference, has no item."""
    judged = cell("stop", state, *(() if note is None else (note,)))
    comparison = compared(PRODUCTION, of_staging())
    comparison = comparison.model_copy(
        update={"rows": (row("chat", "finish_reason", production=cell("stop"), staging=judged),), "findings": ()}
    )
    assert by_rule(with_checklist(comparison, (), NO_CHECKLIST).checklist).get("chat.finish_reason") is told


def test_of_the_baseline_only_what_is_not_in_order_is_told_and_of_others_nothing() -> None:
    """Nobody rolls it out, yet nothing can be held against a baseline that failed."""
    broken = evidence("production", failed("models", "auth", status=401), skipped("chat"))
    canary = evidence("canary", failed("models", "network"))
    found = items(broken, of_staging(), canary, rollout=Rollout(environments=("staging",)))
    assert {item.environment for item in found} == {"production", "staging"}
    assert [item.state for item in found if item.environment == "production"] == [ItemState.OPEN]
    assert {item.environment for item in items(PRODUCTION, of_staging())} == {"staging"}
    both = items(PRODUCTION, of_staging(), rollout=Rollout(environments=("production", "staging")))
    assert {item.environment for item in both} == {"production", "staging"}


def test_a_failure_that_is_accepted_is_known_and_not_open() -> None:
    """It is told with its reason."""
    accept = Accept("probe.failed", "staging", "no key yet")
    found = items(PRODUCTION, evidence("staging", failed("models", "auth")), policy=Policy(accept=(accept,)))
    (known,) = [item for item in found if item.rule == "probe.failed"]
    assert (known.state, known.title) == (ItemState.ACCEPTED, "known: no key yet")
    assert known.detail == "for good · models failed as `auth`"


def test_what_was_not_asked_because_of_an_accepted_failure_was_not_judged() -> None:
    """Who knows that the key is none yet does not know how the chat is."""
    accept = Accept("probe.failed", "staging", "no key yet")
    down = evidence("staging", failed("models", "auth"), skipped("chat"))
    (open_,) = [each for each in items(PRODUCTION, down, policy=Policy(accept=(accept,))) if each.state not in READY]
    assert (open_.state, open_.detail) == (ItemState.UNKNOWN, "not asked: chat")


def test_an_expectation_that_is_not_met_may_be_accepted() -> None:
    """It is told once, and the finding that it makes has no item of its own."""
    expected = Expectation(
        title=Redacted("fast"),
        environment="staging",
        field="chat.latency",
        condition=Redacted("at most 800 ms"),
        severity=Severity.ERR,
        answer=Answer.UNMET,
        actual=Redacted("900 ms"),
        fingerprint="0123456789abcdef",
    )
    comparison = compared(PRODUCTION, of_staging()).model_copy(update={"expectations": (expected,)})
    unmet = finding("expect.unmet", "staging", "chat.latency")
    accepted = finding("expect.unmet", "staging", "chat.latency", state=FindingState.ACCEPTED, reason="in May")
    for found, state, detail in (
        (unmet, ItemState.OPEN, "chat.latency is `900 ms` (expected: at most 800 ms) → mend it, or `envcheck accept`"),
        (accepted, ItemState.ACCEPTED, "for good · fast · chat.latency is `900 ms` (expected: at most 800 ms)"),
    ):
        made = with_checklist(comparison.model_copy(update={"findings": (found,)}), (), NO_CHECKLIST).checklist
        (item,) = [each for each in made if str(each.rule).startswith("expect.")]
        assert (item.state, item.detail, item.id) == (state, detail, expected.fingerprint)


def test_an_expectation_that_could_not_be_told_and_is_accepted_says_so() -> None:
    """Nobody saw that there is none."""
    expect = Expect("chat.usage_present", Operator.EQUALS, (True,))
    policy = Policy(expect=(expect,), accept=(Accept("expect.unknown", "staging", "later"),))
    found = items(PRODUCTION, evidence("staging", models("gpt-4o", "o3"), failed("chat", "network")), policy=policy)
    (known,) = [each for each in found if each.rule == "expect.unknown"]
    assert known.state is ItemState.ACCEPTED
    assert known.detail == "for good · chat.usage_present equals true · could not tell: the probe failed"


@pytest.mark.parametrize("samples", [1, 7])
def test_a_latency_without_a_sample_that_could_be_used_was_not_judged(samples: int) -> None:
    """No row tells of it where few were asked for, and a list without it would be ready."""
    production, staging = (
        evidence(name, models("gpt-4o", latency=timed(voided=samples)), samples=samples)
        for name in ("production", "staging")
    )
    (slower,) = [each for each in items(production, staging) if each.state not in READY]
    assert (slower.rule, slower.state) == ("latency.slower", ItemState.UNKNOWN)
    off = Policy(severity={"latency.slower": Severity.NONE})
    assert all(each.state in READY for each in items(production, staging, policy=off))


@pytest.mark.parametrize("records", [("staging",), ("production", "staging")])
def test_what_a_gateway_does_without_is_told_where_it_is_no_difference(records: Sequence[str]) -> None:
    """It was asked for, so a list that is silent about it would say too much."""
    without = skipped("embeddings").model_copy(update={"outcome": Outcome.UNSUPPORTED, "http_status": 404})
    made = items(*(evidence(name, models("gpt-4o"), without) for name in records))
    (told,) = [each for each in made if "embeddings" in each.title]
    assert (told.title, told.state) == ("for information: staging does without embeddings", ItemState.DONE)


def test_how_long_the_probes_took_is_in_seconds() -> None:
    """What a CI shows as the time of a test."""
    staging = evidence("staging", models("gpt-4o", "o3", latency=timed(100.0)), chat(latency=timed(900.0)))
    assert items(PRODUCTION, staging)[0].seconds == pytest.approx(1.0)


def test_records_that_could_not_be_read_are_an_item() -> None:
    """A comparison of what is left is not the whole."""
    comparison = with_unread(compared(PRODUCTION, of_staging()), 2)
    unread = with_checklist(comparison, (), NO_CHECKLIST).checklist[-1]
    assert (unread.environment, unread.state) == (None, ItemState.UNKNOWN)
    assert unread.detail == "2 records could not be read, so not compared → give what envcheck wrote"


def test_what_a_newer_release_found_is_not_lost() -> None:
    """A rule, a fact and an undecided finding that this release does not know are told by their names."""
    comparison = Comparison(
        generated_at=PRODUCTION.generated_at,
        baseline="production",
        environments=("production", "staging"),
        rows=(row("dreams", "colour", production=cell("red"), staging=cell("blue", CellState.DIFFERS)),),
        findings=(
            finding("dreams.colour", "staging", "dreams.colour", "red", "blue", severity=Severity.WARN),
            finding("dreams.undecided", "staging", "dreams.depth", severity=Severity.WARN),
        ),
        summary=summary(Verdict.DIFFERS, 3),
    )
    found = by_rule(with_checklist(comparison, (), NO_CHECKLIST).checklist)
    assert found == {"dreams.colour": ItemState.OPEN, "dreams.undecided": ItemState.UNKNOWN}


@settings(max_examples=40, deadline=None)
@given(comparisons())
def test_nothing_is_ready_that_something_was_found_in(drawn: tuple[Comparison, list[Evidence]]) -> None:
    """Whatever stands open above info keeps the rollout back; no id is there twice, and saved it reads the same."""
    comparison, evidences = drawn
    made = with_checklist(comparison, evidences, Rollout(environments=comparison.environments))
    ids = [item.id for item in made.checklist]
    assert len(set(ids)) == len(ids)
    found = {
        each.environment
        for each in comparison.findings
        if each.state in STOOD_OPEN and each.severity in {Severity.ERR, Severity.WARN} and not each.is_a_change
    }
    assert found <= {item.environment for item in made.checklist if item.state not in READY}
    saved = Comparison.model_validate_json(made.model_dump_json(), context=Redactor())
    assert page_of(saved) == page_of(made)
