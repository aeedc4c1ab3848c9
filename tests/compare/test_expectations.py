from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from comparing import compared
from evidences import TODAY, WHEN, chat, evidence, failed, models, passed, timed
from expecting import CASES, FITTING_PAIRS, case_of, ended, expected, record_of

from envcheck.compare import compare_runs
from envcheck.compare.answering import answer_of
from envcheck.compare.expectations import told_of
from envcheck.comparison import Answer, Comparison, Expectation, FindingState, Note, Verdict, Why
from envcheck.judge.columns import Column
from envcheck.judge.members import Members
from envcheck.judge.scalar import Scalar
from envcheck.model import Outcome
from envcheck.policy import Accept, Expect, FailOn, Operator, Policy
from envcheck.probes import PROBES
from envcheck.probes.expectable import FITTING, Kind, expectable
from envcheck.redact import Redacted
from envcheck.rules import Severity
from envcheck.transport import TRANSPORT, TransportFacts

VARY = [
    (field, operator)
    for field, operator in FITTING_PAIRS
    if isinstance((known := expectable()[field]).field, Scalar | Members) and not field.startswith(TRANSPORT)
]
LEARNT = [pair for pair in FITTING_PAIRS if not pair[0].startswith(TRANSPORT) and not pair[0].endswith(".outcome")]
MODELS = Expect("models.model_ids", Operator.CONTAINS, ("o3", "gpt-4o"))
QUICK = Expect("chat.latency", Operator.AT_MOST_MS, (800.0,))


def answers(comparison: Comparison) -> list[tuple[str, str]]:
    return [(each.environment, each.answer.value) for each in comparison.expectations]


def test_every_fact_of_every_probe_takes_a_stand() -> None:
    """A new kind of fact is of a kind that can be expected, or is named here as one that cannot."""
    nothing = {"models.sample_model_ids", "embeddings.sketch", "identity.answers", "transport.headers"}
    assert {field for field, known in expectable().items() if known.kind is Kind.OTHER} == nothing
    assert set(expectable()) >= {
        f"{name}.{fact}" for name, probe in PROBES.items() for fact in probe.facts.model_fields
    }
    assert {"stream.first_content", "chat.latency", "tools.outcome", "transport.tls_version"} <= set(expectable())
    assert {(kind, each) for kind in Kind for each in FITTING[kind] if kind is not Kind.WORD} == set(CASES)


@pytest.mark.parametrize(("field", "operator"), FITTING_PAIRS)
def test_a_value_meets_it_or_does_not(field: str, operator: Operator) -> None:
    """For every operator on every fact that it fits."""
    case, expect = case_of(field, operator), expected(field, operator)
    assert answer_of(expect, record_of(field, case.meets)).answer is Answer.MET
    assert answer_of(expect, record_of(field, case.fails)).answer is Answer.UNMET


@pytest.mark.parametrize(("field", "operator"), VARY)
def test_samples_that_disagree_tell_nothing(field: str, operator: Operator) -> None:
    """One that meets it beside one that does not: neither met nor unmet, and the reason is said."""
    case = case_of(field, operator)
    answered = answer_of(expected(field, operator), record_of(field, case.meets, case.fails))
    assert (answered.answer, answered.note and answered.note.why) == (Answer.UNKNOWN, Why.VARIES)


