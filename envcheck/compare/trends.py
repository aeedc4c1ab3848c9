"""Latencies that became others over the nights: a finding about an environment by itself, known again every night."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, DurationValue, Note, Why
from envcheck.judge.chance_of_a_split import LEAST_NIGHTS
from envcheck.judge.judgement import Judgement, Measured, Subject, switched_off
from envcheck.judge.trend import changes, standing
from envcheck.rules import TREND_FASTER, TREND_SLOWER, TRENDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from envcheck.compare.grid import Grid
    from envcheck.comparison import Finding
    from envcheck.judge.columns import Column
    from envcheck.judge.trend import Change, Nights
    from envcheck.policy import Policy
    from envcheck.rules import Rule

NEWS_FOR: Final = timedelta(days=90)
"""A change that is older is how things are: its finding goes."""
SAME_WITHIN: Final = timedelta(days=7)
"""Further nights tell better which one it was: one that was found so near to it is the same change."""


def judge_trends(
    columns: Sequence[Column], series: Sequence[Nights], known: Sequence[Finding], policy: Policy, today: date
) -> Grid:
    """Find the changes that still stand, in the series of environments that take part."""
    names = {column.name for column in columns}
    by_place: dict[tuple[str, str], dict[str, Judgement]] = {}
    for each in series:
        if each.environment in names:
            nothing = {name: Judgement(Cell(value=None, state=CellState.NOT_PROBED)) for name in names}
            row = by_place.setdefault((each.probe, _field(each)), nothing)
            row[each.environment] = judge_nights(each, known, policy, today)
    return dict(by_place)


def judge_nights(series: Nights, known: Sequence[Finding], policy: Policy, today: date) -> Judgement:
    """Find the changes of one series that still stand, and were not so long ago that they are no news.

    `known` is what an earlier comparison found: a change that is among it keeps its fingerprint, though it is now
    thought to have been a few nights earlier or later.
    """
    subject = Subject(series.environment, series.environment, f"{series.probe}.{_field(series)}", 0, policy.severity)
    nights = sum(night.median_ms is not None for night in series.nights)
    if nights < LEAST_NIGHTS:
        few = Note(why=Why.FEW_NIGHTS, number=nights)
        return Judgement(Cell(value=None, state=CellState.INCOMPARABLE, notes=(few,)))
    found = [
        change
        for change in standing(changes(series.nights, policy.latency_floor_ms), policy.latency_floor_ms)
        if today - change.since <= NEWS_FOR
    ]
    in_force = [change for change in found if not subject.is_off(_rule_of(change))]
    off = tuple(switched_off(_rule_of(change)) for change in found if change not in in_force)
    if not in_force:
        return Judgement(Cell(value=None, state=CellState.SAME, notes=off), settled=TRENDS)
    first, last = in_force[0], in_force[-1]
    cell = Cell(
        value=DurationValue(median_ms=last.after_ms, n=last.nights, ratio=last.after_ms / first.before_ms),
        expected=DurationValue(median_ms=first.before_ms, n=first.nights_before),
        state=CellState.DIFFERS,
        notes=(*(_since(change) for change in in_force), *off),
    )
    return Judgement(cell, tuple(_findings(subject, in_force, known)), TRENDS)


def _field(series: Nights) -> str:
    return f"{series.series}.trend"


def _findings(subject: Subject, found: Sequence[Change], known: Sequence[Finding]) -> Iterator[Finding]:
    """Give a finding for each change, with the fingerprint that it had, each of which is given once."""
    left = [each for each in known if (each.environment, each.field) == (subject.environment, subject.field)]
    for change in found:
        finding = _finding(subject, change)
        near = [each for each in left if each.rule == finding.rule and _days_between(each, change) <= SAME_WITHIN]
        if near:
            same = min(near, key=lambda each: _days_between(each, change))
            left.remove(same)
            finding = finding.model_copy(update={"fingerprint": same.fingerprint})
        yield finding


def _finding(subject: Subject, change: Change) -> Finding:
    numbers = Measured(
        expected_ms=change.before_ms, actual_ms=change.after_ms, ratio=change.ratio, p=change.p, note=_since(change)
    )
    of_these_nights = replace(subject, n=change.nights)
    return of_these_nights.finding(_rule_of(change), numbers=numbers, known_by=[change.since.isoformat()])


def _days_between(finding: Finding, change: Change) -> timedelta:
    """Give how far the day that was thought of is from this one; very far for a record that says none."""
    day = None if finding.note is None else finding.note.day
    return timedelta.max if day is None else abs(day - change.since)


def _since(change: Change) -> Note:
    return Note(why=Why.SINCE, day=change.since)


def _rule_of(change: Change) -> Rule:
    return TREND_SLOWER if change.is_slower else TREND_FASTER
