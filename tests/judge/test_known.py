from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, held, remembered
from evidences import models

from envcheck.comparison import CellState, MembersValue

if TYPE_CHECKING:
    from envcheck.comparison import Comparison


def ids(count: int, *more: str) -> tuple[str, ...]:
    return (*(f"m{number:05}" for number in range(count)), *more)


def found(comparison: Comparison) -> list[tuple[str, str | None, int | None]]:
    return [(each.rule, each.value, each.unnamed) for each in comparison.findings]


def test_lists_that_are_cut_alike_are_the_same() -> None:
    """Twenty thousand equal models are equal, by their hash."""
    comparison = held(models(*ids(20_000), total=20_000), models(*ids(20_000), total=20_000))
    assert comparison.findings == ()
    assert cell(comparison, "model_ids").value == MembersValue(noun="model", total=20_000)
    assert [note.why for note in cell(comparison, "model_ids").notes] == ["cut"]


def test_a_list_as_long_as_the_cut_is_whole() -> None:
    """Five thousand models are all listed, so nothing is unknown."""
    comparison = held(models(*ids(5000), "z"), models(*ids(5000)))
    assert cell(comparison, "model_ids").notes == ()
    assert found(comparison)[-1] == ("models.removed", None, 1)


def test_a_model_past_the_cut_is_missing_by_count() -> None:
    """What is gone past the cut cannot be named, but it is not overlooked."""
    comparison = held(models(*ids(20_000), total=20_000), models(*ids(19_999), total=19_999))
    assert found(comparison) == [("models.removed", None, 1)]
    value = cell(comparison, "model_ids").value
    assert value == MembersValue(noun="model", total=19_999, unnamed_removed=1)


def test_a_swap_past_the_cut_is_found_by_the_hash() -> None:
    """As many models as before, but not the same ones: at least one went and one came."""
    comparison = held(models(*ids(6000, "x"), total=6001), models(*ids(6000, "y"), total=6001))
    assert found(comparison) == [("models.removed", None, 1), ("models.added", None, 1)]


def test_within_a_run_a_swap_past_the_cut_is_counted() -> None:
    """Memory holds every name, so what the saved lists only show as a swap is counted."""
    before, after = ids(6000, "x", "y"), ids(6000, "z", "zz")
    memory = remembered("models.model_ids", before, after)
    comparison = held(models(*before, total=6002), models(*after, total=6002), memory=memory)
    assert found(comparison) == [("models.removed", None, 2), ("models.added", None, 2)]


def test_a_long_list_says_nothing_about_what_sorts_after_it() -> None:
    """A model of the baseline that sorts past the candidate's last listed one may be there: the counts decide."""
    comparison = held(models("a", "z"), models("a", *ids(6000), total=6001))
    assert [each for each in comparison.findings if each.rule == "models.removed"] == []
    assert comparison.findings[-1].unnamed == 5799


def test_what_sorts_after_a_cut_is_not_resolved() -> None:
    """Whether last night's missing model is back cannot be seen past the end of the list."""
    last_night = held(models("a", "z"), models("a"))
    tonight = held(models("a", "z"), models("a", *ids(6000), total=6001), earlier=last_night)
    assert [(each.rule, each.expected) for each in tonight.carried] == [("models.removed", "z")]


def test_a_list_that_flaps_is_not_judged_by_count() -> None:
    """Where members come and go the number of them says nothing."""
    flapping = models(*ids(6000), total=6000, varying={"model_ids": ("m00001",)})
    steady = models(*ids(5990), total=5990)
    assert held(flapping, steady).findings == ()
    assert held(steady, flapping).findings == ()


def test_what_sorts_after_all_that_is_told_of_a_flapping_list_is_not_missing() -> None:
    """Of names that come and go no more than so many are told; one past them may be another of them."""
    flapping = [f"m{number:05}" for number in range(5000)]
    candidate = models("a", "zz", varying={"model_ids": flapping})
    assert [each[1] for each in found(held(models("b", "z"), candidate)) if each[0] == "models.removed"] == ["b"]
    fewer = models("a", "zz", varying={"model_ids": flapping[1:]})
    assert ("models.removed", "z", None) in found(held(models("b", "z"), fewer))


def test_names_that_look_alike_once_redacted_are_counted() -> None:
    """Of two models that redact to one name, one went: the count tells, and the rest stays undecided."""
    comparison = held(models("gpt-4o", "[redacted]", total=3), models("gpt-4o", "[redacted]", total=2))
    assert found(comparison) == [("models.removed", None, 1), ("models.undecided", None, None)]


def test_many_redacted_names_are_judged_by_count() -> None:
    """With dozens of shapes on a side nothing is told by name, and nothing is overlooked."""
    shapes = models("o3", *(f"ft:{number}:[redacted]" for number in range(30)))
    plain = models("o3", "o4", "o5")
    assert found(held(shapes, plain)) == [("models.removed", None, 28), ("models.undecided", None, None)]
    assert found(held(plain, shapes)) == [("models.added", None, 28), ("models.undecided", None, None)]


def test_names_that_differ_by_hash_alone_prove_nothing_where_some_are_redacted() -> None:
    """The hash is over what is shown, which another run may show in another way."""
    comparison = held(models("a", "[redacted]b"), models("a", "cb"))
    assert found(comparison) == [("models.undecided", None, None)]


@pytest.mark.parametrize("hidden", [["x1"], ["x1", "x2"]])
def test_memory_never_counts_what_is_named(hidden: list[str]) -> None:
    """A model that is gone by name is not told a second time by number."""
    memory = remembered("models.model_ids", ["a", "o3", *hidden], ["a", *hidden], hidden=hidden)
    comparison = held(models("a", "o3", "[redacted]"), models("a", "[redacted]"), memory=memory)
    assert found(comparison) == [("models.removed", "o3", None)]
    assert cell(comparison, "model_ids").state is CellState.REMOVED


def test_within_a_run_a_name_that_is_redacted_there_is_not_missing() -> None:
    """Shown here and redacted there it is no difference, and what is missing beside it is counted."""
    before, after = ["a", "ft:acme", "ft:b"], ["a", "ft:acme"]
    memory = remembered("models.model_ids", before, after, hidden_after=["ft:acme"])
    comparison = held(models(*before), models("a", "ft:[redacted]"), memory=memory)
    assert found(comparison) == [("models.removed", None, 1)]


def test_within_a_run_what_sorts_after_a_cut_is_named() -> None:
    """Memory holds the names past the end of the candidate's list too."""
    before, after = ["a", "z"], ids(6000, "a")
    memory = remembered("models.model_ids", before, after)
    comparison = held(models(*before), models(*after), memory=memory)
    assert found(comparison)[0] == ("models.removed", "z", None)
    assert {each.rule for each in comparison.findings[1:]} == {"models.added"}


def test_a_name_past_both_cuts_lends_its_place_to_no_other() -> None:
    """As many are gone that nobody lists as are listed here and past the cut there: none of these is named for them."""
    before, after = ids(6000), (*(f"a{number:02}" for number in range(10)), *ids(5990))
    memory = remembered("models.model_ids", before, after)
    comparison = held(models(*before), models(*after), memory=memory)
    assert [each for each in found(comparison) if each[0] == "models.removed"] == [("models.removed", None, 10)]
