from __future__ import annotations

import pytest
from evidences import safe
from hypothesis import given
from hypothesis import strategies as st

from envcheck.judge.hidden import MOST_SHAPES, may_be_one, surely_missing


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("o3", "o3", True),
        ("o3", "o4", False),
        ("ft:[redacted]", "ft:acme", True),
        ("ft:[redacted]", "o3", False),
        ("ft:[redacted]:v1", "ft:acme:v2", False),
        ("ft:[redacted]:v1", "ft:[redacted]", True),
        ("ft:a[redacted]", "ft:[redacted]b", True),
        ("ft:a[redacted]", "ft:b[redacted]", False),
        ("[redacted]", "anything", True),
        ("a[redacted]b[redacted]c", "axxc", True),
    ],
)
def test_what_is_left_of_a_name_says_which_it_may_be(name: str, other: str, *, expected: bool) -> None:
    """The beginnings and the ends must fit each other, whichever of the two is redacted."""
    assert may_be_one(name, other) is expected
    assert may_be_one(other, name) is expected


_PARTS = st.text("ab", max_size=3)


@given(head=_PARTS, middle=_PARTS, tail=_PARTS)
def test_a_name_may_always_be_itself(head: str, middle: str, tail: str) -> None:
    """However a name is redacted, on one side or on both, it is never surely another."""
    name = head + middle + tail
    shown = f"{head}[redacted]{tail}"
    assert may_be_one(name, shown)
    assert may_be_one(f"{head}[redacted]", shown)
    assert surely_missing(safe(shown), safe(name)) == []


def test_only_what_none_of_the_others_can_be_is_missing() -> None:
    """Plain names and redacted ones, sorted."""
    missing = surely_missing(safe("z", "b", "ft:[redacted]", "o1"), safe("b", "o[redacted]"))
    assert missing == ["ft:[redacted]", "z"]


@pytest.mark.parametrize(("shapes", "missing"), [(MOST_SHAPES, ["plain"]), (MOST_SHAPES + 1, [])])
def test_with_too_many_shapes_nothing_is_told_by_name(shapes: int, missing: list[str]) -> None:
    """Past the limit none is held against the other side's, one by one."""
    others = safe(*(f"x{number}[redacted]" for number in range(shapes)))
    assert surely_missing(safe("plain"), others) == missing
    expected = [*missing, *sorted(others)] if missing else ["plain"]
    assert surely_missing((*safe("plain"), *others), ()) == (expected if missing else ["plain"])
