"""The verdict in one sentence, and what was not judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evidences import chat, evidence, failed, models, skipped, stream, timed
from render_samples import alike, alone, cell, compared, dead_baseline, duration, four_environments, row, summary

from envcheck.comparison import CellState, FindingState, HeldAgainst, Note, Verdict, Why
from envcheck.policy import Accept, FailOn, Policy
from envcheck.probes.chat import ChatFacts
from envcheck.probes.pace import Pace
from envcheck.redact import Redacted
from envcheck.render.unjudged import Place, undecided, unjudged
from envcheck.render.verdict import verdict
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

_USUAL = (240.0, 251.0, 244.0, 229.0, 262.0)
OF_FOUR = (
    "2 of 3 environments failed: new-region (chat: rate_or_quota), vendor (models: network); "
    "2 of 3 environments differ from production: staging, new-region; "
    "latency not judged (too few samples): new-region models; failed now and then: new-region models; "
    "varies by itself, so not judged: staging chat.finish_reason. "
    "48 errors, 1 warning, 2 infos, 1 accepted (exit 4)."
)
_SLOW = tuple(10 * each for each in _USUAL)


def usual(name: str = "production", *, samples: int = 5) -> Evidence:
    times = _USUAL[:samples]
    return evidence(name, models("a", latency=timed(*times)), chat(latency=timed(*times)), samples=samples)


def with_chat(name: str, *latency: float, voided: int = 0, again: tuple[float, ...] = (), **about: object) -> Evidence:
    latencies = timed(*latency, voided=voided, again_ms=again)
    return evidence(name, models("a", latency=timed(*_USUAL)), chat(latency=latencies, **about), samples=5)  # type: ignore[arg-type]  # facts by name


def asked_for(model: str, asked: Evidence) -> Evidence:
    checks = tuple(
        check.model_copy(update={"facts": check.facts.model_copy(update={"model": Redacted(model)})})
        if isinstance(check.facts, ChatFacts)
        else check
        for check in asked.checks
    )
    return asked.model_copy(update={"checks": checks})


def test_hand_made_verdicts() -> None:
    """One sentence for each outcome, with its numbers and its exit code."""
    said = [
        verdict(alone()),
        verdict(alike(2)),
        verdict(four_environments()),
        verdict(dead_baseline()),
        verdict(alike(1).model_copy(update={"summary": summary(Verdict.INCONCLUSIVE, 5)})),
        verdict(alike(2).model_copy(update={"baseline": None, "held_against": HeldAgainst.ITSELF_EARLIER})),
        verdict(alike(1).model_copy(update={"summary": summary(Verdict.SAME, 0, accepted=2)})),
    ]
    assert said == [
        "production passed every probe (exit 0).",
        "2 environments held against production: no difference found (exit 0).",
        OF_FOUR,
        "inconclusive because the baseline vendor failed (models: network). 1 error (exit 5).",
        "inconclusive because nothing could be held against anything (exit 5).",
        "3 environments held against their earlier runs: no difference found (exit 0).",
        "1 environment held against production: no difference found beside 2 accepted (exit 0).",
    ]


def test_one_environment_is_named_and_not_counted() -> None:
    """`1 of 1 environments differs` is nobody's language."""
    other = evidence("staging", models("b", latency=timed(9)), chat(), samples=1)
    assert verdict(compared(usual(samples=1), other)) == (
        "staging differs from production; latency not judged (1 sample). 1 error, 1 info (exit 3)."
    )


def test_undecided_is_said_with_its_remedy() -> None:
    """Ten times slower among too many to tell, and never the same."""
    fleet = [usual(), with_chat("staging", *_SLOW), *(usual(f"region-{number}") for number in range(10))]
    assert verdict(compared(*fleet)) == (
        "11 environments held against production: no difference found; "
        "1 undecided: staging chat.latency (use --samples 6) (exit 0)."
    )


def test_undecided_that_counts_says_why() -> None:
    """`no difference found (exit 3)` alone is a contradiction."""
    comparison = compared(usual(), with_chat("staging", *_SLOW), policy=Policy(fail_on_undecided=True))
    assert verdict(comparison) == (
        "1 environment held against production: no difference found; "
        "1 undecided, counted with --fail-on-undecided: staging chat.latency (run again) (exit 3)."
    )


