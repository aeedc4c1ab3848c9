"""Where reports live: what is an address of object storage, and what it is asked for as a path."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.places import ObjectPath, place_named


@pytest.mark.parametrize("text", ["reports", "/var/reports", "s3:bucket", "s3:/bucket/x", ".", "a://b/c"[2:]])
def test_what_is_no_url_is_a_path_of_this_machine(text: str) -> None:
    """A folder may be called anything."""
    assert place_named(text) == Path(text)


def test_an_address_is_shown_as_it_was_typed() -> None:
    """It is what a user copies out of a sentence."""
    assert str(place_named("s3://bucket/nights/eu")) == "s3://bucket/nights/eu"
    assert str(place_named("gs://bucket/nights/")) == "gs://bucket/nights"
    assert str(place_named("az://container")) == "az://container"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://host/x", "no object storage"),
        ("S3://bucket/x", "no object storage"),
        ("s3://", "names no bucket"),
        ("s3:///x", "names no bucket"),
        ("s3://bu cket/x", "names no bucket"),
        ("s3://user:pw@bucket/x", "has a user"),
        ("s3://bucket/x?versionId=1", "has a user, a query"),
        ("s3://bucket/x#y", "a fragment"),
        ("s3://bucket/a//b", "a part that is empty"),
        ("s3://bucket/../b", "a dot"),
        ("s3://bucket/a\nb", "no name of an object"),
    ],
)
def test_what_cannot_be_an_address_is_refused_without_repeating_it(text: str, why: str) -> None:
    """It may hold what somebody pasted."""
    with pytest.raises(ValueError, match=why) as refused:
        place_named(text)
    assert "pw" not in str(refused.value)


@settings(max_examples=50)
@given(st.text())
def test_any_text_is_a_place_or_refused_in_words_of_ours(text: str) -> None:
    """What a user types never ends in a fault; a place of a bucket is spelled by its own text."""
    with suppress(ValueError):
        place = place_named(f"s3://{text}")
        assert place_named(str(place)) == place


def test_members_are_those_of_a_path() -> None:
    """Reports are named the same way wherever they are."""
    record = ObjectPath("s3://bucket", "nights") / "staging.eu.json"
    of_a_path = Path("/nights/staging.eu.json")
    assert (record.name, record.stem, record.suffix) == (of_a_path.name, of_a_path.stem, of_a_path.suffix)
    assert record.parent == ObjectPath("s3://bucket", "nights")
    assert record.parent.parent == ObjectPath("s3://bucket", "")
    assert record.resolve() == record
    assert str(ObjectPath("s3://bucket", "") / "x.json") == "s3://bucket/x.json"