@pytest.mark.parametrize(
    ("expect", "values", "answer"),
    [
        (Expect("chat.finish_reason", Operator.ONE_OF, ("stop", "length")), ("stop", "length"), Answer.MET),
        (Expect("chat.finish_reason", Operator.EQUALS, ("tool_calls",)), ("stop", "length"), Answer.UNMET),
        (Expect("chat.choice_count", Operator.AT_LEAST, (1.0,)), (1, 2), Answer.MET),
        (Expect("tools.has_id", Operator.EQUALS, (True,)), (True, None), Answer.UNKNOWN),
        (Expect("models.model_ids", Operator.CONTAINS, ("a", "z")), (("a",), ("a", "b")), Answer.UNMET),
        (Expect("models.model_ids", Operator.CONTAINS, ("a",)), (("a",), ("a", "b")), Answer.MET),
        (Expect("models.model_ids", Operator.EXCLUDES, ("z",)), (("a",), ("a", "b")), Answer.MET),
        (Expect("chat.usage_present", Operator.EQUALS, (True,)), (True, False), Answer.UNKNOWN),
        (Expect("models.model_count", Operator.AT_LEAST, (1.0,)), (7, 8), Answer.UNKNOWN),
        (Expect("chat.outcome", Operator.EQUALS, ("pass",)), (Outcome.PASS, Outcome.FAIL), Answer.UNKNOWN),
        (Expect("chat.outcome", Operator.ONE_OF, ("pass", "fail")), (Outcome.PASS, Outcome.FAIL), Answer.MET),
    ],
    ids=str,
)
def test_samples_that_answer_alike_tell(expect: Expect, values: tuple[object, ...], answer: Answer) -> None:
    """All of them meet it, or none does; what is only about a set that varies cannot be told."""
    assert answer_of(expect, record_of(expect.field, *values)).answer is answer


@pytest.mark.parametrize(
    ("outcome", "why"),
    [(Outcome.FAIL, Why.FAILED), (Outcome.SKIPPED, Why.SKIPPED), (Outcome.UNSUPPORTED, Why.UNSUPPORTED)],
)
def test_a_probe_that_learnt_nothing_tells_nothing(outcome: Outcome, why: Why) -> None:
    """Of every fact that can be expected but how it ended."""
    for field, operator in LEARNT:
        probe = field.partition(".")[0]
        answered = answer_of(expected(field, operator), evidence("staging", ended(probe, outcome)))
        assert (answered.answer, answered.note and answered.note.why) == (Answer.UNKNOWN, why), field


@pytest.mark.parametrize(("field", "operator"), FITTING_PAIRS)
def test_what_was_not_asked_cannot_be_told(field: str, operator: Operator) -> None:
    """A record of `--skip-chat` has nothing to say of chat."""
    answered = answer_of(expected(field, operator), evidence("staging"))
    assert (answered.answer, answered.note and answered.note.why) == (Answer.UNKNOWN, Why.NOT_PROBED)


def test_of_a_skipped_probe_nobody_can_tell_how_it_ends() -> None:
    """It was not sent; one that failed did end."""
    expect = Expect("tools.outcome", Operator.ONE_OF, ("pass",))
    assert answer_of(expect, evidence("a", ended("tools", Outcome.SKIPPED))).answer is Answer.UNKNOWN
    assert answer_of(expect, evidence("a", failed("tools", "timeout"))).answer is Answer.UNMET


@pytest.mark.parametrize(
    ("took", "samples", "operator", "answer"),
    [
        (800.0, 5, Operator.AT_MOST_MS, "met"),
        (801.0, 5, Operator.AT_MOST_MS, "unmet"),
        (400.0, 4, Operator.AT_MOST_MS, "met"),
        (401.0, 4, Operator.AT_MOST_MS, "unknown"),
        (1600.0, 1, Operator.AT_MOST_MS, "unknown"),
        (1601.0, 1, Operator.AT_MOST_MS, "unmet"),
        (1600.0, 4, Operator.AT_LEAST_MS, "met"),
        (1599.0, 4, Operator.AT_LEAST_MS, "unknown"),
        (400.0, 4, Operator.AT_LEAST_MS, "unknown"),
        (399.0, 4, Operator.AT_LEAST_MS, "unmet"),
    ],
)
def test_few_samples_tell_only_what_is_off_by_a_factor_of_two(
    took: float, samples: int, operator: Operator, answer: str
) -> None:
    """Five of them are enough for the median to be held against the bound itself."""
    for field in ("chat.latency", "stream.first_content"):
        answered = answer_of(Expect(field, operator, (800.0,)), record_of(field, took, samples=samples))
        assert answered.answer.value == answer
        why = answered.note and (answered.note.why, answered.note.number)
        assert why == ((Why.FEW_SAMPLES, samples) if answer == "unknown" else None)


