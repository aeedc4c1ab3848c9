"""Environments that are held against themselves as they were last seen, beside the baseline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import TODAY, WHEN, chat, evidence, failed, models, policies, skipped, stream, timed
from evidences import evidences as runs
from hypothesis import given, settings

from envcheck.comparison import FindingState, HeldAgainst
from envcheck.errors import EvidenceError
from envcheck.policy import Accept, Expect, FailOn, Operator, Policy
from envcheck.probes import rules
from envcheck.probes.chat import ContentKind
from envcheck.record import Tool
from envcheck.rules import Severity
from envcheck.transport import TransportFacts

if TYPE_CHECKING:
    from envcheck.comparison import Comparison, Finding
    from envcheck.evidence import Check, Evidence

FULL = models("gpt-4o", "o3")
LESS = models("gpt-4o")
QUICK = [20.0 + each for each in range(9)]
SLOW = [900.0 + each for each in range(9)]
LAST_NIGHT = WHEN - timedelta(days=1)
OF_NEW = Policy(only_new_count=True)


def fleet(production: Check, staging: Check | None = None) -> list[Evidence]:
    """Two environments, alike unless a second check is given."""
    return [evidence("production", production, chat()), evidence("staging", staging or production, chat())]


def of_last_night(*records: Evidence) -> list[Evidence]:
    return [record.model_copy(update={"generated_at": LAST_NIGHT}) for record in records]


def changes(comparison: Comparison) -> list[tuple[str, str, str | None]]:
    """Give where each change was found, by which rule, and its value."""
    return [(each.environment, each.rule, each.value) for each in comparison.findings if each.is_a_change]


def whys(comparison: Comparison) -> list[tuple[str | None, str]]:
    return [(each.environment, each.note.why.value) for each in comparison.notices if each.note is not None]


def test_what_all_environments_lost_together_is_told() -> None:
    """No comparison with a baseline can say that production lost a model; one with itself can, as news."""
    comparison = compared(*fleet(LESS), seen_before=of_last_night(*fleet(FULL)))
    assert changes(comparison) == [("production", "models.removed", "o3"), ("staging", "models.removed", "o3")]
    first = comparison.findings[0]
    assert (first.held_against, first.state, first.baseline) == (
        HeldAgainst.ITSELF_EARLIER,
        FindingState.NEW,
        "production",
    )
    assert (first.first_seen, first.runs, first.against_day) == (TODAY, 1, LAST_NIGHT.date())
    assert comparison.held_against is HeldAgainst.BASELINE


def test_what_the_comparison_with_the_baseline_names_is_told_once() -> None:
    """That staging alone lost a model is said where production still has it."""
    comparison = compared(*fleet(FULL, LESS), seen_before=of_last_night(*fleet(FULL)))
    assert [(each.environment, each.rule, each.is_a_change) for each in comparison.findings] == [
        ("staging", "models.removed", False)
    ]


def test_what_the_baseline_lost_too_is_told_beside_what_it_did_not() -> None:
    """Of two models that staging lost, one finding of the baseline names one."""
    before = fleet(models("gpt-4o", "o3", "o4"))
    comparison = compared(*fleet(FULL, LESS), seen_before=of_last_night(*before))
    assert changes(comparison) == [("production", "models.removed", "o4"), ("staging", "models.removed", "o4")]


def test_a_baseline_that_lost_a_model_is_told_beside_those_that_have_it() -> None:
    """That staging has more than production is one thing, and that production lost it is another."""
    comparison = compared(*fleet(LESS, FULL), seen_before=of_last_night(*fleet(FULL)))
    assert [(each.environment, each.rule) for each in comparison.findings] == [
        ("staging", "models.added"),
        ("production", "models.removed"),
    ]


def test_what_an_environment_got_back_is_told_once() -> None:
    """A difference from the baseline that is gone says it already, for a member and for a value."""
    before = [fleet(FULL)[0], evidence("staging", LESS, chat(finish="length"))]
    last_night = compared(*before)
    tonight = compared(*fleet(FULL), earlier=last_night, seen_before=of_last_night(*before))
    assert {each.state for each in tonight.findings} == {FindingState.ABSENT}
    assert changes(tonight) == []


def test_a_doubt_that_is_gone_names_no_change() -> None:
    """Names that could not be told apart last night say nothing of the members that no list names tonight."""
    before = [
        evidence("production", models("a", "[redacted]")),
        evidence("staging", models("a", "[redacted]", total=9)),
    ]
    now = [evidence(name, models("a", total=5)) for name in ("production", "staging")]
    last_night = compared(*before)
    tonight = compared(*now, earlier=last_night, seen_before=of_last_night(evidence("staging", models("a", total=9))))
    assert {each.state.value for each in tonight.findings if not each.is_a_change} == {"absent"}
    assert [each.unnamed for each in tonight.findings if each.is_a_change] == [4]


def test_a_change_that_an_older_difference_does_not_name_is_told() -> None:
    """What is unchanged since a comparison of long ago says nothing of what the environment lost since."""
    long_ago = compared(*fleet(FULL, LESS))
    tonight = compared(*fleet(FULL, LESS), earlier=long_ago, seen_before=of_last_night(*fleet(FULL)))
    assert [(each.state.value, each.is_a_change) for each in tonight.findings] == [("unchanged", False), ("new", True)]


def test_an_accepted_difference_is_told_once_and_accepted() -> None:
    """An entry covers what changed as it covers the difference, and that is said once."""
    known = Policy(accept=(Accept("models.removed", "staging", "rolled out next week"),))
    alone = compared(*fleet(FULL, LESS), seen_before=of_last_night(*fleet(FULL)), policy=known)
    assert [(each.state.value, each.is_a_change) for each in alone.findings] == [("accepted", False)]
    both = compared(*fleet(LESS), seen_before=of_last_night(*fleet(FULL)), policy=known)
    assert [(each.environment, each.state.value) for each in both.findings] == [
        ("production", "new"),
        ("staging", "accepted"),
    ]
    assert both.accept_notices == ()
    assert both.summary.changed == 1


@pytest.mark.parametrize(
    ("policy", "counted", "exit_code", "verdict"),
    [
        (Policy(), 0, 0, "same"),
        (Policy(fail_on=FailOn.INFO), 0, 0, "same"),
        (OF_NEW, 2, 3, "differs"),
        (Policy(only_new_count=True, fail_on=FailOn.NEVER), 0, 0, "same"),
        (Policy(only_new_count=True, severity={"models.removed": Severity.INFO}), 0, 0, "same"),
        (Policy(only_new_count=True, severity={"models.removed": Severity.NONE}), 0, 0, "same"),
    ],
)
def test_changes_count_where_only_news_do(policy: Policy, counted: int, exit_code: int, verdict: str) -> None:
    """Environments that agree are no failure of a rollout; of a nightly watch that they all lost a model is one."""
    summary = compared(*fleet(LESS), seen_before=of_last_night(*fleet(FULL)), policy=policy).summary
    assert (summary.counted, summary.exit_code, summary.verdict.value) == (counted, exit_code, verdict)
    assert (summary.err, summary.warn, summary.info) == (0, 0, 0)


def test_the_summary_says_where_anything_changed() -> None:
    """A number for each environment that was held against itself, and none for one that was never seen before."""
    summary = compared(*fleet(LESS), seen_before=of_last_night(fleet(FULL)[0])).summary
    assert {name: each.changed for name, each in summary.by_environment.items()} == {"production": 1, "staging": None}
    assert summary.by_environment["production"].verdict.value == "not_compared"


def test_a_single_environment_is_held_against_itself() -> None:
    """It has no baseline, and still it can lose a model."""
    comparison = compared(fleet(LESS)[0], seen_before=of_last_night(fleet(FULL)[0]), policy=OF_NEW)
    assert comparison.held_against is HeldAgainst.NOTHING
    assert changes(comparison) == [("production", "models.removed", "o3")]
    assert comparison.summary.exit_code == 3


def test_news_are_told_once() -> None:
    """The night after, what changed is neither resolved nor carried nor there."""
    first = compared(*fleet(LESS), seen_before=of_last_night(*fleet(FULL)))
    second = compared(*fleet(LESS), seen_before=fleet(LESS), earlier=first, policy=OF_NEW)
    assert (second.findings, second.carried, second.summary.exit_code) == ((), (), 0)


def test_the_same_news_do_not_count_twice() -> None:
    """Where an environment has not answered whole since, its last record and what changed against it are the same."""
    records, before = fleet(LESS), of_last_night(*fleet(FULL))
    first = compared(*records, seen_before=before, policy=OF_NEW)
    again = compared(*records, seen_before=before, earlier=first, policy=OF_NEW, today=TODAY + timedelta(days=1))
    assert [(each.state.value, each.first_seen, each.runs) for each in again.findings] == [
        ("unchanged", TODAY, 2),
        ("unchanged", TODAY, 2),
    ]
    assert again.summary.exit_code == 0
    known = Policy(accept=(Accept("models.removed", "staging", "known"),))
    accepted = compared(*records, seen_before=before, earlier=first, policy=known)
    assert [each.state.value for each in accepted.findings] == ["unchanged", "accepted"]
    later = of_last_night(*fleet(FULL))
    newer = [record.model_copy(update={"generated_at": WHEN}) for record in later]
    assert {each.state for each in compared(*records, seen_before=newer, earlier=first).findings} == {FindingState.NEW}


@pytest.mark.parametrize(
    "before",
    [
        (stream(),),
        (failed("models", "timeout"), skipped("chat")),
        (models("gpt-4o", "o3", varying={"model_ids": ("o3",)}), chat()),
        (models("gpt-4o"), chat(model="o1", answered="o1")),
        (models("gpt-4o"), chat(latency=timed(*QUICK, again_ms=QUICK))),
    ],
    ids=["another probe", "a failure", "a model that comes and goes", "another model asked", "another latency"],
)
def test_what_proves_nothing_is_no_change(before: tuple[Check, ...]) -> None:
    """An earlier record says what changed only where both were asked the same and answered steadily."""
    now = evidence("production", models("gpt-4o"), chat(latency=timed(*SLOW, again_ms=SLOW)), samples=9)
    then = evidence("production", *before, samples=9)
    assert changes(compared(now, seen_before=of_last_night(then))) == []


def test_redacted_names_are_no_change_every_night() -> None:
    """Whether they are the same cannot be told across runs, and that is told in the run alone."""
    hidden = models("[redacted]", "gpt-4o")
    records = [evidence(name, hidden, chat()) for name in ("production", "staging")]
    assert {each.rule for each in compared(*records).findings} == {"models.undecided"}
    comparison = compared(*records, seen_before=of_last_night(*records))
    assert {each.is_a_change for each in comparison.findings} == {False}


def test_what_is_wrong_by_itself_is_found_once() -> None:
    """A certificate, a failure and an expectation are judged on tonight's evidence, and not again on last night's."""
    expires = TransportFacts(certificate_expires=TODAY)
    expected = Policy(expect=(Expect("models.model_ids", Operator.CONTAINS, ("o9",)),))
    now = evidence("production", FULL, failed("chat", "timeout")).model_copy(update={"transport": expires})
    then = evidence("production", FULL, chat(content=ContentKind.NULL)).model_copy(update={"transport": expires})
    first = compared(now, policy=expected)
    for earlier in (None, first):
        comparison = compared(now, seen_before=of_last_night(then), policy=expected, earlier=earlier)
        assert sorted((each.rule, each.is_a_change) for each in comparison.findings) == [
            ("expect.unmet", False),
            ("probe.failed", False),
            ("tls.expires", False),
        ]


def test_records_of_environments_that_take_no_part_are_left_alone() -> None:
    """One that was retired changed in nothing, and one that is new neither."""
    seen = of_last_night(evidence("retired", FULL, chat()))
    assert changes(compared(*fleet(LESS), seen_before=seen)) == []


def test_made_up_evidence_has_no_earlier_self_in_real_evidence() -> None:
    """The demo's production is another one than the file's."""
    fiction = evidence("production", FULL, chat(), made_up=True)
    with pytest.raises(EvidenceError, match="made up"):
        compared(*fleet(LESS), seen_before=[fiction])


def test_what_may_be_behind_a_change_is_told() -> None:
    """Another address, and another release of envcheck, explain what changed; where nothing did, nobody asks."""
    old = Tool(version="0.0.9")
    elsewhere = evidence("production", FULL, chat(), base_url="https://old.example.com/v1")
    other = evidence("staging", FULL, chat())
    then = [each.model_copy(update={"tool": old, "generated_at": LAST_NIGHT}) for each in (elsewhere, other)]
    assert whys(compared(*fleet(LESS), seen_before=then)) == [
        (None, "latency_not_judged"),
        ("production", "url_changed"),
        (None, "other_release"),
    ]
    assert whys(compared(*fleet(FULL), seen_before=then)) == [(None, "latency_not_judged")]


def said(finding: Finding) -> tuple[str, str, str, str | None]:
    return finding.environment, finding.rule, finding.field, finding.value


@pytest.mark.thorough
@settings(max_examples=12, deadline=None)
@given(runs(), policies())
def test_nothing_changes_against_the_same_record(records: list[Evidence], policy: Policy) -> None:
    """However an environment fails, varies or hides names: held against itself as it is, it lost and gained nothing."""
    assert changes(compared(*records, policy=policy, seen_before=records)) == []


@pytest.mark.thorough
@settings(max_examples=20, deadline=None)
@given(runs(), runs(), policies())
def test_each_change_is_told_once_and_leaves_the_rest_alone(
    records: list[Evidence], before: list[Evidence], policy: Policy
) -> None:
    """Beside what the baseline says, nothing that it names, nothing twice; and all else is as it was without."""
    earlier = compared(*before, policy=policy)
    without = compared(*records, policy=policy, earlier=earlier)
    comparison = compared(*records, policy=policy, earlier=earlier, seen_before=before)
    found = [each for each in comparison.findings if each.is_a_change]
    others = [each for each in comparison.findings if not each.is_a_change]
    assert others == list(without.findings)
    assert comparison.rows == without.rows
    named = {said(each) for each in others if each.state.value in {"open", "new", "accepted"}}
    assert named.isdisjoint(said(each) for each in found if each.unnamed is None)
    keys = [(each.rule, each.fingerprint) for each in comparison.findings]
    assert len(keys) == len(set(keys))
    of_itself = {name for name, rule in rules().items() if rule.of_itself}
    assert of_itself.isdisjoint(each.rule for each in found)
    if not policy.only_new_count:
        assert comparison.summary.exit_code == without.summary.exit_code


@pytest.mark.thorough
@settings(max_examples=12, deadline=None)
@given(runs(at_least=3), runs(at_least=3))
def test_changes_are_found_whatever_the_order(records: list[Evidence], before: list[Evidence]) -> None:
    """Neither the order of environments nor that of the earlier records makes a difference."""
    baseline, *candidates = records
    one, other = (
        compared(baseline, *each, seen_before=seen)
        for each, seen in ((candidates, before), (candidates[::-1], before[::-1]))
    )
    assert {each.fingerprint: each for each in one.findings} == {each.fingerprint: each for each in other.findings}
    assert one.summary == other.summary
