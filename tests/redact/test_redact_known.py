"""What is looked for of each secret, and what is not because it would be found everywhere."""

from __future__ import annotations

import pytest

from envcheck.redact import Secret, SecretKind, matching
from envcheck.redact.known import CROWD, Known
from envcheck.redact.layers import LAYERS, Layer, Scope, settled
from envcheck.redact.tripwire import STRETCH


def knowing(*values: str, kind: SecretKind = SecretKind.KEY) -> Known:
    """Give an index of these values."""
    known = Known()
    known.add(Secret(kind, value) for value in values)
    return known


def finds(known: Known, text: str) -> bool:
    """Say whether any part of the text would be taken out."""
    return bool(matching.spans(known, text, in_prose=False))


def test_a_value_of_ordinary_words_is_looked_for_whole() -> None:
    """Each of its words is in honest text; all of them in its order are not."""
    known = knowing("invalid-request-error")
    assert finds(known, "you sent invalid_request_error to us")
    assert not finds(known, "invalid_request for an error")


def test_the_half_of_a_header_value_may_be_an_ordinary_word() -> None:
    """`blue` of `team-blue7` says nothing; what has its digits does."""
    known = knowing("team-blue7", kind=SecretKind.HEADER)
    assert not finds(known, "a blue moon")
    assert finds(known, "you are teamblue7 then")


def test_a_few_letters_of_a_short_key_may_be_within_a_word() -> None:
    """Only where they begin or end a word are they half of the key."""
    known = knowing("hunterxyqz")
    assert not finds(known, "encountered")
    assert finds(known, "it begins with hunter")


def test_a_long_prompt_is_not_looked_for_by_its_scattered_words() -> None:
    """It has every common word in it somewhere."""
    known = knowing(" ".join(f"please describe item {i} in words" for i in range(40)), kind=SecretKind.PROMPT)
    assert not known.scattered
    assert finds(known, "please describe item 17 in words")


def test_in_a_crowd_of_keys_the_index_stays_small_and_each_is_found() -> None:
    """A thousand keys do not take a thousand times three dozen spellings of each half."""
    keys = [f"k{i:04d}-{i * 7919:08x}-{i * 104729:08x}" for i in range(CROWD * 3)]
    known = knowing(*keys)
    assert all(finds(known, f"bad key {key[:-4]} given") for key in keys[:: CROWD // 2])


def test_a_text_that_never_settles_is_not_shown() -> None:
    """A layer that cannot make up its mind costs the text, and not the run."""
    growing = Layer("grows", lambda text, scope: f"{text} more")
    assert settled("text", (*LAYERS, growing), Scope(), 300) == "[redacted]"


@pytest.mark.parametrize("before", range(STRETCH - 40, STRETCH + 9))
def test_a_long_text_has_no_seams(before: int) -> None:
    """It is cut into blocks a stretch at a time; a key that lies over the end of one is found as any other."""
    key = "q7v2m9x4k8w3z6j5"
    known = knowing(key)
    text = "n" * before + key + "n" * 100
    assert (before, before + len(key)) in known.disguises.positions(text.encode())
    assert {start for start, _ in matching.hints(known, text)} & set(range(before, before + len(key)))


@pytest.mark.parametrize("text", ["one", "two"])
def test_a_text_that_comes_again_is_found_in_the_same_places(text: str) -> None:
    """Remembering is a short cut; forgetting is too."""
    known = knowing("q7Kx2mV9t")
    first = matching.spans(known, f"{text} q7Kx2mV9t", in_prose=False)
    for i in range(matching.REMEMBERED + 1):
        matching.spans(known, f"other {i}", in_prose=False)
    assert matching.spans(known, f"{text} q7Kx2mV9t", in_prose=False) == first