def test_a_latency_that_is_not_the_gateways_tells_nothing() -> None:
    """A cache answered, the samples are void, or the measure was never taken."""
    quick = record_of("chat.latency", 5.0)
    cached = quick.model_copy(update={"transport": TransportFacts(cache=("chat",))})
    void = evidence("staging", chat(latency=timed(voided=7)), samples=7)
    whys = [answer_of(QUICK, each).note for each in (cached, void, evidence("staging", chat()))]
    assert [each and each.why for each in whys] == [Why.CACHED, Why.VOIDED, Why.NOT_SAID]


@pytest.mark.parametrize(
    ("expect", "value", "told"),
    [
        (Expect("models.root", Operator.EQUALS, ("Qwen/Qwen3",)), "Qwen/[redacted]", Why.REDACTED),
        (Expect("models.root", Operator.EQUALS, ("meta/llama",)), "Qwen/[redacted]", Answer.UNMET),
        (Expect("models.root", Operator.NOT_EQUALS, ("Qwen/Qwen3",)), "Qwen/[redacted]", Why.REDACTED),
        (Expect("models.root", Operator.NOT_EQUALS, ("meta/llama",)), "Qwen/[redacted]", Answer.MET),
        (Expect("models.root", Operator.MATCHES, ("Qwen.*",)), "Qwen/[redacted]", Why.REDACTED),
        (Expect("models.root", Operator.MATCHES, ("a*",)), "a" * 201, Why.TOO_LONG),
        (Expect("models.root", Operator.MATCHES, ("a*",)), "a" * 200, Answer.MET),
        (Expect("models.root", Operator.EQUALS, ("Qwen/Qwen3",)), None, Why.NOT_SAID),
        (Expect("models.is_listed", Operator.EQUALS, (True,)), None, Why.NOT_SAID),
        (Expect("transport.certificate_expires", Operator.AT_LEAST_DAYS, (30,)), None, Why.NOT_SAID),
        (Expect("chat.finish_reason", Operator.EQUALS, ("eos",)), "other", Why.SAYS_TOO_LITTLE),
        (Expect("chat.finish_reason", Operator.EQUALS, ("stop",)), "other", Answer.UNMET),
        (Expect("chat.finish_reason", Operator.EQUALS, ("other",)), "other", Answer.MET),
        (Expect("chat.finish_reason", Operator.MATCHES, ("e.s",)), "other", Why.SAYS_TOO_LITTLE),
        (Expect("stream.arrival", Operator.EQUALS, ("incremental",)), "too_few", Why.SAYS_TOO_LITTLE),
        (Expect("stream.arrival", Operator.EQUALS, ("too_few",)), "too_few", Answer.MET),
        (Expect("chat.finish_reason", Operator.NOT_EQUALS, ("length",)), "null", Answer.MET),
    ],
    ids=str,
)
def test_a_value_that_says_too_little_tells_nothing(expect: Expect, value: object, told: Answer | Why) -> None:
    """Null, redacted, or a word that stands for others: what is not known is neither met nor unmet."""
    answered = answer_of(expect, record_of(expect.field, value))
    assert told in {answered.answer, answered.note and answered.note.why}


@pytest.mark.parametrize(
    ("listed", "name", "told"),
    [
        (("a", "[redacted]"), "o3", Answer.UNKNOWN),
        (("a", "gpt-[redacted]"), "o3", Answer.UNMET),
        (("a",), "[redacted]", Answer.UNKNOWN),
        (("a",), "o3", Answer.UNMET),
        (("a", "o3"), "o3", Answer.MET),
    ],
)
def test_a_redacted_name_may_be_the_one_that_is_meant(listed: tuple[str, ...], name: str, told: Answer) -> None:
    """In a list as in a single value."""
    answered = answer_of(Expect("models.model_ids", Operator.CONTAINS, (name,)), evidence("a", models(*listed)))
    assert answered.answer is told
    assert answered.note == (Note(why=Why.REDACTED, number=1) if told is Answer.UNKNOWN else None)


def test_how_many_values_are_redacted_is_told() -> None:
    """It is the reason why nobody can tell."""
    expect = Expect("models.root", Operator.EQUALS, ("Qwen/Qwen3",))
    assert answer_of(expect, record_of("models.root", "Qwen/[redacted]")).note == Note(why=Why.REDACTED, number=1)


