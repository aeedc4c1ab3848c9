from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evidences import TODAY, WHEN, chat, evidence, models

from envcheck.compare import compare
from envcheck.comparison import CellState
from envcheck.policy import Policy
from envcheck.probes.chat import ContentKind, FinishReason
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.comparison import Cell, Comparison, Finding
    from envcheck.evidence import Check


def held(before: Check, after: Check, policy: Policy | None = None) -> Comparison:
    return compare(
        [evidence("production", before), evidence("staging", after)],
        baseline="production",
        policy=policy or Policy(),
        generated_at=WHEN,
        today=TODAY,
    )


def cell(comparison: Comparison, field: str, name: str = "staging") -> Cell:
    return next(row.cells[name] for row in comparison.rows if row.field == field)


def told(finding: Finding) -> tuple[str, str, str | None, str | None]:
    return finding.rule, finding.severity.value, finding.expected, finding.actual


@pytest.mark.parametrize(
    ("after", "field", "expected"),
    [
        (chat(answered="gpt-4o-2024"), "model_answered", ("chat.model_answered", "warn", "gpt-4o", "gpt-4o-2024")),
        (chat(answered=None), "model_answered", ("chat.model_answered", "warn", "gpt-4o", "null")),
        (chat(finish=FinishReason.LENGTH), "finish_reason", ("chat.finish_reason", "warn", "stop", "length")),
        (chat(content=ContentKind.NULL), "content_kind", ("chat.content_kind", "warn", "text", "null")),
        (chat(choices=2), "choice_count", ("chat.choice_count", "warn", "1", "2")),
    ],
)
def test_another_value_is_one_finding(after: Check, field: str, expected: tuple[str, ...]) -> None:
    """A fact with one value that differs is a warning, and nothing else is found."""
    comparison = held(chat(), after)
    assert [told(finding) for finding in comparison.findings] == [expected]
    assert cell(comparison, field).state is CellState.DIFFERS
    assert cell(comparison, field).value == expected[-1]
    assert comparison.summary.exit_code == 3


def test_equal_facts_are_the_same() -> None:
    """Nothing is found where nothing differs, whatever the order of a list."""
    comparison = held(models("gpt-4o", "o3"), models("o3", "gpt-4o"))
    assert comparison.findings == ()
    assert [(row.field, {each.state for each in row.cells.values()}) for row in comparison.rows] == [
        ("outcome", {CellState.SAME}),
        ("model_ids", {CellState.SAME}),
    ]
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("same", 0)


def test_another_model_answers_because_another_was_asked() -> None:
    """Where the two were asked for different models, the model that answered proves nothing."""
    comparison = held(chat(model="gpt-4o", answered="gpt-4o"), chat(model="o3", answered="o3"))
    assert comparison.findings == ()
    assert cell(comparison, "model_answered").state is CellState.INCOMPARABLE
    assert cell(comparison, "model_answered").detail == ("proves nothing where model differs",)


def test_a_value_that_alternates_is_noise() -> None:
    """A value seen on both sides is no difference, though one side has others too."""
    varying = {"finish_reason": ("length", "stop")}
    comparison = held(chat(), chat(varying=varying))
    assert comparison.findings == ()
    assert cell(comparison, "finish_reason").state is CellState.NOISY
    assert cell(comparison, "finish_reason").value == "length, stop"
    assert comparison.summary.exit_code == 0


def test_noise_of_the_baseline_is_noise_in_the_candidate() -> None:
    """A candidate's steady value proves nothing where the baseline has it now and then."""
    comparison = held(chat(varying={"finish_reason": ("length", "stop")}), chat(finish=FinishReason.LENGTH))
    assert comparison.findings == ()
    assert cell(comparison, "finish_reason").state is CellState.NOISY
    assert cell(comparison, "finish_reason", "production").state is CellState.NOISY


def test_values_that_never_overlap_differ_though_they_vary() -> None:
    """Two alternating values are a difference where the baseline has neither."""
    comparison = held(chat(), chat(finish=FinishReason.LENGTH, varying={"finish_reason": ("length", "null")}))
    assert [told(finding) for finding in comparison.findings] == [
        ("chat.finish_reason", "warn", "stop", "length, null")
    ]


