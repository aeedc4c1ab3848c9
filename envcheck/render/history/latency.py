"""A latency over its nights: a line of blocks, the median of each week, and since when it is another one."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from envcheck.judge.chance_of_a_split import LEAST_NIGHTS
from envcheck.render.sparkline import CHANGE, sparkline
from envcheck.render.words import ARROW, counted, milliseconds, slower_or_faster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.judge.trend import Change
    from envcheck.past import LatencyPast, Week

_NO_MEDIAN: Final = "-"
_LABEL: Final = 9


def latency_lines(latency: LatencyPast, width: int) -> Iterator[str]:
    """Yield the lines of one latency, none wider than `width`.

    There is a block for each night, or for each week where so many nights are wider than a line.
    """
    nights, weeks, room = latency.nights.nights, latency.weeks(), width - _LABEL
    if len(nights) + len(latency.changes) <= room:
        changed = {change.since for change in latency.changes}
        places = [place for place, night in enumerate(nights) if night.day in changed]
        yield from _labelled("nights", [sparkline([night.median_ms for night in nights], places)])
    else:
        places = [place for place, week in enumerate(weeks) if week.changed]
        drawn = sparkline([week.median_ms for week in weeks], places)
        # At a blank a line must not be folded: it is a week without a run.
        yield from _labelled("weeks", [drawn[start : start + room] for start in range(0, len(drawn), room)])
    numbers = " ".join(map(_number, weeks))
    yield from _labelled(
        "weekly", wrap(f"{numbers} ms, from {weeks[0].monday.isoformat()}", room, break_on_hyphens=False)
    )


def _labelled(label: str, lines: Sequence[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield f"{'' if place else label:{_LABEL}}{line}".rstrip()


def latency_in_words(latency: LatencyPast) -> list[str]:
    """Say where it changed, the first change first; where it did not, what it is and for how long."""
    if latency.changes:
        return [_changed(change) for change in latency.changes]
    known = [night.median_ms for night in latency.nights.nights if night.median_ms is not None]
    now = f"{milliseconds(known[-1])} in the last of {counted(len(known), 'night')}"
    enough = len(known) >= LEAST_NIGHTS
    return [f"no change, {now}" if enough else f"{now}; a change takes {LEAST_NIGHTS} to be told"]


def _changed(change: Change) -> str:
    return (
        f"{slower_or_faster(change.ratio)} since {change.since.isoformat()}: {milliseconds(change.before_ms)} {ARROW}"
        f" {milliseconds(change.after_ms)} ({counted(change.nights_before, 'night')} before, {change.nights:,} after)"
    )


def _number(week: Week) -> str:
    said = _NO_MEDIAN if week.median_ms is None else milliseconds(week.median_ms).removesuffix(" ms")
    return f"{CHANGE} {said}" if week.changed else said
