"""The comparison in a terminal."""

from __future__ import annotations

import re
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import (
    WHEN,
    alike,
    alone,
    cell,
    dead,
    dead_baseline,
    finding,
    four_environments,
    four_evidences,
    row,
    summary,
)

from envcheck.comparison import CellState, Comparison, Row, Verdict
from envcheck.demo.sample import sample_evidence, sample_evidences
from envcheck.evidence import Check, FailureName
from envcheck.model import Outcome
from envcheck.redact import Redacted
from envcheck.render import RENDERERS
from envcheck.render.terminal.layout import width_of
from envcheck.render.terminal.table import render

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

_SGR = re.compile(r"\x1b\[[0-9;]*m")


def plain(comparison: Comparison, width: int = 100, *, only_differences: bool = False) -> str:
    return render(comparison, four_evidences(), width=width, color=False, only_differences=only_differences)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_run_of_four_environments(width: int, snapshot: SnapshotAssertion) -> None:
    """Side by side where that fits, else a row for each environment."""
    assert plain(four_environments(), width) == snapshot


def test_only_the_rows_that_differ(snapshot: SnapshotAssertion) -> None:
    """Rows that are the same everywhere, or mere noise, are left out."""
    assert plain(four_environments(), 120, only_differences=True) == snapshot


def test_a_probe_in_which_nothing_differs_is_left_out() -> None:
    """When only differences are asked for, its outcome goes too."""
    rows = (
        row("models", "outcome", production=cell("pass"), region_1=cell("pass")),
        row("models", "model_ids", production=cell("1 model"), region_1=cell("1 model")),
        row("chat", "outcome", production=cell("pass"), region_1=cell("pass")),
        row("chat", "finish_reason", production=cell("stop"), region_1=cell("length", CellState.DIFFERS)),
        row("chat", "latency", production=cell("~9 ms (n=1)"), region_1=cell("~8 ms (n=1)", CellState.NOISY)),
    )
    shown = plain(alike(1).model_copy(update={"rows": rows}), only_differences=True)
    assert "≠ length" in shown
    assert not {"models", "outcome", "latency", "pass"} & set(shown.split("Verdict")[0].split("✗")[0].split())


def test_one_environment_is_a_list(snapshot: SnapshotAssertion) -> None:
    """Nothing to compare with: the facts below one another, and no baseline."""
    assert render(alone(), [sample_evidence()], width=80, color=False, only_differences=False) == snapshot


def test_many_that_are_alike(snapshot: SnapshotAssertion) -> None:
    """Twenty environments without a difference read as twenty short rows."""
    assert render(alike(19), [], width=80, color=False, only_differences=False) == snapshot


def test_a_dead_baseline(snapshot: SnapshotAssertion) -> None:
    """What was found is shown, and that it proves nothing is said once for each probe."""
    assert (
        render(dead_baseline(), [dead(), sample_evidence()], width=80, color=False, only_differences=False) == snapshot
    )


def test_one_row_each_says_what_is_accepted_and_what_varies() -> None:
    """In as few words as a difference."""
    rows = (
        row("models", "model_ids", production=cell("1"), a=cell("2", CellState.ACCEPTED), b=cell("3", CellState.NOISY)),
        row("chat", "a" * 40, production=cell("1"), a=cell("1"), b=cell("?", CellState.INCOMPARABLE)),
    )
    names = ("production", "a", "b", *(f"c{number}" for number in range(7)))
    filled = [
        each.model_copy(update={"cells": {name: each.cells.get(name, cell("1")) for name in names}}) for each in rows
    ]
    shown = plain(alike(9).model_copy(update={"environments": names, "rows": tuple(filled)}), 60)
    assert "≈ models.model_ids 2" in shown
    assert "~ models.model_ids 3" in shown
    assert "≈ 1" in shown
    assert "~ 1" in shown


def test_what_nobody_has_a_value_of_is_left_out() -> None:
    """As whether a candidate points at its baseline, where none does."""
    rows = (
        row("target", "endpoint", production=cell(None), region_1=cell(None)),
        row("target", "key", production=cell(None), region_1=cell("the baseline's", CellState.DIFFERS)),
    )
    shown = plain(alike(1).model_copy(update={"rows": rows}))
    assert "≠ the baseline's" in shown
    assert "endpoint" not in shown


def test_no_table_where_nothing_differs() -> None:
    """Asked for differences only, a run without one is its verdict alone."""
    assert render(alike(2), [], width=80, color=False, only_differences=True) == (
        "Verdict: 3 environments, no difference from production (exit 0).\n"
    )


def test_colour_adds_nothing_but_colour() -> None:
    """What the colours say is said without them as well, in the same places."""
    painted = render(four_environments(), four_evidences(), width=120, color=True, only_differences=False)
    assert "\x1b[" in painted
    lines = [line.rstrip() for line in _SGR.sub("", painted).split("\n")]
    assert lines == plain(four_environments(), 120).split("\n")


