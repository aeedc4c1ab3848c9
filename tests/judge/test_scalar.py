from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, held, remembered, told, whys
from evidences import chat, evidence, models, safe

from envcheck.comparison import CellState, FindingState, SeveralValue
from envcheck.policy import Policy
from envcheck.probes.chat import ContentKind
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.evidence import Check


@pytest.mark.parametrize(
    ("after", "field", "expected"),
    [
        (chat(answered="gpt-4o-2024"), "model_answered", ("chat.model_answered", "warn", "gpt-4o", "gpt-4o-2024")),
        (chat(answered=None), "model_answered", ("chat.model_answered", "warn", "gpt-4o", "null")),
        (chat(finish="length"), "finish_reason", ("chat.finish_reason", "warn", "stop", "length")),
        (chat(content=ContentKind.NULL), "content_kind", ("chat.content_kind", "warn", "text", "null")),
        (chat(choices=2), "choice_count", ("chat.choice_count", "warn", 1, 2)),
    ],
)
def test_another_value_is_one_finding(after: Check, field: str, expected: tuple[object, ...]) -> None:
    """A fact with one value that differs is a warning, its values keep their types, and nothing else is found."""
    comparison = held(chat(), after)
    assert told(comparison) == [expected]
    assert cell(comparison, field).state is CellState.DIFFERS
    assert cell(comparison, field).value == expected[-1]
    assert cell(comparison, field).notes == ()
    assert comparison.summary.exit_code == 3


def test_another_model_answers_because_another_was_asked() -> None:
    """Where the two were asked for different models, the model that answered proves nothing."""
    comparison = held(chat(model="gpt-4o", answered="gpt-4o"), chat(model="o3", answered="o3"))
    assert comparison.findings == ()
    assert cell(comparison, "model_answered").state is CellState.INCOMPARABLE
    assert [(note.why, note.word) for note in cell(comparison, "model_answered").notes] == [("other_model", "model")]


def test_a_value_that_alternates_is_noise() -> None:
    """A value seen on both sides is no difference, though one side has others too."""
    comparison = held(chat(), chat(varying={"finish_reason": ("length", "stop")}))
    assert comparison.findings == ()
    assert cell(comparison, "finish_reason").state is CellState.NOISY
    assert cell(comparison, "finish_reason").value == SeveralValue(values=safe("length", "stop"))


def test_noise_of_the_baseline_is_noise_in_the_candidate() -> None:
    """What the baseline answers now and then is no difference where the candidate always does; both say so."""
    comparison = held(chat(varying={"finish_reason": ("length", "stop")}), chat(finish="length"))
    assert comparison.findings == ()
    assert cell(comparison, "finish_reason").state is CellState.NOISY
    assert cell(comparison, "finish_reason", "production").state is CellState.NOISY


def test_values_that_were_never_seen_on_the_other_side_differ() -> None:
    """However noisy, two sets of values that have nothing in common are a difference; all are named, sorted."""
    comparison = held(chat(), chat(finish="length", varying={"finish_reason": ("null", "length")}))
    assert told(comparison) == [("chat.finish_reason", "warn", "stop", "length, null")]


def test_a_rule_that_is_switched_off_finds_nothing() -> None:
    """With `none` there is no finding, no marked cell and no exit code; the cell says why."""
    comparison = held(chat(), chat(finish="length"), policy=Policy(severity={"chat.finish_reason": Severity.NONE}))
    assert comparison.findings == ()
    (note,) = cell(comparison, "finish_reason").notes
    assert (cell(comparison, "finish_reason").state, note.why, note.word) == (
        CellState.SAME,
        "switched_off",
        "chat.finish_reason",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("o3-[redacted]", "o3-[redacted]"),
        ("o3-[redacted]", "o3-acme"),
        ("o3-acme", "[redacted]"),
    ],
)
def test_a_redacted_name_is_undecided_across_saved_files(before: str, after: str) -> None:
    """What may be the same name, and may not, is neither same nor different: a finding for information."""
    comparison = held(chat(answered=before), chat(answered=after))
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity, finding.field) == ("chat.undecided", "info", "chat.model_answered")
    assert finding.note is not None
    assert finding.note.why == "redacted_alike"
    assert cell(comparison, "model_answered").state is CellState.UNDECIDED
    assert whys(cell(comparison, "model_answered")) == [("redacted_alike", None)]
    summary = comparison.summary
    assert (summary.undecided, summary.info, summary.exit_code) == (1, 0, 0)


def test_what_is_left_of_a_name_can_prove_a_difference() -> None:
    """Across saved files too, a name that cannot be the other one differs."""
    comparison = held(chat(), chat(answered="o3-[redacted]"))
    assert told(comparison) == [("chat.model_answered", "warn", "gpt-4o", "o3-[redacted]")]
    assert whys(cell(comparison, "model_answered")) == [("redacted", 1)]


