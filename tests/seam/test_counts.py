from __future__ import annotations

from dataclasses import replace

from evidences import chat
from hypothesis import given
from hypothesis import strategies as st

from envcheck.judge.names import Names
from envcheck.model import FailureClass
from envcheck.probes import PROBES
from envcheck.probes.base import Reply
from envcheck.seam.assemble import check_of
from envcheck.seam.gathered import MOST_MORE, Gathered
from envcheck.seam.normalize import Reading

GOOD = Reading(status=200, reply=Reply(chat().facts))
BAD = Reading(failure=FailureClass.TIMEOUT)
VOID = replace(GOOD, voided=True)


@given(good=st.integers(1, 5), bad=st.integers(0, 5), void=st.integers(0, 5), again=st.integers(0, 5))
def test_failures_are_told_of_what_was_really_tried(good: int, bad: int, void: int, again: int) -> None:
    """Samples of both batches that are not void, and opening requests that failed; not the one that passed."""
    first = [*[GOOD] * good, *[BAD] * bad, *[VOID] * void]
    check = check_of(PROBES["chat"], [BAD, GOOD], first, [BAD] * again)
    assert check.tried == 1 + good + bad + again
    assert check.failed_samples == {"timeout": 1 + bad + again}
    assert check_of(PROBES["chat"], [GOOD], first).tried == good + bad
    assert check_of(PROBES["chat"], [BAD], ()).tried == 0


def named(*raw: str) -> Reading:
    names = Names(frozenset(raw), frozenset(raw), frozenset(raw[:1]))
    return replace(GOOD, reply=Reply(chat().facts, names={"x": names}))


def test_names_are_remembered_as_always_there_or_not() -> None:
    """Over several replies: those of all, those that no reply lacked, and those that are not shown as they are."""
    gathered = Gathered()
    left = [gathered.noted("chat", reading) for reading in (BAD, named("a", "b"), named("b", "c"))]
    names = gathered.by_fact()["chat.x"]
    assert (names.all, names.always, names.hidden) == (frozenset("abc"), frozenset("b"), frozenset("ab"))
    assert left == [BAD, GOOD, GOOD], "no reading keeps its names"


def test_names_that_are_others_in_every_reply_are_not_kept() -> None:
    """A list may well be long; one that also never says the same is forgotten, and what is said of others is not."""
    gathered = Gathered()
    first = [f"m{number}" for number in range(MOST_MORE + 10)]
    gathered.noted("chat", named(*first))
    gathered.noted("chat", named(*first[1:], *(f"n{number}" for number in range(MOST_MORE))))
    gathered.noted("other", named("a"))
    assert len(gathered.by_fact()["chat.x"].all) == 2 * MOST_MORE + 10
    gathered.noted("chat", named("one more"))
    assert list(gathered.by_fact()) == ["other.x"]
    gathered.noted("chat", named("a"))
    assert list(gathered.by_fact()) == ["other.x"], "what was forgotten does not begin anew"


@given(place=st.integers(0, 2))
def test_of_a_fact_with_too_many_names_in_one_reply_nothing_is_known(place: int) -> None:
    """Whichever reply that was: what the others say of it would be told as if it were of all."""
    too_many = replace(GOOD, reply=Reply(chat().facts, names={"x": None}))
    readings = [named("a"), named("a")]
    readings.insert(place, too_many)
    gathered = Gathered()
    for reading in readings:
        gathered.noted("chat", reading)
    assert gathered.by_fact() == {}
