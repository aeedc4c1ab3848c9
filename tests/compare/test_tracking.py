from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from comparing import compared, states
from evidences import TODAY, WHEN, chat, evidence, failed, models

from envcheck.compare import Memory, compare_runs
from envcheck.comparison import FindingState, Twin
from envcheck.policy import Accept, Policy

if TYPE_CHECKING:
    from collections.abc import Collection

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence

FULL = models("gpt-4o", "o3", "o4")


def held(
    *checks: Check,
    earlier: Comparison | None = None,
    policy: Policy | None = None,
    baseline: Evidence | None = None,
    twins: Collection[Twin] | None = None,
) -> Comparison:
    records = [baseline or evidence("production", FULL, chat()), evidence("staging", *checks)]
    memory = None if twins is None else Memory(twins)
    return compared(*records, policy=policy or Policy(), earlier=earlier, memory=memory)


def told(comparison: Comparison) -> list[tuple[str, str | None, str]]:
    return states(comparison)


def test_each_finding_is_new_unchanged_or_absent() -> None:
    """Last night's o3 is still gone, o4 is back, and another finish reason is new."""
    last_night = held(models("gpt-4o"), chat())
    tonight = held(models("gpt-4o", "o4"), chat(finish="length"), earlier=last_night)
    assert told(last_night) == [("models.removed", "o3", "open"), ("models.removed", "o4", "open")]
    assert told(tonight) == [
        ("models.removed", "o3", "unchanged"),
        ("chat.finish_reason", "length", "new"),
        ("models.removed", "o4", "absent"),
    ]
    assert tonight.summary.err == 1
    assert tonight.summary.exit_code == 3


def test_what_is_resolved_is_told_once() -> None:
    """The night after, an absent finding is forgotten; if it comes back, it is new."""
    first = held(models("gpt-4o", "o3"), chat())
    second = held(FULL, chat(), earlier=first)
    assert told(second) == [("models.removed", "o4", "absent")]
    assert (second.summary.verdict, second.summary.exit_code) == ("same", 0)
    assert told(held(FULL, chat(), earlier=second)) == []
    assert told(held(models("gpt-4o", "o3"), chat(), earlier=second)) == [("models.removed", "o4", "new")]


@pytest.mark.parametrize(("only_new_count", "exit_code"), [(False, 3), (True, 0)])
def test_only_new_findings_count_where_that_is_asked_for(*, only_new_count: bool, exit_code: int) -> None:
    """A nightly job speaks only when something changed."""
    policy = Policy(only_new_count=only_new_count)
    last_night = held(models("gpt-4o"), chat())
    same_again = held(models("gpt-4o"), chat(), earlier=last_night, policy=policy)
    assert (same_again.summary.verdict, same_again.summary.exit_code) == ("differs", exit_code)
    one_more = held(models("o3"), chat(), earlier=last_night, policy=policy)
    assert one_more.summary.exit_code == 3


def test_without_an_earlier_comparison_everything_counts() -> None:
    """The first night of a nightly job is not a silent one."""
    comparison = held(models("gpt-4o"), chat(), policy=Policy(only_new_count=True))
    assert {each.state for each in comparison.findings} == {FindingState.OPEN}
    assert comparison.summary.exit_code == 3


@pytest.mark.parametrize(
    ("checks", "why"),
    [
        ((failed("models", "timeout"), chat()), "the probe failed"),
        ((chat(),), "it was not probed"),
        ((models("gpt-4o", "o3", "o4", varying={"model_ids": ("o4",)}), chat()), "it comes and goes"),
    ],
)
def test_what_could_not_be_judged_is_not_resolved(checks: tuple[Check, ...], why: str) -> None:
    """A model is not back because nobody could look."""
    last_night = held(models("gpt-4o", "o3"), chat())
    tonight = held(*checks, earlier=last_night)
    assert "absent" not in {state for _, _, state in told(tonight)}, why