def test_members_of_a_list_are_found_one_by_one() -> None:
    """Each model that is gone is an error, each that came is for information, and the cell names them all."""
    comparison = held(models("gpt-4o", "o3", "o3-pro"), models("gpt-4o", "gpt-5"))
    assert [told(finding) for finding in comparison.findings] == [
        ("models.removed", "err", "o3", None),
        ("models.removed", "err", "o3-pro", None),
        ("models.added", "info", None, "gpt-5"),
    ]
    assert cell(comparison, "model_ids").value == "2 models (-2 +1)"
    assert cell(comparison, "model_ids").detail == ("-o3", "-o3-pro", "+gpt-5")
    assert cell(comparison, "model_ids").state is CellState.DIFFERS


@pytest.mark.parametrize(
    ("after", "state", "value", "exit_code"),
    [
        (models("gpt-4o"), CellState.REMOVED, "1 model (-1)", 3),
        (models("gpt-4o", "o3", "o4"), CellState.ADDED, "3 models (+1)", 0),
    ],
)
def test_a_cell_tells_which_way_a_list_differs(after: Check, state: CellState, value: str, exit_code: int) -> None:
    """Removed or added alone is said so; what was only added is below the default threshold."""
    comparison = held(models("gpt-4o", "o3"), after)
    assert (cell(comparison, "model_ids").state, cell(comparison, "model_ids").value) == (state, value)
    assert comparison.summary.exit_code == exit_code
    assert comparison.summary.verdict == "differs"


def test_a_list_that_flaps_is_noise() -> None:
    """A model that comes and goes on either side is neither gone nor new."""
    comparison = held(models("gpt-4o", "o3", "o4"), models("gpt-4o", "o4", "o5", varying={"model_ids": ("o3", "o5")}))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").state is CellState.NOISY
    assert cell(comparison, "model_ids").value == "3 models (~2)"
    assert cell(comparison, "model_ids").detail == ("~o3", "~o5")


def test_what_is_steady_beside_what_flaps_is_found() -> None:
    """A model that is never there is missing, whatever the others do."""
    comparison = held(models("gpt-4o", "o3", "o4"), models("gpt-4o", "o4", varying={"model_ids": ("o4",)}))
    assert [told(finding) for finding in comparison.findings] == [("models.removed", "err", "o3", None)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (chat(), chat(usage=None), ("chat.usage", "err", "present", "missing")),
        (chat(usage=None), chat(), ("chat.usage", "info", "missing", "present")),
    ],
)
def test_a_usage_block_that_is_gone_is_one_finding(before: Check, after: Check, expected: tuple[str, ...]) -> None:
    """Whether there is a usage block at all is told once, not once for each of its fields."""
    comparison = held(before, after)
    assert [told(finding) for finding in comparison.findings] == [expected]


def test_a_usage_block_that_comes_and_goes_is_noise() -> None:
    """Usage that is there in some samples is not missing, whichever sample came first."""
    flapping = {"usage_fields": ("completion_tokens", "prompt_tokens")}
    for flaps in (chat(usage=None, varying=flapping), chat(varying=flapping)):
        for before, after in ((chat(), flaps), (chat(usage=None), flaps), (flaps, chat()), (flaps, chat(usage=None))):
            comparison = held(before, after)
            assert comparison.findings == ()
            assert cell(comparison, "usage_fields").state is CellState.NOISY


def test_a_usage_block_with_a_steady_field_is_there() -> None:
    """One field that comes and goes does not make the block doubtful."""
    comparison = held(chat(usage=None), chat(varying={"usage_fields": ("prompt_tokens",)}))
    assert [told(finding) for finding in comparison.findings] == [("chat.usage", "info", "missing", "present")]


def test_a_field_of_the_usage_is_an_error_only_where_it_is_missing() -> None:
    """What is added to the usage is for information."""
    comparison = held(chat(usage=("a", "b")), chat(usage=("b", "c")))
    assert [told(finding) for finding in comparison.findings] == [
        ("chat.usage", "err", "a", None),
        ("chat.usage", "info", None, "c"),
    ]


