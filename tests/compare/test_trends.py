"""Trends as findings: of any environment by itself, told once, and known again though their night moves."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared
from evidences import TODAY, chat, evidence, failed, models

from envcheck.comparison import CellState, DurationValue, FindingState
from envcheck.judge.trend import Night, Nights
from envcheck.policy import Accept, Policy
from envcheck.probes import rules
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison

RECORDS = [evidence(name, models("gpt-4o"), chat()) for name in ("production", "staging")]
FIELD = "latency.trend"


def series(*lengths: tuple[int, float], environment: str = "staging", noise: float = 0.02) -> Nights:
    """Give levels, each with its number of nights, the last of which is tonight."""
    random = Random(1)
    medians = [level * random.gauss(1, noise) for length, level in lengths for _ in range(length)]
    first = TODAY - timedelta(days=len(medians) - 1)
    return Nights(
        environment,
        "chat",
        "latency",
        tuple(Night(first + timedelta(days=number), median) for number, median in enumerate(medians)),
    )


def trends(*nights: Nights, earlier: Comparison | None = None, policy: Policy | None = None) -> Comparison:
    return compared(*RECORDS, nights=nights, earlier=earlier, policy=policy or Policy())


def told(comparison: Comparison) -> list[tuple[str, str, int, str]]:
    """Give what each finding says: rule, environment, how many days ago, and where it stands."""
    return [
        (each.rule, each.environment, (TODAY - each.note.day).days, each.state.value)
        for each in comparison.findings
        if each.note is not None and each.note.day is not None
    ]


def test_slow_together_is_found_in_both() -> None:
    """The baseline too, though no comparison of the two could tell; by itself, with its night and numbers."""
    both = trends(*(series((51, 240), (9, 298), environment=name) for name in ("production", "staging")))
    assert told(both) == [("trend.slower", name, 8, "open") for name in ("production", "staging")]
    found = both.findings[1]
    assert (found.baseline, found.field, found.severity, found.n) == ("staging", "chat.latency.trend", "warn", 9)
    assert found.expected_ms == pytest.approx(240, rel=0.02)
    assert found.actual_ms == pytest.approx(298, rel=0.02)
    assert found.ratio == pytest.approx(1.24, rel=0.03)
    assert rules()[found.rule].of_itself
    assert both.summary.exit_code == 3


def test_the_cell_shows_both_levels_and_since_when() -> None:
    """Beside an environment without nights, which was not judged, and one with too few."""
    found = trends(series((51, 240), (9, 298)), series((11, 240), environment="production"))
    shown, few = cell(found, FIELD), cell(found, FIELD, "production")
    assert shown.state is CellState.DIFFERS
    assert isinstance(shown.value, DurationValue)
    assert isinstance(shown.expected, DurationValue)
    assert (shown.expected.n, shown.value.n) == (51, 9)
    assert shown.value.median_ms == pytest.approx(298, rel=0.02)
    assert shown.expected.median_ms == pytest.approx(240, rel=0.02)
    assert shown.value.ratio == pytest.approx(1.24, rel=0.03)
    assert [(note.why, note.day) for note in shown.notes] == [("since", TODAY - timedelta(days=8))]
    assert few.state is CellState.INCOMPARABLE
    assert [(note.why, note.number) for note in few.notes] == [("few_nights", 11)]
    assert cell(trends(series((51, 240), (9, 298))), FIELD, "production").state is CellState.NOT_PROBED


def test_faster_is_for_information() -> None:
    """It is told, and counts for nothing."""
    found = trends(series((40, 298), (12, 240)))
    assert told(found) == [("trend.faster", "staging", 11, "open")]
    assert (found.findings[0].severity, found.summary.exit_code) == ("info", 0)


def test_it_is_new_once() -> None:
    """The night after it is the same finding, though the night of the change is now thought to be another."""
    first = trends(series((51, 240), (9, 298)))
    later = trends(series((46, 240), (14, 298)), earlier=first)
    assert told(later) == [("trend.slower", "staging", 13, "unchanged")]
    assert later.findings[0].fingerprint == first.findings[0].fingerprint
    again = trends(series((41, 240), (19, 298)), earlier=later)
    assert told(again) == [("trend.slower", "staging", 18, "unchanged")]


def test_another_change_is_news() -> None:
    """Further away than a change is ever moved, or the other way round, or of another environment."""
    last_night = trends(series((40, 240), (20, 298)))
    assert told(trends(series((40, 240), (12, 298), (8, 400)), earlier=last_night)) == [
        ("trend.slower", "staging", 19, "unchanged"),
        ("trend.slower", "staging", 7, "new"),
    ]
    assert told(trends(series((40, 298), (20, 240)), earlier=last_night)) == [
        ("trend.faster", "staging", 19, "new"),
        ("trend.slower", "staging", 19, "absent"),
    ]
    elsewhere = trends(series((40, 240), (20, 298), environment="production"), earlier=last_night)
    assert told(elsewhere) == [("trend.slower", "production", 19, "new")]


def test_each_known_change_is_only_one_of_those_found() -> None:
    """Of two that are both near to it, one is new."""
    last_night = trends(series((40, 240), (20, 298)))
    known = last_night.findings[0]
    for first in (40, 35):
        nights = series((first, 240), (6, 298), (54 - first, 400), noise=0.001)
        found = trends(nights, earlier=last_night).findings
        assert len({each.fingerprint for each in found}) == len(found)
        assert sum(each.fingerprint == known.fingerprint for each in found) == 1


def test_what_cannot_be_judged_is_carried_and_what_was_made_good_is_gone() -> None:
    """A history that was lost settles nothing."""
    first = trends(series((51, 240), (9, 298)))
    lost = trends(series((11, 298)), earlier=first)
    assert ([each.rule for each in lost.carried], lost.findings) == (["trend.slower"], ())
    without = trends(earlier=first)
    assert [each.rule for each in without.carried] == ["trend.slower"]
    steady = trends(series((60, 240)), earlier=first)
    assert told(steady) == [("trend.slower", "staging", 8, "absent")]
    known = trends(series((51, 240), (9, 298)), earlier=lost)
    assert told(known) == [("trend.slower", "staging", 8, "unchanged")]


def test_after_ninety_days_it_is_how_things_are() -> None:
    """And no finding any more."""
    assert told(trends(series((40, 240), (91, 298)))) == [("trend.slower", "staging", 90, "open")]
    assert told(trends(series((40, 240), (92, 298)))) == []


def test_it_is_switched_off_and_accepted_like_any_other() -> None:
    """By its rule; an acceptance of a latency has a bound."""
    nights = series((51, 240), (9, 298))
    off = trends(nights, policy=Policy(severity={"trend.slower": Severity.NONE}))
    assert off.findings == ()
    for ratio, state in ((1.5, FindingState.ACCEPTED), (1.1, FindingState.OPEN)):
        entry = Accept("trend.slower", "staging", "known", field="chat.latency.trend", at_most_ratio=ratio)
        accepted = trends(nights, policy=Policy(accept=(entry,)))
        assert [each.state for each in accepted.findings] == [state]


def test_what_is_switched_off_leaves_the_rest() -> None:
    """Slower stands beside faster, and only one of them is told; the cell says why."""
    nights = series((30, 240), (20, 480), (20, 360))
    found = trends(nights, policy=Policy(severity={"trend.faster": Severity.NONE}))
    assert told(found) == [("trend.slower", "staging", 39, "open")]
    assert [note.why for note in cell(found, FIELD).notes] == ["since", "switched_off"]


def test_it_is_found_on_a_night_on_which_the_environment_is_down() -> None:
    """And an environment that takes no part has no trend."""
    down = [evidence("production", models("gpt-4o"), chat()), evidence("staging", failed("models", "timeout"))]
    nights: Sequence[Nights] = (series((51, 240), (9, 298)), series((51, 240), (9, 298), environment="gone"))
    found = compared(*down, nights=nights)
    assert told(found) == [("trend.slower", "staging", 8, "open")]
    assert {name for row in found.rows for name in row.cells} == {"production", "staging"}


def test_a_single_environment_has_trends_too() -> None:
    """It is held against nothing but its own nights."""
    alone = compared(RECORDS[1], nights=[series((51, 240), (9, 298))])
    assert told(alone) == [("trend.slower", "staging", 8, "open")]


def test_a_known_finding_that_names_no_night_is_not_it() -> None:
    """As of a record that was edited."""
    first = trends(series((51, 240), (9, 298)))
    dayless = tuple(each.model_copy(update={"note": None, "fingerprint": "0" * 16}) for each in first.findings)
    edited = first.model_copy(update={"findings": dayless})
    assert told(trends(series((51, 240), (9, 298)), earlier=edited)) == [("trend.slower", "staging", 8, "new")]