def test_past_the_end_of_a_cut_list_nothing_is_known() -> None:
    """Before its last name all of it is."""
    many = models(*(f"m{number:05}" for number in range(6000)), total=6000)
    told = [
        answer_of(Expect("models.model_ids", Operator.CONTAINS, (name,)), evidence("a", many)).answer
        for name in ("m00001", "m00001x", "m05500", "zzz")
    ]
    assert told == [Answer.MET, Answer.UNMET, Answer.UNKNOWN, Answer.UNKNOWN]


def test_among_fields_that_are_not_shown_may_be_the_one_that_is_meant() -> None:
    """One that the API requires is always shown, so that it is missing for sure."""
    record = evidence("a", chat(shape=("id", "other", "usage.prompt_tokens")))
    told = [
        answer_of(Expect("chat.response_fields", Operator.CONTAINS, (name,)), record).answer
        for name in ("vendor_field", "created", "usage.prompt_tokens")
    ]
    assert told == [Answer.UNKNOWN, Answer.UNMET, Answer.MET]


def test_a_record_without_the_fact_tells_nothing() -> None:
    """An older release wrote it, or somebody edited it."""
    record = evidence("a", passed("models", TransportFacts()))
    answered = answer_of(MODELS, record)
    assert (answered.answer, answered.note and answered.note.why) == (Answer.UNKNOWN, Why.NO_FACTS)


@pytest.mark.parametrize(
    ("expect", "seen", "answer"),
    [
        (Expect("models.context_length", Operator.AT_LEAST, (1.0,)), ("many", "more"), Answer.UNKNOWN),
        (Expect("models.context_length", Operator.AT_LEAST, (1.0,)), ("1.5", "2"), Answer.MET),
        (Expect("models.is_listed", Operator.EQUALS, (True,)), ("yes", "True"), Answer.UNKNOWN),
        (Expect("models.retires_on", Operator.EQUALS, (TODAY,)), ("2026-03-05", "2026-03-06"), Answer.UNMET),
        (Expect("models.retires_on", Operator.EQUALS, (TODAY,)), ("soon", "2026-03-06"), Answer.UNKNOWN),
    ],
    ids=str,
)
def test_what_a_saved_record_says_of_varying_values_is_read_or_not_believed(
    expect: Expect, seen: tuple[str, ...], answer: Answer
) -> None:
    """Anybody may have written it."""
    check = models("a").model_copy(update={"varying": {expect.fact: tuple(map(Redacted, seen))}})
    assert answer_of(expect, evidence("a", check)).answer is answer


def test_days_are_counted_from_the_run_and_not_from_today() -> None:
    """So that a record is judged alike whenever it is looked at."""
    record = record_of("transport.certificate_expires", WHEN.date() + timedelta(days=30))
    policy = Policy(expect=(Expect("transport.certificate_expires", Operator.AT_LEAST_DAYS, (30,)),))
    comparison = compared(record, policy=policy, today=TODAY + timedelta(days=300))
    assert answers(comparison) == [("staging", "met")]


def test_what_is_not_met_is_a_finding_of_the_environment_itself() -> None:
    """In words, with what is missing, in the baseline as in any other, and nothing is inconclusive for it."""
    policy = Policy(expect=(MODELS, replace(QUICK, severity=Severity.INFO, title="Quick")))
    comparison = compared(evidence("production", models("gpt-4o"), chat(latency=timed(*[2000.0] * 5))), policy=policy)
    told = [
        (each.rule, each.severity, each.environment, each.baseline, each.expected, each.actual, each.counted)
        for each in comparison.findings
    ]
    assert told == [
        ("expect.unmet", "err", "production", "production", "contains o3, gpt-4o", "lacks o3", True),
        ("expect.unmet", "info", "production", "production", "is at most 800 ms", 2000.0, False),
    ]
    first, second = comparison.expectations
    assert (first.title, first.missing) == ("models.model_ids contains o3, gpt-4o", ("o3",))
    assert (second.title, second.severity) == ("Quick", "info")
    assert [each.fingerprint for each in comparison.findings] == [each.fingerprint for each in comparison.expectations]
    assert (comparison.summary.verdict, comparison.summary.exit_code) == (Verdict.DIFFERS, 3)
    assert comparison.summary.by_environment["production"].worst_rule == "expect.unmet"


