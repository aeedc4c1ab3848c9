"""What a past says to a person, to a script and to a spreadsheet."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasts import day, days, latency, levels, members, sixty_nights

from envcheck.past import EnvironmentPast, FactChange, NightOutcome, Past
from envcheck.redact import Redacted
from envcheck.render.history import csv_of, document_of, text_of

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from envcheck.past import Fact


def past_of(*medians: float | None, changes: tuple[FactChange, ...] = ()) -> Past:
    number = max(1, len(medians))
    series = (latency("staging", medians),) if medians else ()
    return Past(days(number), (EnvironmentPast("staging", (NightOutcome.SAME,) * number, changes, (), series),))


def changed(*facts: Fact, field: str = "models.model_ids") -> tuple[FactChange, ...]:
    return tuple(
        FactChange(day(number), field, before, after) for number, (before, after) in enumerate(pairwise(facts))
    )


@pytest.mark.parametrize("width", [120, 60])
def test_the_whole_of_it(width: int, snapshot: SnapshotAssertion) -> None:
    """Who got slower since when, what changed, what failed; within the line's width."""
    text = text_of(sixty_nights(), width=width)
    assert text == snapshot
    assert max(map(len, text.splitlines())) <= width


def test_colour_is_added_and_changes_no_word() -> None:
    """Whoever pipes it reads the same."""
    coloured = text_of(sixty_nights(), width=120, color=True)
    assert "\x1b[1mstaging\x1b[0m: " in coloured
    for code in ("1", "2", "33"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured.replace("\x1b[0m", "") == text_of(sixty_nights(), width=120)


def test_so_many_nights_that_they_are_wider_than_a_line_are_drawn_by_week() -> None:
    """With a blank for a week without a run, at which the line is not folded."""
    medians: list[float | None] = [*levels((28, 200), (7, 0), (28, 400), noise=0)]
    medians[28:35] = [None] * 7
    lines = text_of(past_of(*medians), width=60).splitlines()
    assert "    weeks    ▁▁▁▁ │████" in lines
    assert "    weekly   200 200 200 200 - │ 400 400 400 400 ms, from 2026-09-28" in "\n".join(lines).replace(
        "\n             ", " "
    )
    assert "    nights   " in text_of(past_of(*medians), width=120)


def test_few_nights_say_that_they_are_few() -> None:
    """So that nobody takes silence for steadiness."""
    assert "chat.latency  7.5 ms in the last of 2 nights; a change takes 12 to be told" in text_of(
        past_of(7, 7.5), width=120
    )
    assert "chat.latency  no change, 7.0 ms in the last of 12 nights" in text_of(past_of(*[7.0] * 12), width=120)


def test_nights_without_a_run_are_said() -> None:
    """An environment that was asked for and took no part in these nights is no reason for silence."""
    past = Past(days(2), (EnvironmentPast("staging", (NightOutcome.NO_RUN,) * 2),))
    assert text_of(past, width=80) == "staging: no run in these nights\n"


def test_a_long_list_is_cut_and_counted() -> None:
    """The line names the first members that went, and says how many more there are."""
    text = text_of(past_of(changes=changed(members(*"abcdefghij"), ())), width=120)
    assert "-a -b -c -d -e -f -g -h … and 2 more" in text


def test_of_a_fact_that_changes_every_night_those_of_late_are_told() -> None:
    """It would bury the others; a script gets them all."""
    past = past_of(changes=changed(*range(17)))
    lines = [line.strip() for line in text_of(past, width=120).splitlines()]
    assert lines[2:4] == [
        "2026-10-01  models.model_ids  4 changes up to this day",
        f"{day(4)}  models.model_ids  4 → 5",
    ]
    assert len(lines) == 2 + 1 + 12
    assert len(json.loads(document_of(past))["environments"][0]["changes"]) == 16
    thirteen = text_of(past_of(changes=changed(*range(14))), width=120)
    assert "up to this day" not in thirteen
    assert f"{day(0)}  models.model_ids  0 → 1" in thirteen


def test_json_has_numbers_as_numbers(snapshot: SnapshotAssertion) -> None:
    """And every night of a latency, each change with what it rests on."""
    past = sixty_nights()
    document = json.loads(document_of(replace(past, environments=past.environments[1:])))
    [staging] = document["environments"]
    assert len(staging["nights"]) == 45
    assert len(staging["latencies"][0]["nights"]) == 58
    del staging["nights"], staging["latencies"][0]["nights"]
    assert document == snapshot
    assert json.loads(document_of(Past((), ())))["since"] is None


def test_a_table_has_a_row_for_each_thing_that_happened(snapshot: SnapshotAssertion) -> None:
    """Facts, outages, changes of a latency and its nights, told apart by their kind."""
    rows = list(csv.DictReader(StringIO(csv_of(sixty_nights()))))
    assert sum(row["kind"] == "night" for row in rows) == 118
    assert [row for row in rows if row["kind"] != "night"] == snapshot


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_a_server_chose_steers_nothing(before: str, after: str) -> None:
    """No line of its own, no escape, and no formula in a spreadsheet."""
    past = past_of(changes=changed(Redacted(before), Redacted(after), members(before), members(after)))
    for text in (text_of(past, width=80), document_of(past), csv_of(past)):
        assert not [each for each in text if each != "\n" and (ord(each) < 32 or each in "\x7f\u202e\u2066")]
    for row in csv.reader(StringIO(csv_of(past))):
        assert not [value for value in row if value.startswith(("=", "+", "-", "@"))]
        assert len(row) == 10
    [one] = json.loads(document_of(past))["environments"]
    assert (one["changes"][0]["before"], one["changes"][0]["after"]) == (before, after)