def test_undecided_for_several_reasons_has_a_remedy_for_each() -> None:
    """Of those with one reason, the one that helps them all."""
    comparison = compared(
        usual(),
        with_chat("staging", *_SLOW),
        with_chat("eu", 700, 200, 800, 210, 690),
        with_chat("us", *_USUAL[:2], voided=7),
    )
    assert verdict(comparison) == (
        "3 environments held against production: no difference found; 3 undecided: "
        "staging chat.latency (run again), eu chat.latency (use --samples 10), "
        "us chat.latency (run again when it is idle) (exit 0)."
    )


def test_names_that_are_not_shown_are_undecided_with_the_remedy() -> None:
    """Redacted or not listed: across saved files nobody can tell, and within one run it can be told."""
    hidden = [evidence(name, models("[redacted]"), chat(usage=("a", "other"))) for name in ("production", "staging")]
    assert verdict(compared(*hidden)) == (
        "1 environment held against production: no difference found; 2 undecided: staging models.model_ids "
        "(compare them within one run), staging chat.usage_fields (compare them within one run) (exit 0)."
    )


def test_the_remedy_helps_all_that_it_is_for() -> None:
    """Where one needs 6 samples and another 14, it is 14."""
    few, many = (
        cell(duration(900, n=5), CellState.UNDECIDED, Note(why=Why.NOT_SIGNIFICANT, number=number))
        for number in (6, 14)
    )
    rows = (row("chat", "latency", production=cell(duration(240, n=5)), region_1=many, region_2=few),)
    words = verdict(alike(2).model_copy(update={"rows": rows}))
    assert "2 undecided: region-1 chat.latency, region-2 chat.latency (use --samples 14)" in words


def test_what_is_undecided_is_said_where_its_rule_is_switched_off() -> None:
    """For the cell is undecided all the same."""
    policy = Policy(severity={"latency.undecided": Severity.NONE})
    comparison = compared(usual(), with_chat("staging", *_SLOW), policy=policy)
    assert not comparison.findings
    assert list(undecided(comparison)) == [Place("staging", "chat.latency")]
    assert "1 undecided: staging chat.latency (run again)" in verdict(comparison)


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (usual("staging", samples=1), "latency not judged (1 sample)"),
        (evidence("staging", models("a", latency=timed(*_USUAL)), samples=5), "not probed: staging chat"),
        (
            asked_for("o3", with_chat("staging", *_USUAL)),
            "latency not judged (another model was asked): staging chat",
        ),
        (
            evidence(
                "staging", models("a", latency=timed(*_USUAL)), chat(varying={"finish_reason": ("length", "stop")})
            ),
            "varies by itself, so not judged: staging chat.finish_reason",
        ),
        (
            with_chat("staging", *_USUAL, failed_samples={"timeout": 1}),
            "failed now and then: staging chat",
        ),
    ],
)
def test_what_was_not_judged_is_said(candidate: Evidence, said: str) -> None:
    """No difference was found, and that is not all there is to know."""
    words = verdict(compared(usual(samples=min(5, candidate.target.samples)), candidate))
    assert "1 environment held against production: no difference found" in words
    assert said in words


def test_what_was_judged_is_not_called_unjudged() -> None:
    """Slow at first and not again is an answer."""
    comparison = compared(with_chat("production", *_USUAL, again=_USUAL), with_chat("staging", *_SLOW, again=_USUAL))
    assert unjudged(comparison) == []
    assert verdict(comparison) == "1 environment held against production: no difference found (exit 0)."


def test_a_failure_takes_no_part_in_no_difference() -> None:
    """Those that failed were held against nothing."""
    down = evidence("staging", failed("models", "auth", status=401), skipped("chat"), samples=5)
    assert verdict(compared(usual(), usual("eu"), down)) == (
        "staging failed (models: auth); 1 other environment held against production: no difference found. "
        "1 error (exit 4)."
    )
    assert "no difference" not in verdict(compared(usual(), down))


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (
            Policy(accept=(Accept(rule="probe.failed", environment="staging", reason="down for good"),)),
            "staging failed (models: auth), which is accepted (exit 0).",
        ),
        (
            Policy(severity={"probe.failed": Severity.NONE}),
            "staging failed (models: auth), and no rule in force finds that (exit 0).",
        ),
        (
            Policy(fail_on=FailOn.NEVER),
            "staging failed (models: auth). 1 error; none counted with --fail-on never (exit 0).",
        ),
    ],
)
def test_a_failure_that_does_not_count_says_why(policy: Policy, words: str) -> None:
    """`staging failed (exit 0)` alone is a contradiction."""
    down = evidence("staging", failed("models", "auth", status=401), skipped("chat"), samples=5)
    assert verdict(compared(usual(), down, policy=policy)) == words


