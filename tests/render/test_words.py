"""Typed values in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from render_samples import cell, duration, members, outcome

from envcheck.comparison import CellState, SeveralValue, TallyValue
from envcheck.comparison import DayValue as Day
from envcheck.redact import Redacted
from envcheck.render.words import (
    change_in_words,
    counted,
    in_words,
    members_of,
    milliseconds,
    probability,
    tallied,
    times,
    value_in_words,
)

if TYPE_CHECKING:
    from envcheck.comparison import Value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (Redacted("stop"), "stop"),
        (SeveralValue(values=(Redacted("length"), Redacted("stop"))), "length, stop"),
        (Day(day=date(2027, 1, 31)), "2027-01-31"),
        (TallyValue(counts={"hit": 3, "miss": 1}), "4 answers, 2 different"),
        (members(1), "1 model"),
        (members(1300), "1,300 models"),
        (members(12, removed=("a", "b"), added=("c",)), "12 models (-2 +1)"),
        (members(12, unnamed_removed=1200), "12 models (-1,200)"),
        (members(12, varying=("a",)), "12 models (~1)"),
        (members(None, "field"), "missing"),
        (duration(244.1), "244 ms (n=1)"),
        (duration(9.94, 0.44, n=5), "9.9 ms ±0.4 (n=5)"),
        (outcome(), "pass"),
        (outcome(taken=15, timeout=2, network=1), "pass, 3 of 15 failed: network, timeout"),
        (outcome("skipped"), "skipped"),
        (outcome("network"), "network"),
        (outcome("auth", 401), "auth (HTTP 401)"),
        (outcome("http_418", 418), "http_418"),
    ],
)
def test_a_value_in_words(value: Value, words: str) -> None:
    """One line for each kind there is."""
    assert value_in_words(value) == words


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        (Redacted("stop"), Redacted("length"), "stop → length"),
        (Redacted("stop"), Redacted("stop"), "stop"),
        (None, Redacted("the baseline's"), "the baseline's"),
        (duration(240), duration(620, 4, n=7, ratio=2.583), "240 ms → 620 ms (2.6×, n=7)"),
        (duration(0), duration(620, n=7), "0.0 ms → 620 ms (n=7)"),
        (members(57), members(13, removed=("a",), added=("b",)), "57 → 13 models (-1 +1)"),
        (members(57), members(57, removed=("a",), added=("b",)), "57 models (-1 +1)"),
        (members(3, "field"), members(None, "field"), "3 fields → missing"),
        (members(None, "field"), members(3, "field"), "missing → 3 fields"),
        (outcome(), outcome(taken=7, timeout=2), "pass, 2 of 7 failed: timeout"),
    ],
)
def test_a_change_says_what_was_expected_and_what_is_there(expected: Value, actual: Value, words: str) -> None:
    """Where the one can have become the other."""
    assert change_in_words(expected, actual) == words


def test_members_have_the_sign_of_where_they_went() -> None:
    """And those that no list names are counted with them."""
    both = members(9, removed=("a",), added=("b",), varying=("c",), unnamed_removed=4)
    assert members_of(cell(both, CellState.DIFFERS)) == (["-a", "+b", "~c"], 7)
    assert members_of(cell("and 4096 more", CellState.DIFFERS)) == ([], 0)


def test_numbers_agree_with_their_nouns() -> None:
    """Also where they are large."""
    assert [counted(number, "model") for number in (0, 1, 2, 4096)] == [
        "0 models",
        "1 model",
        "2 models",
        "4,096 models",
    ]


def test_numbers_have_the_digits_that_mean_something() -> None:
    """A tenth matters to 2 ms, and not to 240."""
    assert [milliseconds(value) for value in (0.44, 9.9, 10, 240.6)] == ["0.4 ms", "9.9 ms", "10 ms", "241 ms"]
    assert [times(ratio) for ratio in (1.25, 2.583, 9.99, 10.4)] == ["1.2×", "2.6×", "10×", "10×"]
    assert [probability(p) for p in (0.0004, 0.001, 0.0081)] == ["p < 0.001", "p = 0.001", "p = 0.008"]


def test_failures_are_counted_by_class() -> None:
    """With how many were asked, and each class as the format writes it."""
    failed = outcome(timeout=2, auth=1).failed
    assert tallied(failed, 1500) == "3 of 1,500 failed: auth, timeout"
    assert tallied(failed, 15, "<{}>".format) == "3 of 15 failed: <auth>, <timeout>"


def test_names_are_cut_with_a_count() -> None:
    """Unless one alone would be left out."""
    assert in_words(["a", "b", "c", "d"], 3) == "a, b, c, d"
    assert in_words(["a", "b", "c", "d", "e"], 3) == "a, b, c, … and 2 more"