def test_the_shape_leaves_the_usage_to_its_own_field() -> None:
    """Paths at or below `usage`, and the count of odd ones, are not told twice or at all."""
    comparison = held(chat(shape=("id", "usage", "usage.total", "usage[].x", "usages")), chat(shape=("id", "other")))
    assert [told(finding) for finding in comparison.findings] == [("chat.response_fields", "err", "usages", None)]
    assert cell(comparison, "response_fields").value == "1 field (-1)"


def test_a_shape_that_was_cut_is_judged_as_far_as_it_goes() -> None:
    """A path that sorts after the last listed one may be there all the same."""
    many = [f"f{number:03}" for number in range(300)]
    comparison = held(chat(shape=("a", *many[:10], "zz")), chat(shape=(*many, "other")))
    assert [told(finding)[2:] for finding in comparison.findings if finding.actual is None] == [("a", None)]


def test_two_hundred_members_are_named_and_the_rest_counted() -> None:
    """A list that has nothing in common is a bounded number of findings."""
    comparison = held(models(*(f"a{n:04}" for n in range(450))), models("b"))
    removed = [finding for finding in comparison.findings if finding.rule == "models.removed"]
    assert len(removed) == 201
    assert removed[-1].expected == "and 250 more"
    assert len(cell(comparison, "model_ids").detail) == 201
    assert cell(comparison, "model_ids").value == "1 model (-450 +1)"


def test_the_rest_is_known_again_only_while_it_is_the_same_rest() -> None:
    """The fingerprint of what is not named is over its members, not over their number."""
    first, again, other = (
        held(models("b", *(f"{head}{n:04}" for n in range(450))), models("b")).findings[-1] for head in ("a", "a", "A")
    )
    assert first.expected == again.expected == other.expected == "and 250 more"
    assert first.fingerprint == again.fingerprint != other.fingerprint


def ids(count: int, *more: str) -> tuple[str, ...]:
    return (*(f"m{number:05}" for number in range(count)), *more)


def test_lists_that_are_cut_alike_are_the_same() -> None:
    """Twenty thousand equal models are equal, by their hash."""
    comparison = held(models(*ids(20_000), total=20_000), models(*ids(20_000), total=20_000))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").value == "20000 models"
    assert "the list is cut" in cell(comparison, "model_ids").detail[0]


def test_a_model_past_the_cut_is_missing_by_count() -> None:
    """What is gone past the cut cannot be named, but it is not overlooked."""
    comparison = held(models(*ids(20_000), total=20_000), models(*ids(19_999), total=19_999))
    assert [told(finding) for finding in comparison.findings] == [
        ("models.removed", "err", "1 that cannot be named", None)
    ]
    assert cell(comparison, "model_ids").value == "19999 models (-1)"


def test_a_swap_past_the_cut_is_found_by_the_hash() -> None:
    """As many models as before, but not the same ones: at least one went and one came."""
    comparison = held(models(*ids(6000, "x"), total=6001), models(*ids(6000, "y"), total=6001))
    assert [finding.rule for finding in comparison.findings] == ["models.removed", "models.added"]


def test_a_long_list_says_nothing_about_what_sorts_after_it() -> None:
    """A model of the baseline that sorts past the candidate's last listed one may be there: the counts decide."""
    comparison = held(models("a", "z"), models("a", *ids(6000), total=6001))
    named = [finding.expected for finding in comparison.findings if finding.rule == "models.removed"]
    assert named == []
    added = [finding for finding in comparison.findings if finding.rule == "models.added"]
    assert added[-1].actual == "and 5799 more"


def test_a_list_that_flaps_is_not_judged_by_count() -> None:
    """Where members come and go the number of them says nothing."""
    comparison = held(
        models(*ids(6000), total=6000, varying={"model_ids": ("m00001",)}), models(*ids(5990), total=5990)
    )
    assert comparison.findings == ()


def test_names_that_are_redacted_are_told_apart_only_by_their_shape() -> None:
    """A redacted name that is alike on both sides is the same; the cell says that it may hide more."""
    comparison = held(models("gpt-4o", "ft:[redacted]"), models("gpt-4o", "ft:[redacted]"))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").detail == (
        "1 names are redacted, in whole or in part; those that look alike count as one",
    )


