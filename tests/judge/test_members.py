from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, held, remembered, told, whys
from evidences import chat, models, safe

from envcheck.compare import Memory
from envcheck.comparison import CellState, FindingState, MembersValue
from envcheck.policy import Policy
from envcheck.redact import Redactor
from envcheck.rules import Severity

if TYPE_CHECKING:
    from envcheck.evidence import Check


def members(comparison_cell: object) -> MembersValue:
    value = getattr(comparison_cell, "value", None)
    assert isinstance(value, MembersValue)
    return value


def test_equal_facts_are_the_same() -> None:
    """Nothing is found where nothing differs, whatever the order of a list."""
    comparison = held(models("gpt-4o", "o3"), models("o3", "gpt-4o"))
    assert comparison.findings == ()
    assert [(row.field, {each.state for each in row.cells.values()}) for row in comparison.rows] == [
        ("outcome", {CellState.SAME}),
        ("model_ids", {CellState.SAME}),
    ]
    assert (comparison.summary.verdict, comparison.summary.exit_code) == ("same", 0)


def test_members_of_a_list_are_found_one_by_one() -> None:
    """Each model that is gone is an error, each that came is for information, and the cell names them all."""
    comparison = held(models("gpt-4o", "o3", "o3-pro"), models("gpt-4o", "gpt-5"))
    assert told(comparison) == [
        ("models.removed", "err", "o3", None),
        ("models.removed", "err", "o3-pro", None),
        ("models.added", "info", None, "gpt-5"),
    ]
    assert [each.change for each in comparison.findings] == ["removed", "removed", "added"]
    assert members(cell(comparison, "model_ids")) == MembersValue(
        noun="model", total=2, removed=safe("o3", "o3-pro"), added=safe("gpt-5")
    )
    assert cell(comparison, "model_ids").state is CellState.DIFFERS


@pytest.mark.parametrize(
    ("after", "state", "exit_code"),
    [
        (models("gpt-4o"), CellState.REMOVED, 3),
        (models("gpt-4o", "o3", "o4"), CellState.ADDED, 0),
    ],
)
def test_a_cell_tells_which_way_a_list_differs(after: Check, state: CellState, exit_code: int) -> None:
    """Removed or added alone is said so; what was only added is below the default threshold."""
    comparison = held(models("gpt-4o", "o3"), after)
    assert cell(comparison, "model_ids").state is state
    assert comparison.summary.exit_code == exit_code
    assert comparison.summary.verdict == "differs"


def test_a_list_that_flaps_is_noise() -> None:
    """A model that comes and goes on either side is neither gone nor new."""
    comparison = held(models("gpt-4o", "o3", "o4"), models("gpt-4o", "o4", "o5", varying={"model_ids": ("o3", "o5")}))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").state is CellState.NOISY
    assert members(cell(comparison, "model_ids")) == MembersValue(noun="model", total=3, varying=safe("o3", "o5"))


def test_a_baseline_that_flaps_makes_its_own_cell_noise() -> None:
    """It is said where it is, and its candidates are judged by what is steady."""
    comparison = held(models("gpt-4o", "o3", varying={"model_ids": ("o3",)}), models("o3"))
    assert told(comparison) == [("models.removed", "err", "gpt-4o", None)]
    assert cell(comparison, "model_ids", "production").state is CellState.NOISY
    assert members(cell(comparison, "model_ids", "production")).varying == ("o3",)


def test_what_is_steady_beside_what_flaps_is_found() -> None:
    """A model that is never there is missing, whatever the others do."""
    comparison = held(models("gpt-4o", "o3", "o4"), models("gpt-4o", "o4", varying={"model_ids": ("o4",)}))
    assert told(comparison) == [("models.removed", "err", "o3", None)]


@pytest.mark.parametrize(
    ("before", "after", "expected", "state"),
    [
        (chat(), chat(usage=None), ("chat.usage", "err", "present", "missing"), CellState.REMOVED),
        (chat(usage=None), chat(), ("chat.usage", "info", "missing", "present"), CellState.ADDED),
    ],
)
def test_a_usage_block_that_is_gone_is_one_finding(
    before: Check, after: Check, expected: tuple[str, ...], state: CellState
) -> None:
    """Whether there is a usage block at all is told once, not once for each of its fields."""
    comparison = held(before, after)
    assert told(comparison) == [expected]
    assert cell(comparison, "usage_fields").state is state


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
    assert told(comparison) == [("chat.usage", "info", "missing", "present")]


