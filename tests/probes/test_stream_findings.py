"""What two streams come to when they are held against each other."""

from __future__ import annotations

import pytest
from comparing import cell, held, told, whys
from evidences import passed

from envcheck.comparison import CellState
from envcheck.evidence import Check, Latency, Measured
from envcheck.probes.chunks import ReasoningField, StreamUsage
from envcheck.probes.pace import Pace
from envcheck.probes.stream_facts import StreamedKind, StreamFacts, Terminator
from envcheck.redact import Redacted


def stream(arrival: Pace = Pace.INCREMENTAL, *, agrees: bool | None = True, seen: tuple[str, ...] = ()) -> Check:
    """Give a stream's check; `seen` are arrivals that its samples had."""
    facts = StreamFacts(
        model=Redacted("m"),
        arrival=arrival,
        terminator=Terminator.DONE,
        finish_reason=Redacted("stop"),
        model_answered=Redacted("m"),
        content_kind=StreamedKind.TEXT,
        stream_usage=StreamUsage.SEPARATE,
        reasoning_field=ReasoningField.NONE,
        event_fields=(),
        agrees_with_chat=agrees,
    )
    return passed("stream", facts, varying={"arrival": seen} if seen else {})


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (Pace.INCREMENTAL, Pace.AT_ONCE, [("stream.arrival", "err", "incremental", "at_once")]),
        (Pace.AT_ONCE, Pace.INCREMENTAL, [("stream.arrival", "warn", "at_once", "incremental")]),
        (Pace.INCREMENTAL, Pace.INCREMENTAL, []),
    ],
)
def test_to_stop_streaming_is_worse_than_to_begin(before: Pace, after: Pace, found: list[tuple[object, ...]]) -> None:
    """A user waits for the whole reply where a proxy buffers it."""
    assert told(held(stream(before), stream(after))) == found


@pytest.mark.parametrize(
    ("before", "after"), [(Pace.TOO_FEW, Pace.AT_ONCE), (Pace.INCREMENTAL, Pace.TOO_FEW), (Pace.AT_ONCE, Pace.TOO_FEW)]
)
def test_a_stream_of_which_nothing_can_be_said_is_compared_with_nothing(before: Pace, after: Pace) -> None:
    """A gateway may be too fast to tell: that is neither the same nor a difference."""
    comparison = held(stream(before), stream(after))
    assert comparison.findings == ()
    assert cell(comparison, "arrival").state is CellState.INCOMPARABLE
    assert whys(cell(comparison, "arrival")) == [("says_nothing", None)]


def test_two_streams_of_which_nothing_can_be_said_are_alike() -> None:
    """That much was seen of both."""
    assert cell(held(stream(Pace.TOO_FEW), stream(Pace.TOO_FEW)), "arrival").state is CellState.SAME


def test_samples_of_which_nothing_can_be_said_take_no_difference_away() -> None:
    """What the others showed counts."""
    comparison = held(stream(), stream(Pace.AT_ONCE, seen=("at_once", "too_few")))
    assert [finding.rule for finding in comparison.findings] == ["stream.arrival"]


@pytest.mark.parametrize(("before", "after"), [(True, None), (None, False)])
def test_agreement_that_nobody_looked_at_is_no_finding(before: bool | None, after: bool | None) -> None:  # noqa: FBT001 - a parameter
    """Chat failed on one side, say, and that is one finding of its own."""
    comparison = held(stream(agrees=before), stream(agrees=after))
    assert comparison.findings == ()
    assert cell(comparison, "agrees_with_chat").state is CellState.INCOMPARABLE


def test_a_later_first_content_is_slower_although_the_whole_takes_as_long() -> None:
    """Each of the two times is judged by itself, by the same rule."""
    totals = (900.0, 902.0, 904.0, 906.0, 908.0, 910.0, 912.0)
    checks = []
    for first in (100.0, 600.0):
        times = tuple(first + number for number in range(7))
        measured = {"first_content": Measured(median_ms=first + 3, samples_ms=times, again_ms=times)}
        latency = Latency(samples=7, total_ms=906.0, totals_ms=totals, again_ms=totals, measured=measured, taken=7)
        checks.append(stream().model_copy(update={"latency": latency}))
    slower = [finding.field for finding in held(*checks).findings if finding.rule == "latency.slower"]
    assert slower == ["stream.first_content"]
