"""Findings in words, and which of them share a line."""

from __future__ import annotations

from datetime import date

import pytest
from render_samples import SETTINGS, alike, finding, slower

from envcheck.comparison import FindingState, Note, Why
from envcheck.render.digest import Part, grouped
from envcheck.render.telling import Telling
from envcheck.rules import Severity

TELLING = Telling()


@pytest.mark.parametrize(
    ("rule", "expected", "actual", "words"),
    [
        ("models.removed", "o3", None, "o3"),
        ("models.added", None, "gpt-5", "gpt-5"),
        ("chat.response_fields", "a.b", None, "-a.b"),
        ("chat.response_fields", None, "a.b", "+a.b"),
        ("chat.finish_reason", "stop", "length", "stop → length"),
        ("target.same_endpoint", "https://a/v1", "https://a/v1", "https://a/v1"),
        (
            "target.same_key",
            None,
            None,
            "the candidate uses the baseline's key; regions of one gateway often share one",
        ),
        ("a.rule_of_later", None, None, "a.rule_of_later"),
        ("probe.failed", "pass", "auth", "chat auth"),
    ],
)
def test_a_finding_in_words(rule: str, expected: str | None, actual: str | None, words: str) -> None:
    """As few as its rule leaves open."""
    field = "chat.outcome" if rule == "probe.failed" else rule
    assert TELLING.told(finding(rule, "staging", field, expected, actual)) == words


def test_a_rule_of_several_facts_says_which() -> None:
    """How a gateway refuses is asked in several ways, on several routes."""
    told = TELLING.told(finding("error.status", "staging", "wrong_key.chat_status", "401", "400"))
    assert told == "wrong_key.chat_status 401 → 400"


def test_a_slower_latency_says_how_much_first() -> None:
    """Then both medians, and what it rests on; the certainty only where it is asked for."""
    assert TELLING.told(slower()) == "chat 2.5× slower: 244 ms → 604 ms (n=5, seen twice)"
    certain = Telling(tells_certainty=True)
    assert certain.told(slower()) == "chat 2.5× slower: 244 ms → 604 ms (n=5, p = 0.008, seen twice)"


def test_a_trend_says_how_much_and_since_when() -> None:
    """In per cent, or in times where it is much; then both levels, and how many nights the later one rests on."""
    note = Note(why=Why.SINCE, day=date(2026, 11, 18))
    numbers: dict[str, object] = {"expected_ms": 240.0, "actual_ms": 298.0, "note": note, "p": 0.0004}
    trends = {
        (rule, ratio): finding(rule, "staging", "chat.latency.trend", n=9, ratio=ratio, **numbers)  # type: ignore[arg-type]  # checked by pydantic
        for rule, ratio in (("trend.slower", 1.24), ("trend.slower", 2.6), ("trend.faster", 0.8))
    }
    assert [TELLING.told(each).partition(":")[0] for each in trends.values()] == [
        "chat is 24 % slower since 2026-11-18",
        "chat is 2.6× slower since 2026-11-18",
        "chat is 20 % faster since 2026-11-18",
    ]
    slow = trends["trend.slower", 1.24]
    assert TELLING.told(slow) == "chat is 24 % slower since 2026-11-18: 240 ms → 298 ms (9 nights)"
    assert Telling(tells_certainty=True).told(slow).endswith("(9 nights, p < 0.001)")
    assert TELLING.in_brief(grouped([slow])[0]) == "chat is 24 % slower since 2026-11-18"


def test_slow_was_seen_twice_only_where_it_was_sampled_twice() -> None:
    """Who sets `confirm_over_s` to 0 is told no more than there is."""
    once = alike(1).model_copy(update={"settings": SETTINGS.model_copy(update={"confirm_over_s": 0})})
    assert Telling.of(once).told(slower()) == "chat 2.5× slower: 244 ms → 604 ms (n=5)"
    assert Telling.of(alike(1)).told(slower()).endswith("seen twice)")


def test_an_undecided_latency_has_its_remedy_in_the_line() -> None:
    """And claims no ratio where the samples were void and the medians the same."""
    chance = slower(note=Note(why=Why.NOT_SIGNIFICANT, number=6))
    assert TELLING.told(chance) == "chat 2.5× slower: 244 ms → 604 ms (n=5, may be chance; use --samples 6)"
    void = slower(1.0, note=Note(why=Why.VOIDED, number=4))
    assert TELLING.told(void).startswith("chat 244 ms → 604 ms (n=5, this machine was busy, 4 samples void;")