@pytest.mark.parametrize(
    ("expect", "values", "actual", "condition"),
    [
        (Expect("models.retires_on", Operator.AT_LEAST_DAYS, (30,)), [TODAY], "2026-03-04", "is 30 days away or more"),
        (
            Expect("models.retires_on", Operator.NOT_EQUALS, (TODAY,)),
            [TODAY],
            "2026-03-04",
            "does not equal 2026-03-04",
        ),
        (Expect("tools.outcome", Operator.EQUALS, ("pass",)), [Outcome.FAIL], "fail", "equals pass"),
        (Expect("chat.choice_count", Operator.AT_LEAST, (2.5,)), [1], 1, "is at least 2.5"),
        (Expect("chat.choice_count", Operator.EQUALS, (3,)), [1, 2], "1, 2", "equals 3"),
        (Expect("tools.has_id", Operator.EQUALS, (True,)), [False], False, "equals true"),
        (Expect("models.root", Operator.MATCHES, ("Q.*",)), ["a"], "a", "matches Q.*"),
    ],
)
def test_a_finding_says_what_was_expected_and_what_is_there(
    expect: Expect, values: list[object], actual: object, condition: str
) -> None:
    """A number as a number, a truth as a truth, a date and several values as text."""
    [told] = told_of([Column("a", record_of(expect.field, *values))], Policy(expect=(expect,)))["a"]
    assert told.finding is not None
    assert (told.finding.rule, told.finding.expected, told.finding.actual) == ("expect.unmet", condition, actual)


def test_what_must_not_be_there_is_named() -> None:
    """A long list of them is named in part."""
    many = tuple(f"m{number:02}" for number in range(12))
    policy = Policy(expect=(Expect("models.model_ids", Operator.EXCLUDES, many),))
    [finding] = compared(evidence("a", models(*many)), policy=policy).findings
    assert finding.actual == f"has {', '.join(many[:10])} and 2 more"
    assert str(finding.expected).endswith("m09 and 2 more")


def test_it_holds_only_where_it_is_said_to() -> None:
    """An environment that takes no part is not judged, and neither is one that is not named."""
    expect = replace(MODELS, environments=("staging", "nowhere"))
    records = [evidence("production", models("a")), evidence("staging", models("a"))]
    assert answers(compared(*records, policy=Policy(expect=(expect,)))) == [("staging", "unmet")]


def test_a_rule_that_is_switched_off_finds_nothing_and_the_answer_stays() -> None:
    """The checklist still has it."""
    policy = Policy(expect=(MODELS, QUICK), severity={"expect.unmet": Severity.NONE, "expect.unknown": Severity.NONE})
    comparison = compared(evidence("a", models("a")), policy=policy)
    assert comparison.findings == ()
    assert [(each.answer, each.severity) for each in comparison.expectations] == [("unmet", "err"), ("unknown", "err")]


def test_compare_severity_weighs_what_an_entry_does_not() -> None:
    """As for any other rule; the entry's own goes before it."""
    policy = Policy(
        expect=(MODELS, replace(MODELS, operands=("x",), severity=Severity.ERR)),
        severity={"expect.unmet": Severity.INFO},
    )
    assert [each.severity for each in compared(evidence("a", models("a")), policy=policy).findings] == ["info", "err"]