def test_a_block_that_neither_side_has_is_the_same() -> None:
    """Nothing on both sides is nothing to find."""
    comparison = held(chat(usage=None), chat(usage=None))
    assert comparison.findings == ()
    assert cell(comparison, "usage_fields").state is CellState.SAME


def test_a_field_of_the_usage_is_an_error_only_where_it_is_missing() -> None:
    """What is added to the usage is for information."""
    comparison = held(chat(usage=("a", "b")), chat(usage=("b", "c")))
    assert told(comparison) == [("chat.usage", "err", "a", None), ("chat.usage", "info", None, "c")]


@pytest.mark.parametrize(
    ("path", "severity"),
    [("id", "err"), ("choices[].message.content", "err"), ("choices[].logprobs", "info"), ("x_vendor", "info")],
)
def test_a_field_is_an_error_only_where_clients_need_it(path: str, severity: str) -> None:
    """An err that is always there hides the one that matters: LiteLLM leaves out what is null elsewhere."""
    comparison = held(chat(shape=("choices", path)), chat(shape=("choices",)))
    assert told(comparison) == [("chat.response_fields", severity, path, None)]


def test_the_shape_leaves_the_usage_to_its_own_field() -> None:
    """Paths at or below `usage` are not told twice."""
    comparison = held(chat(shape=("id", "usage", "usage.total", "usage[].x", "usages")), chat(shape=("id",)))
    assert told(comparison) == [("chat.response_fields", "info", "usages", None)]
    assert members(cell(comparison, "response_fields")).total == 1


def test_a_shape_that_was_cut_is_judged_as_far_as_it_goes() -> None:
    """A path that sorts after the last listed one may be there all the same."""
    many = [f"f{number:03}" for number in range(300)]
    comparison = held(chat(shape=("a", *many[:10], "zz")), chat(shape=(*many, "other")))
    assert [each.expected for each in comparison.findings if each.change == "removed"] == ["a"]


@pytest.mark.parametrize("fact", ["usage", "shape"])
@pytest.mark.parametrize(("before", "after"), [(True, True), (True, False), (False, True)])
def test_what_is_not_listed_is_undecided_across_saved_files(fact: str, *, before: bool, after: bool) -> None:
    """`other` says that there was more, and a saved file no longer tells what: that is never called the same."""
    sides = [chat(**{fact: ("id", "other") if odd else ("id",)}) for odd in (before, after)]  # type: ignore[arg-type]  # a fact by its name
    comparison = held(*sides)
    field = "usage_fields" if fact == "usage" else "response_fields"
    assert [(each.rule, each.field, each.note and each.note.why) for each in comparison.findings] == [
        ("chat.undecided", f"chat.{field}", "not_listed")
    ]
    assert cell(comparison, field).state is CellState.UNDECIDED
    assert whys(cell(comparison, field)) == [("not_listed", None)]


def test_what_comes_and_goes_unlisted_is_undecided_across_saved_files() -> None:
    """Also where not every reply had it."""
    comparison = held(chat(usage=("id",), varying={"usage_fields": ("other",)}), chat(usage=("id",)))
    assert [each.rule for each in comparison.findings] == ["chat.undecided"]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["x y"], ["x y"], []),
        (["x y"], ["z w"], [("info", "removed", 1), ("info", "added", 1)]),
        (["x y"], [], [("info", "removed", 1)]),
        ([], ["x y", "z w"], [("info", "added", 2)]),
    ],
)
def test_within_a_run_what_is_not_listed_is_counted(
    before: list[str], after: list[str], found: list[tuple[str, str, int]]
) -> None:
    """Memory tells them apart, and a vendor's own field is no more than worth knowing."""
    fact = "chat.response_fields"
    memory = remembered(fact, ["id", *before], ["id", *after], hidden={"x y", "z w"})
    sides = [chat(shape=("id", *(["other"] if odd else []))) for odd in (before, after)]
    comparison = held(*sides, memory=memory)
    assert [(each.severity, each.change, each.unnamed) for each in comparison.findings] == found
    assert cell(comparison, "response_fields").state is not CellState.UNDECIDED


