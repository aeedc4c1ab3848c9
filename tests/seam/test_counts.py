from __future__ import annotations

from dataclasses import replace

from evidences import chat
from hypothesis import given
from hypothesis import strategies as st

from envcheck.judge.names import Names
from envcheck.model import FailureClass
from envcheck.probes import PROBES
from envcheck.probes.base import Reply
from envcheck.seam.assemble import check_of, names_of
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


def test_names_are_remembered_as_always_there_or_not() -> None:
    """Over several replies: those of all, those that no reply lacked, and those that are not shown as they are."""
    replies = (("a", "b"), ("b", "c"))
    readings = [
        replace(GOOD, reply=Reply(chat().facts, names={"x": Names(frozenset(raw), frozenset(raw), frozenset(raw[:1]))}))
        for raw in replies
    ]
    names = names_of(PROBES["chat"], [BAD, *readings])["chat.x"]
    assert (names.all, names.always, names.hidden) == (frozenset("abc"), frozenset("b"), frozenset("ab"))
