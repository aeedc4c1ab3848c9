"""Failures that hang together, whichever probes had them and whatever was not asked meanwhile."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from pasts import day

from envcheck.history.outages import Checked, outages_of
from envcheck.model import Outcome
from envcheck.past import Outage
from envcheck.record import FailureName

LETTERS = {
    ".": (Outcome.PASS, None),
    "u": (Outcome.UNSUPPORTED, None),
    "-": (Outcome.SKIPPED, None),
    "n": (Outcome.FAIL, FailureName("network")),
    "t": (Outcome.FAIL, FailureName("timeout")),
    "?": (Outcome.FAIL, None),
}


def runs(probe: str, letters: str, *, a_day: int = 1) -> list[Checked]:
    """Give a probe's runs, a letter each, so many in a day."""
    return [Checked(probe, day(place // a_day), *LETTERS[letter]) for place, letter in enumerate(letters)]


def outage(since: int, last: int, nights: int, *failures: str, over: bool, probes: tuple[str, ...]) -> Outage:
    return Outage(day(since), day(last), nights, over, probes, tuple(map(FailureName, failures)))


def test_runs_in_a_row_that_failed_are_one_outage() -> None:
    """With its classes in the order in which they came; one that the last run still has is not over."""
    assert outages_of(runs("chat", ".nnt..t")) == [
        outage(1, 3, 3, "network", "timeout", over=True, probes=("chat",)),
        outage(6, 6, 1, "timeout", over=False, probes=("chat",)),
    ]


def test_what_was_not_asked_says_nothing() -> None:
    """A probe that was skipped between two failures did not pass, and a gateway that does without it answered."""
    assert outages_of(runs("chat", "n--n-.")) == [outage(0, 3, 2, "network", over=True, probes=("chat",))]
    assert outages_of(runs("chat", "nun")) == [
        outage(0, 0, 1, "network", over=True, probes=("chat",)),
        outage(2, 2, 1, "network", over=False, probes=("chat",)),
    ]
    assert outages_of([]) == outages_of(runs("chat", "-.-")) == []


def test_probes_that_failed_together_are_told_together() -> None:
    """And apart where their days or their classes are others."""
    together = [*runs("models", ".nn."), *runs("chat", ".nn."), *runs("stream", ".tt."), *runs("tools", ".n..")]
    assert outages_of(together) == [
        outage(1, 1, 1, "network", over=True, probes=("tools",)),
        outage(1, 2, 2, "network", over=True, probes=("chat", "models")),
        outage(1, 2, 2, "timeout", over=True, probes=("stream",)),
    ]


def test_several_runs_in_a_day_are_one_night() -> None:
    """However often somebody looked."""
    assert outages_of(runs("chat", "n.nnnn", a_day=2)) == [
        outage(0, 0, 1, "network", over=True, probes=("chat",)),
        outage(1, 2, 2, "network", over=False, probes=("chat",)),
    ]


def test_a_failure_without_a_class_is_an_outage_all_the_same() -> None:
    """A record of another release may not say why."""
    assert outages_of(runs("chat", "?")) == [outage(0, 0, 1, over=False, probes=("chat",))]


@given(st.lists(st.text(st.sampled_from(".u-nt"), max_size=12), max_size=3))
def test_every_failure_is_in_one_outage_and_nothing_else_is(series: list[str]) -> None:
    """Whatever happened, a day that failed is told for its probe, and the end is told only where it was seen."""
    found = outages_of([each for number, letters in enumerate(series) for each in runs(f"p{number}", letters)])
    nights: Counter[str] = Counter()
    for each in found:
        assert each.since <= each.last
        nights.update(dict.fromkeys(each.probes, each.nights))
    for number, letters in enumerate(series):
        assert nights[f"p{number}"] == sum(letter in "nt" for letter in letters)
        said = [letter for letter in letters if letter != "-"]
        is_down = bool(said) and said[-1] in "nt"
        assert is_down is any(not each.is_over and f"p{number}" in each.probes for each in found)