def test_a_value_that_varies_now_is_not_resolved() -> None:
    """Where the finish reason alternates, last night's may be back tomorrow."""
    last_night = held(FULL, chat(finish="length"))
    assert told(held(FULL, chat(varying={"finish_reason": ("length", "stop")}), earlier=last_night)) == []


def test_a_probe_that_passes_again_is_resolved() -> None:
    """A failed probe is gone once it passes, though the baseline failed in the meantime."""
    last_night = held(failed("models", "timeout"), chat())
    tonight = held(FULL, chat(), earlier=last_night, baseline=evidence("production", failed("models", "auth"), chat()))
    assert ("probe.failed", "timeout", "absent") in told(tonight)


def test_another_class_of_failure_is_news() -> None:
    """The same probe that fails in another way is a new finding, and the old one is not called resolved."""
    last_night = held(failed("models", "timeout"), chat())
    assert told(held(failed("models", "auth"), chat(), earlier=last_night)) == [("probe.failed", "auth", "new")]


def test_an_environment_that_is_gone_is_not_resolved() -> None:
    """A run of fewer environments says nothing about the others."""
    last_night = held(models("gpt-4o"), chat())
    records = [evidence("production", FULL, chat()), evidence("canary", FULL, chat())]
    tonight = compared(*records, earlier=last_night)
    assert told(tonight) == []
    assert [(each.environment, each.note and each.note.why) for each in tonight.notices] == [
        (None, "latency_not_judged"),
        ("staging", "gone"),
    ]


def test_an_acceptance_that_ended_is_news() -> None:
    """An accepted difference was not open last night, so it is new when it counts again."""
    accepted = Policy(accept=(Accept("models.removed", "staging", "known"),))
    last_night = held(models("gpt-4o", "o3"), chat(), policy=accepted)
    assert told(held(models("gpt-4o", "o3"), chat(), earlier=last_night)) == [("models.removed", "o4", "new")]
    assert told(held(FULL, chat(), earlier=last_night)) == []
    still = held(models("gpt-4o", "o3"), chat(), earlier=last_night, policy=accepted)
    assert told(still) == [("models.removed", "o4", "accepted")]


def test_another_baseline_is_another_question() -> None:
    """Nothing is tagged against a comparison with another baseline, and a notice says so."""
    last_night = held(models("gpt-4o"), chat())
    tonight = held(models("gpt-4o"), chat(), earlier=last_night, baseline=evidence("canary", FULL, chat()))
    assert {each.state for each in tonight.findings} == {FindingState.OPEN}
    assert [(each.environment, each.note and each.note.why) for each in tonight.notices] == [
        (None, "latency_not_judged"),
        (None, "other_question"),
        ("production", "gone"),
    ]


def test_made_up_evidence_has_no_past_in_real_evidence() -> None:
    """Against a comparison of the demo nothing is tagged, and a notice says why; the run goes on."""
    fiction = [evidence(name, FULL, chat(), made_up=True) for name in ("production", "staging")]
    tonight = held(models("gpt-4o"), chat(), earlier=compared(*fiction))
    assert {each.state for each in tonight.findings} == {FindingState.OPEN}
    assert [each.note and each.note.why for each in tonight.notices] == ["latency_not_judged", "earlier_made_up"]


def test_a_finding_says_since_when_it_is_there() -> None:
    """From the first of the comparisons in a row that have it, through a night that could not look."""

    def night(number: int, *checks: Check, earlier: Comparison | None) -> Comparison:
        records = evidence("production", FULL, chat()), evidence("staging", *checks)
        return compared(*records, earlier=earlier, today=TODAY + timedelta(days=number))

    first = night(0, models("gpt-4o", "o3"), chat(), earlier=None)
    second = night(1, failed("models", "timeout"), chat(), earlier=first)
    third = night(2, models("gpt-4o"), chat(), earlier=second)
    fourth = night(3, FULL, chat(), earlier=third)
    assert [(each.value, each.first_seen) for each in first.findings] == [("o4", TODAY)]
    assert [(each.value, each.first_seen, each.counted) for each in second.carried] == [("o4", TODAY, False)]
    assert [(each.value, each.state.value, each.first_seen) for each in third.findings] == [
        ("o3", "new", TODAY + timedelta(days=2)),
        ("o4", "unchanged", TODAY),
        ("timeout", "absent", TODAY + timedelta(days=1)),
    ]
    assert {(each.value, each.first_seen) for each in fourth.findings} == {
        ("o3", TODAY + timedelta(days=2)),
        ("o4", TODAY),
    }