def test_both_are_accepted_by_rule_environment_and_field() -> None:
    """And an entry that covers nothing is told, but not while it may still be needed."""
    accept = (
        Accept("expect.unmet", "a", "known", field="models.model_ids"),
        Accept("expect.unknown", "a", "known", field="chat.latency"),
    )
    policy = Policy(expect=(MODELS, QUICK), accept=accept)
    comparison = compared(evidence("a", models("a")), policy=policy)
    assert {each.state for each in comparison.findings} == {FindingState.ACCEPTED}
    assert (comparison.summary.exit_code, comparison.accept_notices) == (0, ())
    met = compared(evidence("a", models("o3", "gpt-4o")), policy=policy)
    assert met.accept_notices == ()  # what could not be told may turn out not to be met
    all_met = compared(evidence("a", models("o3", "gpt-4o"), chat(latency=timed(*[5.0] * 5))), policy=policy)
    assert [each.problem for each in all_met.accept_notices] == ["unused", "unused"]


def test_a_fingerprint_is_the_same_whatever_came_of_it() -> None:
    """And another one for each environment, fact, operator and operand; the order of a list makes none."""

    def fingerprints(expect: Expect, *ids: str) -> list[str]:
        policy = Policy(expect=(expect,))
        return [each.fingerprint for each in compared(evidence("a", models(*ids)), policy=policy).expectations]

    [known] = fingerprints(MODELS, "o3", "gpt-4o")
    assert known == "4488d85d22d61ff3"  # as every release spells it
    assert (
        fingerprints(MODELS, "x") == fingerprints(replace(MODELS, operands=("gpt-4o", "o3"), title="T"), "x") == [known]
    )
    others = (replace(MODELS, operands=("o3",)), replace(MODELS, operator=Operator.EXCLUDES))
    assert known not in {each for other in others for each in fingerprints(other, "x")}


def test_over_time_it_is_known_by_what_came_of_it() -> None:
    """Not told, then not met, then told again to be met: new, and gone."""
    policy = Policy(expect=(MODELS,), fail_on=FailOn.WARN, only_new_count=True)
    unknown = compared(evidence("a", failed("models", "timeout")), policy=policy)
    unmet = compared(evidence("a", models("x")), policy=policy, earlier=unknown)
    of_ours = {each.rule: each.state.value for each in unmet.findings if each.rule.startswith("expect.")}
    assert of_ours == {"expect.unmet": "new", "expect.unknown": "absent"}
    again = compared(evidence("a", models("x")), policy=policy, earlier=unmet)
    assert [each.state.value for each in again.findings] == ["unchanged"]
    down = compared(evidence("a", failed("models", "timeout")), policy=policy, earlier=again)
    assert [each.rule for each in down.carried] == ["expect.unmet"]
    met = compared(evidence("a", models("o3", "gpt-4o")), policy=policy, earlier=down)
    assert {each.state.value for each in met.findings} == {"absent"}
    assert met.carried == ()


def test_what_is_expected_no_more_is_gone() -> None:
    """It would be carried for ever; of an environment that takes no part it still is."""
    unmet = compared(
        evidence("a", models("x")), evidence("b", models("x")), policy=Policy(expect=(MODELS,)), baseline="a"
    )
    later = compared(evidence("a", models("x")), evidence("c", models("x")), earlier=unmet, baseline="a")
    assert [(each.environment, each.state.value) for each in later.findings] == [("a", "absent")]
    assert [each.environment for each in later.carried] == ["b"]


def test_between_two_runs_it_is_new_only_where_it_was_met_before() -> None:
    """Both nights are judged by what is expected now."""
    before = [evidence("a", models("x")), evidence("b", models("o3", "gpt-4o")), evidence("gone", models("x"))]
    after = [evidence("a", models("x")), evidence("b", models("x")), evidence("come", models("x"))]
    comparison = compare_runs(before, after, policy=Policy(expect=(MODELS,)), generated_at=WHEN, today=TODAY)
    states = [(each.environment, each.state.value) for each in comparison.findings if each.rule == "expect.unmet"]
    assert states == [("a", "unchanged"), ("b", "new"), ("come", "new")]


def test_an_expectation_survives_its_record() -> None:
    """What is saved is what is loaded."""
    policy = Policy(expect=(MODELS, QUICK))
    comparison = compared(evidence("a", models("x")), policy=policy)
    loaded = Comparison.model_validate_json(comparison.model_dump_json())
    assert loaded.expectations == comparison.expectations
    assert all(isinstance(each, Expectation) for each in loaded.expectations)
