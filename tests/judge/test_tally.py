"""Tallies of answers, held against each other: what is found, what is likely behind it, and what cannot be told."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, held, whys
from evidences import evidence, passed

from envcheck.comparison import TallyValue
from envcheck.judge.tally import SIGNIFICANT
from envcheck.policy import Policy
from envcheck.probes.identity import QUESTIONS, IdentityFacts
from envcheck.redact import Redacted
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.evidence import Check

pytestmark = pytest.mark.thorough

EVEN = {question.name: sorted(question.answers)[:6] for question in QUESTIONS}
SKEWED = {name: [*answers[:1] * 6, *answers[3:]] for name, answers in EVEN.items()}
ONE = {name: answers[:1] for name, answers in EVEN.items()}


def tallied(answers: Mapping[str, list[str]], seed: int = 1, requests: int = 60, model: str = "gpt-4o") -> Check:
    """An `identity` check of a model that draws from these lists."""
    random = Random(seed)
    counts: dict[str, int] = {}
    for name, listed in answers.items():
        for answer in random.choices(listed, k=requests // 3):
            counts[f"{name}.{answer}"] = counts.get(f"{name}.{answer}", 0) + 1
    return passed("identity", IdentityFacts(model=Redacted(model), asked=requests, answers=counts))


OTHERS = {name: ["other"] for name in EVEN}


def test_two_that_answer_alike_are_the_same() -> None:
    """Never exactly alike: the p is told, and nothing is found."""
    comparison = held(tallied(EVEN), tallied(EVEN, seed=2))
    judged = cell(comparison, "answers")
    assert (judged.state.value, comparison.findings) == ("same", ())
    assert isinstance(judged.value, TallyValue)
    assert judged.value.p is not None
    assert judged.value.p > SIGNIFICANT


def test_two_that_answer_otherwise_differ() -> None:
    """What it is cannot be told, so no cause is named; the numbers are in the finding."""
    comparison = held(tallied(EVEN), tallied(SKEWED, seed=2, requests=90))
    [finding] = comparison.findings
    assert (finding.rule, finding.severity, finding.n, finding.note) == ("identity.differs", Severity.WARN, 90, None)
    assert finding.p is not None
    assert finding.p < SIGNIFICANT
    assert cell(comparison, "answers").state.value == "differs"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [(EVEN, ONE, "one_answer"), (ONE, EVEN, "one_answer_there"), (ONE, {**ONE, "number": ["9"]}, None)],
)
def test_a_single_answer_is_named_as_what_it_likely_is(
    before: Mapping[str, list[str]], after: Mapping[str, list[str]], why: str | None
) -> None:
    """On whichever side it is; where both have one, another one each, nothing is likelier than anything else."""
    [finding] = held(tallied(before), tallied(after)).findings
    assert (finding.rule, None if finding.note is None else finding.note.why.value) == ("identity.differs", why)


def test_an_environment_alone_is_told_that_it_has_a_single_answer() -> None:
    """There is nothing to hold it against, and a cache to look for all the same."""
    assert whys(cell(compared(evidence("e", tallied(ONE))), "answers", "e")) == [("one_answer", None)]
    assert whys(cell(compared(evidence("e", tallied(EVEN))), "answers", "e")) == []


@pytest.mark.parametrize("answers", [{**ONE, "colour": EVEN["colour"]}, OTHERS, {}])
def test_what_is_no_single_answer_is_not_called_one(answers: Mapping[str, list[str]]) -> None:
    """One question of three may well have one; what is none of the answers may be different each time."""
    assert whys(cell(compared(evidence("e", tallied(answers))), "answers", "e")) == []


def test_two_answers_of_a_kind_are_too_few_to_be_remarkable() -> None:
    """They are alike often enough by chance."""
    assert whys(cell(compared(evidence("e", tallied(ONE, requests=6))), "answers", "e")) == []
    assert whys(cell(compared(evidence("e", tallied(ONE, requests=9))), "answers", "e")) == [("one_answer", None)]


def test_other_models_are_not_held_together() -> None:
    """That they answer otherwise is no news."""
    comparison = held(tallied(EVEN), tallied(SKEWED, model="o3"))
    assert comparison.findings == ()
    assert cell(comparison, "answers").state.value == "incomparable"


def test_two_that_answer_nothing_of_what_was_asked_are_undecided() -> None:
    """Both look alike by what is counted, and may be anything."""
    comparison = held(tallied(OTHERS), tallied(OTHERS, seed=2))
    [finding] = comparison.findings
    assert (finding.rule, finding.severity) == ("identity.undecided", Severity.INFO)
    assert (cell(comparison, "answers").state.value, comparison.summary.undecided) == ("undecided", 1)
    assert [each.rule for each in held(tallied(EVEN), tallied(OTHERS)).findings] == ["identity.differs"]


@pytest.mark.parametrize("rule", ["identity.differs", "identity.undecided"])
def test_a_rule_that_is_switched_off_finds_nothing(rule: str) -> None:
    """The numbers stay in the table."""
    policy = Policy(severity={rule: Severity.NONE})
    answers = OTHERS if rule.endswith("undecided") else SKEWED
    before = OTHERS if rule.endswith("undecided") else EVEN
    assert held(tallied(before), tallied(answers), policy=policy).findings == ()


def test_the_more_environments_the_surer_it_has_to_be() -> None:
    """Holm over the environments: what is found alone may be chance among many."""
    slightly = {name: [*answers, *answers[:1] * 4] for name, answers in EVEN.items()}
    candidates = [tallied(slightly, seed=seed) for seed in range(40)]
    alone = [held(tallied(EVEN), each).findings for each in candidates]
    p_alone = [cell(held(tallied(EVEN), each), "answers").value for each in candidates[:12]]
    among = compared(
        evidence("production", tallied(EVEN)),
        *(evidence(f"e{number}", each) for number, each in enumerate(candidates[:12])),
    )
    for number, value in enumerate(p_alone):
        together = cell(among, "answers", f"e{number}").value
        assert isinstance(value, TallyValue)
        assert isinstance(together, TallyValue)
        assert (together.p or 0) >= (value.p or 0)
    assert sum(map(len, alone[:12])) > len(among.findings)
