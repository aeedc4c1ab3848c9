from __future__ import annotations

from typing import TYPE_CHECKING

from comparing import cell, held, remembered, told, whys
from evidences import models

from envcheck.comparison import CellState
from envcheck.policy import Policy
from envcheck.redact import Redacted

if TYPE_CHECKING:
    from envcheck.evidence import Check


def saying(context_length: int | None = None, *, model: str = "m", owned_by: str | None = None) -> Check:
    check = models("m")
    owner = None if owned_by is None else Redacted(owned_by)
    said = {"model": Redacted(model), "context_length": context_length, "owned_by": owner}
    return check.model_copy(update={"facts": check.facts.model_copy(update=said)})


def test_what_both_state_is_held_against_each_other() -> None:
    """A shorter context is what a client runs into."""
    assert told(held(saying(131_072), saying(8192))) == [("model.context_length", "warn", 131_072, 8192)]
    assert told(held(saying(8192), saying(8192))) == []


def test_what_one_alone_states_is_no_difference_and_not_the_same() -> None:
    """OpenAI's list says nothing, and vLLM's a lot: neither is wrong."""
    for before, after in ((None, 8192), (8192, None)):
        comparison = held(saying(before), saying(after))
        context = cell(comparison, "context_length")
        assert comparison.findings == ()
        assert (context.value, context.state, whys(context)) == (after, CellState.INCOMPARABLE, [("said_by_one", None)])


def test_what_nobody_states_has_no_row() -> None:
    """Most lists have nothing but names."""
    assert "context_length" not in {row.field for row in held(saying(), saying()).rows}


def test_facts_of_different_models_are_not_held_against_each_other() -> None:
    """Another model has another context, and nobody asked for the same one."""
    comparison = held(saying(131_072, model="m"), saying(8192, model="n"))
    assert comparison.findings == ()
    assert whys(cell(comparison, "context_length")) == [("other_model", None)]


def test_a_doubt_is_a_finding_of_the_rules_own_family() -> None:
    """`[compare] severity` knows it by that name."""
    saved = held(saying(owned_by="org-[redacted]"), saying(owned_by="org-[redacted]"), memory=None)
    assert [each.rule for each in saved.findings] == ["model.undecided"]
    memory = remembered("models.owned_by", ["org-1"], ["org-2"], hidden=["org-1", "org-2"])
    in_one_run = held(
        saying(owned_by="org-[redacted]"), saying(owned_by="org-[redacted]"), memory=memory, policy=Policy()
    )
    assert [each.rule for each in in_one_run.findings] == ["model.owned_by"]