def test_undecided_names_have_their_remedy_in_the_line() -> None:
    """There is no value to show."""
    note = Note(why=Why.REDACTED_ALIKE, number=2)
    told = TELLING.told(finding("models.undecided", "staging", "models.model_ids", note=note))
    assert told == "models.model_ids: redacted names look alike across saved files; compare them within one run"


def test_an_unreliable_probe_says_how_many_of_how_many() -> None:
    """With the number really taken."""
    unreliable = finding("probe.unreliable", "staging", "chat.outcome", n=15, failed={"upstream_or_gateway": 5})
    assert TELLING.told(unreliable) == "chat: 5 of 15 failed: upstream_or_gateway"


def test_what_no_list_names_is_counted() -> None:
    """With its direction where the rule does not say it."""
    assert (
        TELLING.told(finding("models.removed", "staging", "models.model_ids", unnamed=1979))
        == "1,979 that are not named"
    )
    gone = finding("chat.response_fields", "staging", "chat.response_fields", unnamed=20, change="removed")
    assert TELLING.told(gone) == "-20 that are not named"


def test_what_a_server_wrote_is_written_as_the_format_has_it() -> None:
    """Nothing of ours is."""
    telling = Telling(named="<{}>".format)
    assert telling.told(finding("chat.finish_reason", "a", "chat.finish_reason", "stop", "x")) == "<stop> → <x>"
    assert telling.told(slower()).endswith("2.5× slower: 244 ms → 604 ms (n=5, seen twice)")


def test_one_line_tells_what_differs_in_nothing_but_its_value() -> None:
    """One group for each rule, environment and field, or for all environments in which the very same was found."""
    findings = [
        finding("models.removed", "one", "models.model_ids", "o1"),
        finding("models.removed", "one", "models.model_ids", "o3"),
        finding("models.removed", "two", "models.model_ids", "o1"),
        finding("models.removed", "three", "models.model_ids", "o1"),
        finding("models.removed", "three", "models.model_ids", "o3"),
        slower(),
    ]
    groups = [(group.environments, len(group.findings)) for group in grouped(findings)]
    assert groups == [(["one", "three"], 2), (["two"], 1), (["staging"], 1)]


def test_a_group_counts_what_is_not_named_too() -> None:
    """There may be thousands."""
    findings = [
        finding("models.removed", "one", "models.model_ids", "o1"),
        finding("models.removed", "one", "models.model_ids", unnamed=40),
    ]
    (group,) = grouped(findings)
    assert (group.total, len(group.named)) == (41, 1)


def test_what_counts_comes_first_and_what_is_settled_last() -> None:
    """And of each part the worst: what nobody has to act on does not stand in the way."""
    warn, info = Severity.WARN, Severity.INFO
    findings = [
        finding("a.x", "one", "a.x", "1", "2", severity=info, counted=False),
        finding("b.x", "one", "b.x", "1", "2", state=FindingState.ABSENT),
        finding("c.x", "one", "c.x", "1", "2", severity=warn),
        finding("d.x", "one", "d.x", "1", "2", state=FindingState.ACCEPTED),
        slower(note=Note(why=Why.NOT_CONFIRMED), counted=False),
        finding("e.x", "one", "e.x", "1", "2"),
        finding("f.undecided", "one", "f.x", severity=info, note=Note(why=Why.NOT_CONFIRMED), counted=True),
    ]
    assert [(group.kind.rule, group.kind.part) for group in grouped(findings)] == [
        ("e.x", Part.COUNTED),
        ("c.x", Part.COUNTED),
        ("f.undecided", Part.COUNTED),
        ("a.x", Part.OTHER),
        ("latency.undecided", Part.UNDECIDED),
        ("d.x", Part.ACCEPTED),
        ("b.x", Part.ABSENT),
    ]


@pytest.mark.parametrize(
    ("state", "tag"),
    [
        (FindingState.OPEN, ""),
        (FindingState.NEW, "new"),
        (FindingState.UNCHANGED, "still, since 2026-11-18 (5 runs)"),
        (FindingState.ABSENT, "absent"),
        (FindingState.ACCEPTED, ""),
    ],
)
def test_a_tag_says_since_when(state: FindingState, tag: str) -> None:
    """Where it is known from before; a finding of today needs no day."""
    (group,) = grouped([finding("a.x", "one", "a.x", "1", "2", state=state, first_seen=date(2026, 11, 18), runs=5)])
    assert group.kind.tag == tag


def test_a_tag_says_no_number_that_nobody_knows() -> None:
    """A record of an older release has a day and no number of runs."""
    since = date(2026, 11, 18)
    (group,) = grouped([finding("a.x", "one", "a.x", "1", "2", state=FindingState.UNCHANGED, first_seen=since)])
    assert group.kind.tag == "still, since 2026-11-18"
