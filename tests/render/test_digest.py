"""Findings and verdicts in words."""

from __future__ import annotations

import pytest
from render_samples import alike, alone, dead, dead_baseline, finding, four_environments, four_evidences, summary

from envcheck.comparison import FindingState, HeldAgainst, Verdict
from envcheck.demo.sample import sample_evidence, sample_evidences
from envcheck.render.digest import grouped, listing, told
from envcheck.render.verdict import verdict
from envcheck.rules import Severity


@pytest.mark.parametrize(
    ("rule", "expected", "actual", "words"),
    [
        ("models.removed", "o3", None, "o3"),
        ("models.added", None, "gpt-5", "gpt-5"),
        ("chat.response_fields", "a.b", None, "-a.b"),
        ("chat.response_fields", None, "a.b", "+a.b"),
        ("chat.finish_reason", "stop", "length", "stop → length"),
        ("target.same_endpoint", "https://a/v1", "https://a/v1", "https://a/v1"),
        ("target.same_key", None, None, "the candidate uses the baseline's key"),
        ("a.rule_of_later", None, None, "a.rule_of_later"),
        ("probe.failed", "pass", "auth", "chat auth"),
    ],
)
def test_a_finding_in_words(rule: str, expected: str | None, actual: str | None, words: str) -> None:
    """As few as its rule leaves open."""
    field = "chat.outcome" if rule == "probe.failed" else rule
    assert told(finding(rule, "staging", field, expected, actual)) == words


@pytest.mark.parametrize(("p", "words"), [(0.008, "p = 0.008"), (0.0004, "p < 0.001")])
def test_a_judged_latency_names_its_field_and_its_certainty(p: float, words: str) -> None:
    """For there is one of each probe, under one rule."""
    slower = finding("latency.slower", "staging", "chat.latency", "244 ms", "604 ms", p=p, n=9)
    assert told(slower) == f"chat.latency 244 ms → 604 ms ({words}, n=9)"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (("o1", "o3"), "o1, o3"),
        (("o1", "o3", "and 40 more"), "o1, o3, … and 40 more"),
        (("7 that cannot be named",), "7 that cannot be named"),
        ((*(f"model-{number}" for number in range(200)), "and 1800 more"), "model-0, model-1, … and 1998 more"),
    ],
)
def test_a_finding_that_stands_for_many_counts_as_many(members: tuple[str, ...], words: str) -> None:
    """What is not named is still told, with the number it has."""
    findings = [finding("models.removed", "one", "models.model_ids", member, None) for member in members]
    (group,) = grouped(findings)
    assert listing(group, 40) == words


def test_worst_first_and_settled_last() -> None:
    """What nobody has to act on does not stand in the way."""
    findings = [
        finding("a.x", "one", "a.x", "1", "2", severity=Severity.INFO),
        finding("b.x", "one", "b.x", "1", "2", state=FindingState.ABSENT),
        finding("c.x", "two", "c.x", "1", None),
        finding("c.x", "one", "c.x", "1", None),
        finding("c.x", "two", "c.x", "2", None),
    ]
    groups = [(group.rule, group.environment, len(group.findings)) for group in grouped(findings)]
    assert groups == [("c.x", "two", 2), ("c.x", "one", 1), ("a.x", "one", 1), ("b.x", "one", 1)]


def test_verdicts() -> None:
    """One sentence for each outcome, with its numbers and its exit code."""
    production, _, new_region = sample_evidences()
    two_errors = summary(Verdict.FAILED, 4, err=2, warn=1)
    said = [
        verdict(alone(), [production]),
        verdict(alone().model_copy(update={"summary": summary(Verdict.FAILED, 4, err=1)}), [new_region]),
        verdict(alike(2), []),
        verdict(four_environments().model_copy(update={"summary": two_errors}), four_evidences()),
        verdict(dead_baseline(), [dead(), sample_evidence()]),
        verdict(alike(1).model_copy(update={"summary": summary(Verdict.INCONCLUSIVE, 5)}), []),
        verdict(alike(1).model_copy(update={"summary": summary(Verdict.FAILED, 4, err=1)}), [new_region]),
        verdict(alike(2).model_copy(update={"baseline": None, "held_against": HeldAgainst.ITSELF_EARLIER}), []),
        verdict(alike(1).model_copy(update={"summary": summary(Verdict.SAME, 0, accepted=2)}), []),
    ]
    assert said == [
        "production passed every probe (exit 0).",
        "production failed a probe: 1 err (exit 4).",
        "3 environments, no difference from production (exit 0).",
        "2 of 4 environments failed; 2 of 4 environments differ from production: 2 err, 1 warn (exit 4).",
        "inconclusive because the baseline vendor failed: 1 err (exit 5).",
        "inconclusive because nothing could be held against anything (exit 5).",
        "new-region failed: 1 err (exit 4).",
        "3 environments, no difference from their earlier run (exit 0).",
        "2 environments, no difference from production but what is accepted: 2 accepted (exit 0).",
    ]