@pytest.mark.parametrize("needed", ["id", "choices[].message.role"])
def test_within_a_run_a_field_that_is_not_listed_there_is_not_missing(needed: str) -> None:
    """A name that is a word of the other side's reply is not shown there; what clients need is named all the same."""
    before, after = ["model", "x_one", "x_two", needed], ["model", "x_one"]
    memory = remembered("chat.response_fields", before, after, hidden_after={"x_one"})
    comparison = held(chat(shape=before), chat(shape=("model", "other")), memory=memory)
    assert [(each.severity, each.expected, each.unnamed) for each in comparison.findings] == [
        ("err", needed, None),
        ("info", None, 1),
    ]


def test_a_switched_off_direction_leaves_the_other() -> None:
    """The cell is marked by what is in force, and says what is not."""
    policy = Policy(severity={"models.added": Severity.NONE})
    comparison = held(models("a", "b"), models("a", "c"), policy=policy)
    assert told(comparison) == [("models.removed", "err", "b", None)]
    assert cell(comparison, "model_ids").state is CellState.REMOVED
    assert [(note.why, note.word) for note in cell(comparison, "model_ids").notes] == [("switched_off", "models.added")]


def test_a_block_whose_rule_is_switched_off_is_the_same() -> None:
    """With `none` there is no finding of a block that is gone; the cell says why."""
    comparison = held(chat(), chat(usage=None), policy=Policy(severity={"chat.usage": Severity.NONE}))
    assert comparison.findings == ()
    assert cell(comparison, "usage_fields").state is CellState.SAME
    assert whys(cell(comparison, "usage_fields")) == [("switched_off", None)]


def test_a_severity_that_is_changed_holds_for_both_directions() -> None:
    """An override replaces the default for what was added and for what was removed."""
    comparison = held(chat(usage=("a",)), chat(usage=("b",)), policy=Policy(severity={"chat.usage": Severity.WARN}))
    assert {finding.severity for finding in comparison.findings} == {Severity.WARN}


def test_redacted_names_are_undecided_across_saved_files() -> None:
    """Names that look alike once redacted may be others; the cell and a finding say so."""
    comparison = held(models("gpt-4o", "ft:[redacted]"), models("gpt-4o", "ft:[redacted]"))
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity, finding.field) == ("models.undecided", "info", "models.model_ids")
    assert finding.note is not None
    assert (finding.note.why, finding.note.number) == ("redacted_alike", 1)
    assert cell(comparison, "model_ids").state is CellState.UNDECIDED
    assert (comparison.summary.verdict, comparison.summary.undecided) == ("same", 1)


@pytest.mark.parametrize(
    ("name", "other"),
    [("gpt-4o", "gpt-4o\u200b"), ("Qwen/Qwen2.5", "Qwen%2FQwen2.5"), ("o3", "o3 "), ("a", "\uff41"), ("a", "\u200b")],
)
def test_names_that_read_alike_are_undecided_across_saved_files(name: str, other: str) -> None:
    """They are two names to a client, so that a record of one is no proof of the other."""
    before, after = (models("gpt-5", Redactor().model_id(each)) for each in (name, other))
    for comparison in (held(before, after), held(after, before), held(after, after)):
        assert [(each.rule, each.severity) for each in comparison.findings] == [("models.undecided", "info")]
        assert cell(comparison, "model_ids").state is CellState.UNDECIDED
    assert held(before, before).findings == ()
    answered = held(chat(answered=Redactor().model_id(name)), chat(answered=Redactor().model_id(other)))
    assert [each.rule for each in answered.findings] == ["chat.undecided"]
    assert cell(answered, "model_answered").state is CellState.UNDECIDED