def test_every_kind_of_difference_shows_without_colour() -> None:
    """A mark before the value, and a legend of the marks in use."""
    shown = plain(four_environments(), 200)
    for marked in ("≠ 604 ms", "+ 58 models", "- 13 models", "✗ network", "≈ gpt-4o-mini", "~ length, stop"):
        assert marked in shown
    assert "≠ differs" in shown
    assert "? cannot be compared" not in shown


def test_wide_characters_keep_the_columns_straight() -> None:
    """A character that takes two columns of the terminal counts for two."""
    comparison = alike(1).model_copy(
        update={
            "rows": (
                row("models", "first", production=cell("模型一号"), region_1=cell("x")),
                row("models", "other", production=cell("model-1"), region_1=cell("x")),
                row("models", "third", production=cell("mode\u0301l"), region_1=cell("x")),
            )
        }
    )
    lines = [line for line in plain(comparison).split("\n") if line.endswith(" x")]
    assert len(lines) == 3
    assert len({width_of(line) for line in lines}) == 1


def test_control_characters_never_reach_the_terminal() -> None:
    """Whatever evidence holds, a line stays one line and steers nothing."""
    nasty = "a\x1b[2Jb\nc\u202ed\u2028e\ue000f"
    comparison = alike(1).model_copy(
        update={
            "rows": (row("models", "first", production=cell(nasty), region_1=cell(nasty, CellState.DIFFERS, nasty)),),
            "findings": (finding("models.removed", "region-1", "models.model_ids", nasty, None),),
        }
    )
    for width in (60, 200):
        shown = plain(comparison, width)
        assert all(line.isprintable() for line in shown.split("\n"))


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.text("abc-模 |", max_size=120)
_names = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}", fullmatch=True)


@st.composite
def _comparisons(draw: st.DrawFn) -> Comparison:
    names = tuple(draw(st.lists(_names, min_size=1, max_size=6, unique=True)))
    cells = st.builds(
        lambda value, state, detail: cell(value, state, *detail),
        st.none() | _texts,
        st.sampled_from(CellState),
        st.lists(_texts, max_size=4),
    )
    rows = [
        Row(probe=probe, field=field, cells={name: draw(cells) for name in names})
        for probe, field in (("models", "model_ids"), ("chat", "a" * 40), ("chat", "latency"))
    ]
    findings = [
        finding("models.removed", name, "models.model_ids", draw(_texts), draw(st.none() | _texts)) for name in names
    ]
    return Comparison(
        generated_at=WHEN,
        baseline=names[0],
        environments=names,
        rows=tuple(rows),
        findings=tuple(findings),
        summary=summary(Verdict.DIFFERS, 3, err=1),
    )


@given(_comparisons(), st.integers(60, 220), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_line_is_wider_than_the_terminal(comparison: Comparison, width: int, only_differences: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever the names and values are."""
    evidences = [*sample_evidences(), dead(comparison.environments[0])]
    shown = render(comparison, evidences, width=width, color=False, only_differences=only_differences)
    assert max(width_of(line) for line in shown.split("\n")) <= width


def test_a_failure_that_may_be_the_keys_names_its_variable() -> None:
    """The first thing to look at is which key that is."""
    refused = Check(
        probe="models",
        request=Redacted("GET /models"),
        outcome=Outcome.FAIL,
        http_status=401,
        failure_class=FailureName("auth"),
    )
    evidence = sample_evidence().model_copy(update={"checks": (refused,)})
    shown = render(alone(), [evidence], width=100, color=False, only_differences=False)
    assert "production: GET /models, HTTP 401, key from PROD_API_KEY" in shown
    assert "key from `PROD_API_KEY`" in RENDERERS["markdown"].comparison(alone(), [evidence])


@pytest.mark.parametrize("width", [1, 10, 30, 59])
def test_a_tiny_terminal_is_no_reason_to_break(width: int) -> None:
    """What is shown may be wider than it; the verdict is there all the same."""
    shown = plain(four_environments(), width)
    assert shown.replace("\n", "").replace(" ", "").endswith("(exit4).")


@pytest.mark.clock
def test_two_hundred_environments_take_no_time_to_speak_of() -> None:
    """Each lists 5,000 models and lacks 2,000 of the baseline's: the work is in what is shown."""
    missing = tuple(f"-model-{index}" for index in range(2000))
    same = alike(199)
    rows = (
        Row(
            probe="models",
            field="model_ids",
            cells={name: cell("5000", CellState.REMOVED, *missing) for name in same.environments},
        ),
    )
    started = perf_counter()
    shown = plain(same.model_copy(update={"rows": rows}), 120)
    assert perf_counter() - started < 5
    assert len(re.findall(r"… and 19\d\d more", " ".join(shown.split()))) == 199