def test_what_was_known_before_says_that_it_is() -> None:
    """Where only new findings count."""
    other = evidence("staging", models("b", latency=timed(*_USUAL)), chat(latency=timed(*_USUAL)), samples=5)
    before = compared(usual(), other)
    now = compared(usual(), other, policy=Policy(only_new_count=True), earlier=before)
    assert {each.state for each in now.findings} == {FindingState.UNCHANGED}
    assert verdict(now).endswith("1 error, 1 info; none counted: all of it was known before (--fail-on-new) (exit 0).")


def test_what_is_new_is_told_from_what_was_known() -> None:
    """An exit code of 3 for one of two errors has to say for which, and that the other one did not count."""
    latency = timed(*_USUAL)
    other = evidence("staging", models("b", latency=latency), chat(latency=latency), samples=5)
    before = compared(usual(), other, usual("eu"))
    without_usage = evidence("eu", models("a", latency=latency), chat(latency=latency, usage=None), samples=5)
    now = compared(usual(), other, without_usage, policy=Policy(only_new_count=True), earlier=before)
    assert verdict(now).endswith(
        " 1 new error: eu chat.usage_fields; 1 known before and 1 below --fail-on warn, not counted (exit 3)."
    )
    counting_all = compared(usual(), other, without_usage, earlier=before)
    assert verdict(counting_all).endswith(" 2 errors, 1 info (exit 3).")


def test_failures_of_single_samples_are_no_difference_from_the_baseline() -> None:
    """They are said of any environment, the baseline too."""
    shaky = with_chat("production", *_USUAL, failed_samples={"timeout": 2})
    words = verdict(compared(shaky, usual("staging")))
    assert words.startswith("not reliable: production (chat: 2 of 5 failed); 1 environment held against production: no")
    alone = verdict(compared(shaky))
    assert "production passed every probe, not every request" in alone


def many_that_differ(number: int) -> Comparison:
    others = (evidence(f"eu-{index}", models("b"), chat(), samples=1) for index in range(number))
    return compared(usual(samples=1), *others)


def test_many_are_counted_and_the_first_few_named() -> None:
    """Forty names are no sentence."""
    assert "12 of 12 environments differ from production: eu-0, eu-1, eu-2, … and 9 more." in verdict(
        many_that_differ(12)
    )


def test_names_are_written_as_the_format_has_them() -> None:
    """Also those of fields and failure classes."""
    words = verdict(four_environments(), named="<{}>".format)
    assert "<new-region> (<chat>: <rate_or_quota>)" in words
    assert "<staging> <chat.finish_reason>" in words


def test_a_baseline_that_is_too_lenient_is_one_of_those_that_failed() -> None:
    """What it takes that it should refuse makes nothing inconclusive, and it is counted among all environments."""
    lenient = failed("unknown_model", "not_refused", status=200)
    fleet = [evidence(name, models("a"), lenient) for name in ("production", "staging")]
    assert verdict(compared(*fleet)) == (
        "2 of 2 environments failed: production (unknown_model: not_refused), staging (unknown_model: not_refused). "
        "2 errors (exit 4)."
    )
    fleet.append(evidence("eu", models("a")))
    assert verdict(compared(*fleet)).startswith("2 of 3 environments failed: production")


def test_what_no_row_shows_and_nothing_could_be_said_of_is_named() -> None:
    """A fact of an opt-in probe has a row only where it differs, so that without a word it would look the same."""
    production = evidence("production", models("a"), stream())
    assert verdict(compared(production, evidence("staging", models("a"), stream(arrival=Pace.TOO_FEW)))) == (
        "1 environment held against production: no difference found; "
        "not judged (one side says too little to be compared): staging stream.arrival (exit 0)."
    )
    assert verdict(compared(production, evidence("staging", models("a"), stream()))) == (
        "1 environment held against production: no difference found (exit 0)."
    )
    other_model = asked_for("o3", with_chat("staging", *_USUAL))
    assert "chat.model_answered" not in verdict(compared(usual(), other_model))  # the table has a row for it