def test_a_redacted_name_may_be_the_one_that_is_missing() -> None:
    """What is redacted on one side and shown on the other is no difference as long as the counts agree."""
    comparison = held(models("gpt-4o", "ft:gpt-4o:acme", "o3"), models("gpt-4o", "ft:gpt-4o:[redacted]", "[redacted]"))
    assert [each.rule for each in comparison.findings] == ["models.undecided"]
    assert cell(comparison, "model_ids").state is CellState.UNDECIDED


def test_a_redacted_name_that_fits_nothing_is_a_difference() -> None:
    """What is left of a name can still prove that it is not there; then nothing is undecided."""
    comparison = held(models("gpt-4o", "ft:[redacted]"), models("gpt-4o", "o3"))
    assert told(comparison) == [
        ("models.removed", "err", "ft:[redacted]", None),
        ("models.added", "info", None, "o3"),
    ]


def test_what_is_found_and_what_is_undecided_stand_side_by_side() -> None:
    """A difference marks the cell; that more is undecided is a finding of its own."""
    comparison = held(models("gpt-4o", "o3", "[redacted]b"), models("gpt-4o", "[redacted]b"))
    assert [(each.rule, each.expected) for each in comparison.findings] == [
        ("models.removed", "o3"),
        ("models.undecided", None),
    ]
    assert cell(comparison, "model_ids").state is CellState.REMOVED


def test_undecided_can_be_switched_off_for_lists_too() -> None:
    """Then it is no finding, and the cell is still not the same."""
    hidden = models("a", "[redacted]")
    comparison = held(hidden, hidden, policy=Policy(severity={"models.undecided": Severity.NONE}))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").state is CellState.UNDECIDED


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (["a", "x1", "x2"], []),
        (["a", "x1", "x3"], [("models.removed", 1), ("models.added", 1)]),
        (["a", "x3", "x4"], [("models.removed", 2), ("models.added", 2)]),
        (["a", "x1"], [("models.removed", 1)]),
    ],
)
def test_within_a_run_redacted_names_are_counted_in_memory(after: list[str], found: list[tuple[str, int]]) -> None:
    """Names that differ only in a redacted part differ, and how many is known; nothing is undecided."""
    before = ["a", "x1", "x2"]
    memory = remembered("models.model_ids", before, after, hidden={"x1", "x2", "x3", "x4"})
    comparison = held(models("a", "[redacted]"), models("a", "[redacted]"), memory=memory)
    assert [(each.rule, each.unnamed) for each in comparison.findings] == found
    assert cell(comparison, "model_ids").state is not CellState.UNDECIDED


def test_a_name_that_is_another_in_each_reply_is_noise() -> None:
    """A gateway that lists a random id each time lists nothing that could be missing elsewhere."""
    fact, hidden = "models.model_ids", {"x1", "x2", "x3", "x4"}
    first, second = (
        remembered(fact, ["a", before], ["a", after], hidden).names or {}
        for before, after in (("x1", "x3"), ("x2", "x4"))
    )
    memory = Memory(names={name: {fact: first[name][fact] | second[name][fact]} for name in first})
    comparison = held(models("a", "[redacted]"), models("a", "[redacted]"), memory=memory)
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").state is CellState.NOISY


def test_a_name_that_may_be_there_is_not_resolved() -> None:
    """Last night's missing model may hide behind a redacted name tonight; what is shown again is back."""
    last_night = held(models("gpt-4o", "o3", "o4"), models("gpt-4o"))
    tonight = held(models("gpt-4o", "o3", "o4"), models("gpt-4o", "o4", "[redacted]"), earlier=last_night)
    assert [(each.expected, each.state) for each in tonight.findings if each.rule == "models.removed"] == [
        ("o4", FindingState.ABSENT)
    ]
    assert [each.expected for each in tonight.carried] == ["o3"]


def test_doubt_about_names_ends_with_them() -> None:
    """Once nothing is redacted any more, what was undecided is resolved."""
    last_night = held(models("a", "[redacted]"), models("a", "[redacted]"))
    tonight = held(models("a"), models("a"), earlier=last_night)
    assert [(each.rule, each.state) for each in tonight.findings] == [("models.undecided", FindingState.ABSENT)]
    assert tonight.carried == ()