def test_a_name_seen_on_both_sides_leaves_nothing_undecided() -> None:
    """Whatever stands beside it: the environments were seen to answer alike, so it is noise."""
    flapping = {"model_answered": ("gpt-4o", "[redacted]")}
    comparison = held(chat(), chat(varying=flapping))
    assert comparison.findings == ()
    assert cell(comparison, "model_answered").state is CellState.NOISY
    both_hidden = held(chat(answered="[redacted]"), chat(answered="[redacted]"))
    assert cell(both_hidden, "model_answered").state is CellState.UNDECIDED


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ("other", "other", ["chat.undecided"]),
        ("other", "end_turn", ["chat.undecided"]),
        ("other", "stop", ["chat.finish_reason"]),
        ("null", "other", ["chat.finish_reason"]),
        ("end_turn", "eos_token", ["chat.finish_reason"]),
        ("end_turn", "end_turn", []),
    ],
)
def test_a_word_that_is_not_shown_may_be_any_other(before: str, after: str, rules: list[str]) -> None:
    """`other` stands for words that were not shown, but never for one that every release shows."""
    comparison = held(chat(finish=before), chat(finish=after))
    assert [each.rule for each in comparison.findings] == rules


@pytest.mark.parametrize(
    ("before", "after", "state", "rules"),
    [
        (["a1"], ["a1"], CellState.SAME, []),
        (["a1"], ["a2"], CellState.DIFFERS, ["chat.model_answered"]),
        (["a1", "a2"], ["a2"], CellState.NOISY, []),
    ],
)
def test_within_a_run_redacted_names_are_told_apart_in_memory(
    before: list[str], after: list[str], state: CellState, rules: list[str]
) -> None:
    """The raw names decide, though both are shown alike."""
    memory = remembered("chat.model_answered", before, after, hidden={"a1", "a2"})
    comparison = held(chat(answered="[redacted]"), chat(answered="[redacted]"), memory=memory)
    assert [each.rule for each in comparison.findings] == rules
    assert cell(comparison, "model_answered").state is state
    assert whys(cell(comparison, "model_answered")) == [("redacted", 1)]


def test_one_name_that_is_shown_in_two_ways_is_the_same() -> None:
    """A name redacted on one side alone is no difference, and no noise, where memory knows it for the same."""
    memory = remembered("chat.model_answered", ["ft:acme"], ["ft:acme"], hidden_after={"ft:acme"})
    comparison = held(chat(answered="ft:acme"), chat(answered="ft:[redacted]"), memory=memory)
    assert cell(comparison, "model_answered").state is CellState.SAME


def test_memory_of_one_side_alone_decides_nothing() -> None:
    """Where nobody knows the candidate's names, redacted ones stay undecided."""
    memory = remembered("chat.finish_reason", ["x"], ["x"])
    comparison = held(chat(answered="[redacted]"), chat(answered="[redacted]"), memory=memory)
    assert [each.rule for each in comparison.findings] == ["chat.undecided"]


def test_undecided_can_be_switched_off() -> None:
    """Then it is no finding any more; the cell stays as it is, for it is not the same."""
    policy = Policy(severity={"chat.undecided": Severity.NONE})
    comparison = held(chat(answered="[redacted]"), chat(answered="[redacted]"), policy=policy)
    assert comparison.findings == ()
    assert cell(comparison, "model_answered").state is CellState.UNDECIDED


def test_undecided_is_no_answer_to_an_earlier_finding() -> None:
    """Last night's difference is neither found nor resolved where the name is redacted tonight."""
    last_night = held(chat(), chat(answered="o3"))
    tonight = held(chat(), chat(answered="[redacted]"), earlier=last_night)
    assert [each.rule for each in tonight.findings] == ["chat.undecided"]
    assert [each.rule for each in tonight.carried] == ["chat.model_answered"]


def test_what_was_undecided_is_resolved_once_it_is_decided() -> None:
    """A name that is shown again ends the doubt, whether it differs or not."""
    last_night = held(chat(), chat(answered="[redacted]"))
    tonight = held(chat(), chat(), earlier=last_night)
    assert [(each.rule, each.state) for each in tonight.findings] == [("chat.undecided", FindingState.ABSENT)]
    assert tonight.carried == ()


def test_a_record_without_facts_is_not_judged() -> None:
    """A check that says it passed but holds no facts, as an edited file may, is neither the same nor different."""
    hollow = chat().model_copy(update={"facts": models("a").facts})
    for before, after, value in ((chat(), hollow, None), (hollow, chat(), "stop")):
        comparison = held(before, after)
        assert comparison.findings == ()
        assert cell(comparison, "finish_reason").value == value
        assert cell(comparison, "finish_reason").state is CellState.INCOMPARABLE


def test_the_baseline_shows_its_own_value() -> None:
    """By itself a value is the same, and null is told from a cell without a value."""
    comparison = compared(evidence("production", chat(answered=None)), evidence("staging", chat()))
    assert cell(comparison, "model_answered", "production").value == "null"
    assert cell(comparison, "model_answered", "production").state is CellState.SAME