def test_a_redacted_name_may_be_the_one_that_is_missing() -> None:
    """What is redacted on one side and shown on the other is no difference as long as the counts agree."""
    comparison = held(models("gpt-4o", "ft:gpt-4o:acme", "o3"), models("gpt-4o", "ft:gpt-4o:[redacted]", "[redacted]"))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").state is CellState.SAME


def test_a_redacted_name_that_fits_nothing_is_a_difference() -> None:
    """What is left of a name can still prove that it is not there."""
    comparison = held(models("gpt-4o", "ft:[redacted]"), models("gpt-4o", "o3"))
    assert [told(finding) for finding in comparison.findings] == [
        ("models.removed", "err", "ft:[redacted]", None),
        ("models.added", "info", None, "o3"),
    ]


def test_many_redacted_names_are_judged_by_count() -> None:
    """With dozens of shapes on a side nothing is told by name, and nothing is overlooked."""
    shapes = models("o3", *(f"ft:{number}:[redacted]" for number in range(30)))
    plain = models("o3", "o4", "o5")
    (removed,), (added,) = held(shapes, plain).findings, held(plain, shapes).findings
    assert told(removed) == ("models.removed", "err", "28 that cannot be named", None)
    assert told(added) == ("models.added", "info", None, "28 that cannot be named")


@pytest.mark.parametrize(("answered", "rules"), [("[redacted]", []), ("o3-[redacted]", ["chat.model_answered"])])
def test_a_redacted_value_differs_only_where_it_cannot_be_the_other(answered: str, rules: list[str]) -> None:
    """A model that answered under a name that is redacted may be the one that was expected."""
    comparison = held(chat(), chat(answered=answered))
    assert [finding.rule for finding in comparison.findings] == rules
    expected = CellState.DIFFERS if rules else CellState.INCOMPARABLE
    assert cell(comparison, "model_answered").state is expected


def test_names_that_look_alike_once_redacted_are_counted() -> None:
    """Of two models that redact to one name, one went: the count tells."""
    comparison = held(models("gpt-4o", "[redacted]", total=3), models("gpt-4o", "[redacted]", total=2))
    assert [told(finding) for finding in comparison.findings] == [
        ("models.removed", "err", "1 that cannot be named", None)
    ]


@pytest.mark.parametrize(
    ("rule", "after", "field"),
    [
        ("chat.finish_reason", chat(finish=FinishReason.LENGTH), "finish_reason"),
        ("chat.usage", chat(usage=None), "usage_fields"),
        ("chat.usage", chat(usage=("prompt_tokens",)), "usage_fields"),
    ],
)
def test_a_rule_that_is_switched_off_finds_nothing(rule: str, after: Check, field: str) -> None:
    """With `none` there is no finding, no marked cell and no exit code; the cell says why."""
    comparison = held(chat(), after, Policy(severity={rule: Severity.NONE}))
    assert comparison.findings == ()
    assert cell(comparison, field).state is CellState.SAME
    assert cell(comparison, field).detail == (f"{rule} is switched off",)
    assert comparison.summary.exit_code == 0


def test_a_severity_that_is_changed_holds_for_both_directions() -> None:
    """An override replaces the default for what was added and for what was removed."""
    comparison = held(chat(usage=("a",)), chat(usage=("b",)), Policy(severity={"chat.usage": Severity.WARN}))
    assert {finding.severity for finding in comparison.findings} == {Severity.WARN}


def test_the_fingerprint_is_the_same_in_every_version() -> None:
    """An earlier comparison's findings are known again, so the fingerprint of a given difference is pinned."""
    comparison = held(models("gpt-4o", "o3"), models("gpt-4o"))
    assert comparison.findings[0].fingerprint == "6b81aad488a0b08a"


def test_a_record_without_facts_is_not_judged() -> None:
    """A check that says it passed but holds no facts, as an edited file may, is neither the same nor different."""
    hollow = chat().model_copy(update={"facts": models("a").facts})
    for before, after, value in ((chat(), hollow, None), (hollow, chat(), "stop")):
        comparison = held(before, after)
        assert comparison.findings == ()
        assert cell(comparison, "finish_reason").value == value
        assert cell(comparison, "finish_reason").state is CellState.INCOMPARABLE
