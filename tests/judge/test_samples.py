from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, whys
from evidences import chat, evidence, models, timed

from envcheck.comparison import CellState
from envcheck.judge.samples import is_mostly_void

if TYPE_CHECKING:
    from evidences import Around

FAST_MS = (230.0, 240.0, 250.0, 236.0, 244.0)
SLOW_MS = (600.0, 610.0, 620.0, 606.0, 614.0)
FAST, SLOW = (timed(*each, again_ms=each) for each in (FAST_MS, SLOW_MS))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({"selected_model": "a"}, {"selected_model": "b"}, None),
        ({"asked": "1" * 16}, {"asked": "2" * 16}, "other_prompt"),
        ({"asked": "1" * 16}, {"asked": "1" * 16}, None),
        ({"asked": "1" * 16}, {}, None),
        ({"prompt_source": "custom"}, {}, "other_prompt"),
        ({"prompt_source": "custom", "asked": "1" * 16}, {"asked": "1" * 16}, None),
    ],
)
def test_latencies_of_unlike_requests_are_incomparable(before: Around, after: Around, why: str | None) -> None:
    """Another prompt or other parameters take another time. Which model was asked is what the request named."""
    comparison = compared(
        evidence("production", chat(latency=FAST), **before),
        evidence("staging", chat(latency=SLOW), **after),
    )
    latency = cell(comparison, "latency")
    if why is None:
        assert [each.rule for each in comparison.findings] == ["latency.slower"]
    else:
        assert comparison.findings == ()
        assert (latency.state, whys(latency)) == (CellState.INCOMPARABLE, [(why, None)])


def test_latencies_of_other_models_are_incomparable() -> None:
    """A probe's own model counts, though the environments have the same one; the lists of models are comparable."""
    listed = models("a", latency=FAST), models("a", latency=SLOW)
    comparison = compared(
        evidence("production", listed[0], chat(model="a", latency=FAST), selected_model="a"),
        evidence("staging", listed[1], chat(model="b", latency=SLOW), selected_model="b"),
    )
    assert [(each.rule, each.field) for each in comparison.findings] == [("latency.slower", "models.latency")]
    assert whys(cell(comparison, "latency", probe="chat")) == [("other_model", None)]


@pytest.mark.parametrize(
    ("good", "voided", "asked", "expected"),
    [
        (7, 0, 7, False),
        (7, 14, 7, False),  # each was void twice, and good then
        (3, 12, 7, True),  # four stayed void
        (4, 9, 7, False),
        (0, 21, 7, True),
        (0, 3, 1, False),  # one was asked for: nothing is judged anyway
        (3, 6, 5, False),
        (2, 9, 5, True),
    ],
)
def test_what_stayed_void_is_what_counts(good: int, voided: int, asked: int, *, expected: bool) -> None:
    """Not how often a sample was void before it was good, but how many of those asked for are missing for it."""
    latency = timed(*[200.0] * good, voided=voided)
    assert is_mostly_void(chat(latency=latency), asked) is expected


def test_samples_that_failed_are_not_void() -> None:
    """Three failures end the sampling; what was not asked for after that is no stall of ours."""
    latency = timed(200.0, voided=1).model_copy(update={"taken": 5, "failed": 3})
    assert not is_mostly_void(chat(latency=latency), 15)


def test_a_record_of_the_first_release_counts_what_it_has() -> None:
    """It says how many were void and not how many were taken."""
    latency = timed(*[200.0] * 7, voided=14).model_copy(update={"taken": 0})
    assert not is_mostly_void(chat(latency=latency), 7)
    assert is_mostly_void(chat(latency=latency), 15)
