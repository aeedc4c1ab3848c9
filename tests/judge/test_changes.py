from __future__ import annotations

import pytest
from comparing import cell, held
from evidences import chat, models

from envcheck.comparison import MembersValue
from envcheck.judge.changes import MAX_NAMED
from envcheck.policy import Policy
from envcheck.rules import Severity


def many(head: str, count: int = MAX_NAMED + 250) -> list[str]:
    return [f"{head}{number:04}" for number in range(count)]


def test_two_hundred_members_are_named_and_the_rest_counted() -> None:
    """A list that has nothing in common is a bounded number of findings, and the rest is a number, never prose."""
    comparison = held(models(*many("a")), models("b"))
    removed = [finding for finding in comparison.findings if finding.rule == "models.removed"]
    assert len(removed) == 201
    assert (removed[-1].expected, removed[-1].unnamed, removed[-1].change) == (None, 250, "removed")
    value = cell(comparison, "model_ids").value
    assert isinstance(value, MembersValue)
    assert (len(value.removed), value.unnamed_removed, value.added, value.unnamed_added) == (200, 250, ("b",), 0)


@pytest.mark.parametrize(("needed", "severity"), [("object", "err"), ("zz", "info")])
def test_the_rest_is_as_bad_as_the_worst_of_it(needed: str, severity: str) -> None:
    """Among fields that are only worth knowing, one that clients need makes an error of those that are not named."""
    comparison = held(chat(shape=("choices", needed, *many("a", MAX_NAMED))), chat(shape=("choices",)))
    assert [(each.severity, each.unnamed) for each in comparison.findings if each.unnamed] == [(severity, 1)]


def test_exactly_two_hundred_members_are_all_named() -> None:
    """There is no finding about the rest where there is none."""
    comparison = held(models("b", *many("a", MAX_NAMED)), models("b"))
    assert [each.unnamed for each in comparison.findings] == [None] * MAX_NAMED


def test_the_rest_is_known_again_only_while_it_is_the_same_rest() -> None:
    """The fingerprint of what is not named is over its members, not over their number."""
    first, again, other = (held(models("b", *many(head)), models("b")).findings[-1] for head in ("a", "a", "A"))
    assert first.unnamed == again.unnamed == other.unnamed == 250
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_model_whose_name_is_a_sentence_is_a_model() -> None:
    """A server that lists one named like a count of ours is told as it is."""
    comparison = held(models("a"), models("a", "and 4096 more"))
    (finding,) = comparison.findings
    assert (finding.actual, finding.unnamed) == ("and 4096 more", None)
    value = cell(comparison, "model_ids").value
    assert isinstance(value, MembersValue)
    assert (value.added, value.unnamed_added) == (("and 4096 more",), 0)


def test_what_is_switched_off_says_nothing_where_nothing_changed() -> None:
    """A note stands only where there would have been a finding."""
    off = Policy(severity={"models.removed": Severity.NONE, "models.added": Severity.NONE})
    assert cell(held(models("a"), models("a"), policy=off), "model_ids").notes == ()
    assert [note.word for note in cell(held(models("a"), models("b"), policy=off), "model_ids").notes] == [
        "models.removed",
        "models.added",
    ]
