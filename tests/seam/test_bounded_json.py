"""What is parsed is bounded by its members, before a parser that holds everything up is let loose on it."""

from __future__ import annotations

import json

import pytest

from envcheck.seam.bounded_json import MOST_MEMBERS, TooManyMembersError, bounded
from envcheck.seam.error_body import ErrorBody, error_in_success


@pytest.mark.parametrize(
    ("member", "members"), [(b"1,", 1), (b"{},", 2), (b'"":0,', 1), (b"[[[[]]]],", 5), (b'{"":{"":{"":0}}},', 4)]
)
def test_members_of_every_kind_are_counted(member: bytes, members: int) -> None:
    """Numbers, objects, members of an object, lists in lists, objects in objects."""
    few = b"[" + member * (MOST_MEMBERS // members - 1) + b"0]"
    assert bounded(few) is few
    with pytest.raises(TooManyMembersError):
        bounded(b"[" + member * (MOST_MEMBERS // members) + b"0]")


def test_one_long_text_is_one_member() -> None:
    """It is the members that cost, and not the bytes."""
    text = b'["' + b"x" * 8_000_000 + b'"]'
    assert bounded(text) is text


def test_an_envelope_is_looked_for_in_no_crowd() -> None:
    """A success that was refused for its members is not parsed after all to see whether it holds an error."""
    document = {"error": {"message": "No."}, "data": [0] * MOST_MEMBERS}
    assert error_in_success(json.dumps(document).encode()) == ErrorBody()