def test_what_comes_back_is_there_since_it_came_back() -> None:
    """A night without it ends the row."""
    less = evidence("production", FULL, chat()), evidence("staging", models("gpt-4o", "o3"), chat())
    full = less[0], evidence("staging", FULL, chat())
    first = compared(*less)
    second = compared(*full, earlier=first, today=TODAY + timedelta(days=1))
    third = compared(*less, earlier=second, today=TODAY + timedelta(days=2))
    assert [(each.state.value, each.first_seen) for each in third.findings] == [("new", TODAY + timedelta(days=2))]


def test_an_accepted_finding_knows_since_when_it_is_there() -> None:
    """Accepted or not, it is the same difference; when its acceptance ends it is new, and as old as it is."""
    accepted = Policy(accept=(Accept("models.removed", "staging", "known"),))
    less = evidence("production", FULL, chat()), evidence("staging", models("gpt-4o", "o3"), chat())
    first = compared(*less, policy=accepted)
    later = TODAY + timedelta(days=9)
    second = compared(*less, policy=accepted, earlier=first, today=later)
    third = compared(*less, earlier=second, today=later)
    assert [(each.state.value, each.first_seen) for each in (*second.findings, *third.findings)] == [
        ("accepted", TODAY),
        ("new", TODAY),
    ]


def test_a_record_without_days_has_its_own() -> None:
    """A comparison of 0.1.0 does not say since when, so it is since then."""
    last_night = held(models("gpt-4o"), chat())
    dateless = last_night.model_copy(
        update={
            "generated_at": WHEN - timedelta(days=5),
            "findings": tuple(each.model_copy(update={"first_seen": None}) for each in last_night.findings),
        }
    )
    for checks in ((models("gpt-4o"), chat()), (FULL, chat())):
        assert {each.first_seen for each in held(*checks, earlier=dateless).findings} == {TODAY - timedelta(days=5)}
    assert {each.first_seen for each in held(chat(), earlier=dateless).carried} == {TODAY - timedelta(days=5)}


def test_a_failure_of_both_runs_is_unchanged() -> None:
    """Where runs are held against each other, only a failure of the same class can have been there already."""
    before = [evidence("a", failed("chat", "timeout")), evidence("b", failed("chat", "auth")), evidence("c", FULL)]
    after = [evidence(name, failed("chat", "timeout")) for name in ("a", "b")]
    after.append(evidence("c", models("o3", "o4")))
    comparison = compare_runs(before, after, policy=Policy(), generated_at=WHEN, today=TODAY)
    assert [(each.environment, each.state.value) for each in comparison.findings] == [
        ("a", "unchanged"),
        ("b", "new"),
        ("c", "new"),
    ]


def test_what_could_not_be_told_apart_was_not_there_before() -> None:
    """Where runs are held against each other, a doubt is about the two of them, though both show the same word."""
    before, after = ([evidence("a", models("a"), chat(answered="[redacted]"))] for _ in range(2))
    comparison = compare_runs(before, after, policy=Policy(), generated_at=WHEN, today=TODAY)
    assert [(each.rule, each.state.value) for each in comparison.findings] == [("chat.undecided", "new")]


@pytest.mark.parametrize(("twins", "expected"), [(None, []), ((), [("target.same_key", None, "absent")])])
def test_twins_are_resolved_only_where_they_were_looked_for(
    twins: Collection[Twin] | None, expected: list[tuple[str, str | None, str]]
) -> None:
    """Saved evidence holds nothing by which a shared key could be known."""
    last_night = held(FULL, chat(), twins=(Twin("target.same_key", "staging"),))
    assert told(held(FULL, chat(), earlier=last_night, twins=twins)) == expected
