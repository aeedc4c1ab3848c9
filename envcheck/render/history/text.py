"""A past for a terminal: environment by environment, what changed, what failed, and how long it took."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from envcheck.past import NightOutcome
from envcheck.render.history.facts import fact_in_words
from envcheck.render.history.latency import latency_in_words, latency_lines
from envcheck.render.terminal.palette import Style, ansi, plain
from envcheck.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.past import EnvironmentPast, FactChange, LatencyPast, Outage, Past
    from envcheck.render.terminal.palette import Paint

_MOST_CHANGES: Final = 12
"""Of one fact: one that comes and goes every night would bury the others."""
_OUTCOMES: Final = {NightOutcome.SAME: "same", NightOutcome.DIFFERS: "different", NightOutcome.FAILED: "failed"}
_INDENT: Final = "  "
_LEAST_WIDTH: Final = 40
_BESIDE_A_DAY: Final = 12


def text_of(past: Past, *, width: int, color: bool = False) -> str:
    """Give the whole, with a newline at its end; no line is wider than `width`, but where one word is."""
    paint = ansi if color else plain
    width = max(width, _LEAST_WIDTH)
    blocks = ["\n".join(_of_one(past, each, width, paint)) for each in past.environments]
    return "\n\n".join(blocks) + "\n"


def _of_one(past: Past, one: EnvironmentPast, width: int, paint: Paint) -> Iterator[str]:
    first, *others = _wrapped(f"{one.environment}: {_nights(past, one)}", width, len(_INDENT))
    yield paint(one.environment, Style.BOLD) + first.removeprefix(one.environment)
    yield from others
    inside = width - 2 * len(_INDENT)
    for title, lines in (
        ("what changed", _changes(one.changes, inside)),
        (
            "what failed",
            [line for outage in one.outages for line in _folded(outage_days(outage), _outage(outage), inside)],
        ),
    ):
        if lines:
            yield f"{_INDENT}{paint(title, Style.DIM)}"
            yield from (f"{_INDENT * 2}{line}" for line in lines)
    for latency in one.latencies:
        yield from (f"{_INDENT}{line}" for line in _latency(latency, inside, paint))


def _nights(past: Past, one: EnvironmentPast) -> str:
    """Say how many nights there were a run, since when, and what came of them."""
    counts = Counter(one.outcomes)
    ran = [day for day, outcome in zip(past.days, one.outcomes, strict=True) if outcome is not NightOutcome.NO_RUN]
    if not ran:
        return "no run in these nights"
    told = ", ".join(f"{words} on {counts[kind]:,}" for kind, words in _OUTCOMES.items() if counts[kind])
    first, last = ran[0].isoformat(), ran[-1].isoformat()
    days = f", {first}" if first == last else f" from {first} to {last}"
    return f"{counted(len(ran), 'night')}{days} ({told})"


def _changes(changes: Sequence[FactChange], width: int) -> list[str]:
    """Give a line for each change, the first one first; of a fact that changed very often, those of late."""
    every = Counter(each.field for each in changes)
    longest = max(map(len, every), default=0)
    seen: Counter[str] = Counter()
    lines: list[str] = []
    for each in changes:
        seen[each.field] += 1
        left_out = every[each.field] - _MOST_CHANGES
        # A line that says that one is left out takes as much room as that one.
        if left_out > 1 and seen[each.field] <= left_out:
            told = f"{left_out:,} changes up to this day" if seen[each.field] == left_out else ""
        else:
            told = fact_in_words(each)
        if told:
            lines += _folded(each.day.isoformat(), f"{each.field:{longest}}  {told}", width)
    return lines


def outage_days(outage: Outage) -> str:
    """Say from when to when."""
    since, last = outage.since.isoformat(), outage.last.isoformat()
    if not outage.is_over:
        return f"since {since}"
    return since if since == last else f"{since} to {last}"


def _outage(outage: Outage) -> str:
    return f"{counted(outage.nights, 'night')}  {', '.join(outage.failures)} ({', '.join(outage.probes)})"


def _folded(days: str, told: str, width: int) -> list[str]:
    return _wrapped(f"{days}  {told}", width, _BESIDE_A_DAY)


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    return wrap(text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _latency(latency: LatencyPast, width: int, paint: Paint) -> Iterator[str]:
    style = Style.DIFFERENT if latency.changes else Style.NONE
    beside = len(latency.field) + len(_INDENT)
    told = [line for each in latency_in_words(latency) for line in wrap(each, width - beside)]
    for place, line in enumerate(told):
        yield f"{' ' * beside if place else paint(latency.field, Style.DIM) + _INDENT}{paint(line, style)}"
    yield from (f"{_INDENT}{line}" for line in latency_lines(latency, width))
