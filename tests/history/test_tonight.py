"""The night in hand is held together with those before it, where the same was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evidences import chat, failed, models, timed
from kept_runs import compared, night, no_secret

from envcheck.history import asked_last, keep, nights_of, opened, with_tonight
from envcheck.model import Connection
from envcheck.transport import TransportFacts

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.evidence import Check, Evidence

BEFORE = [(1, 100.0), (2, 110.0)]


def records_of(number: int, check: Check) -> list[Evidence]:
    return night(number, models("a"), check, names=["staging"])


def medians(path: Path, tonight: list[Evidence]) -> list[float | None]:
    """Keep two nights, and give the medians of these and tonight's."""
    with opened(path) as history:
        for number, total_ms in BEFORE:
            records = records_of(number, chat(latency=timed(total_ms)))
            keep(history, compared(records), records, check=no_secret)
        asked = asked_last(history, ["staging"])
        (series,) = with_tonight(nights_of(history, ["staging"]), asked, tonight)
    assert (series.environment, series.probe, series.series) == ("staging", "chat", "latency")
    return [each.median_ms for each in series.nights]


def opening(total_ms: float) -> Check:
    """A chat that opened a connection, which took 30 ms of this."""
    latency = timed(total_ms, connection=Connection.NEW).model_copy(update={"dns_ms": 10.0, "connect_ms": 20.0})
    return chat(latency=latency)


@pytest.mark.parametrize(
    ("number", "check", "expected"),
    [
        (3, chat(latency=timed(120.0)), [100.0, 110.0, 120.0]),
        (3, opening(150.0), [100.0, 110.0, 120.0]),
        (3, chat(model="o3", latency=timed(120.0)), [120.0]),
        (3, failed("chat", "timeout"), [100.0, 110.0]),
        (3, chat(), [100.0, 110.0]),
        (2, chat(latency=timed(130.0)), [100.0, 120.0]),
    ],
    ids=["another night", "connections opened", "another model", "an outage", "no samples", "the same day"],
)
def test_tonight_comes_after_the_nights_before(
    tmp_path: Path, number: int, check: Check, expected: list[float]
) -> None:
    """With what opening took left out; another model begins anew, and an outage adds nothing."""
    assert medians(tmp_path / "history", records_of(number, check)) == expected


def test_what_a_cache_answered_is_no_night(tmp_path: Path) -> None:
    """Its time is not the gateway's."""
    (record,) = records_of(3, chat(latency=timed(1.0)))
    cached = record.model_copy(update={"transport": TransportFacts(cache=("chat",))})
    assert medians(tmp_path / "history", [cached]) == [100.0, 110.0]


@pytest.mark.parametrize(
    "other",
    [{"target": {"base_url": "https://other.example.com"}}, {"safety": {"prompt_source": "custom"}}],
    ids=["endpoint", "prompt"],
)
def test_what_was_asked_otherwise_begins_anew(tmp_path: Path, other: dict[str, dict[str, str]]) -> None:
    """Another endpoint or another prompt takes another time."""
    (record,) = records_of(3, chat(latency=timed(120.0)))
    changed = {part: getattr(record, part).model_copy(update=update) for part, update in other.items()}
    assert medians(tmp_path / "history", [record.model_copy(update=changed)]) == [120.0]
