"""The comparison in a terminal."""

from __future__ import annotations

import re
import sys
from itertools import count
from typing import TYPE_CHECKING

import pytest
from evidences import TODAY, WHEN, chat, comparisons, evidence, models, timed
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import (
    alike,
    alone,
    cell,
    compared,
    dead,
    dead_baseline,
    duration,
    finding,
    four_environments,
    four_evidences,
    members,
    outcome,
    row,
    slower,
    summary,
)

from envcheck.compare import compare_runs
from envcheck.comparison import CellState, Comparison, FindingState, Note, Notice, OutcomeValue, Row, Verdict, Why
from envcheck.demo.sample import sample_evidence, sample_evidences
from envcheck.evidence import Check
from envcheck.model import Outcome
from envcheck.policy import Policy
from envcheck.probes.models import MAX_IDS
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.render.terminal.layout import width_of
from envcheck.render.terminal.table import render

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from envcheck.evidence import Evidence

_SGR = re.compile(r"\x1b\[[0-9;]*m")


def plain(comparison: Comparison, width: int = 100, *, only_differences: bool = False, show_all: bool = False) -> str:
    return render(
        comparison,
        four_evidences(),
        width=width,
        color=False,
        only_differences=only_differences,
        show_all=show_all,
        whole_in="comparison.json",
    )


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_run_of_four_environments(width: int, snapshot: SnapshotAssertion) -> None:
    """Side by side where that fits, else a row for each environment."""
    assert plain(four_environments(), width) == snapshot


def test_the_sample_run(snapshot: SnapshotAssertion) -> None:
    """What `envcheck run --sample` prints in a terminal of 80 columns."""
    evidences = sample_evidences()
    assert render(compared(*evidences), evidences, width=80, color=False, only_differences=False) == snapshot


def test_only_the_rows_that_differ(snapshot: SnapshotAssertion) -> None:
    """Rows that are the same everywhere, or mere noise, are left out."""
    assert plain(four_environments(), 120, only_differences=True) == snapshot


@pytest.mark.parametrize("width", [60, 120])
def test_every_member_is_shown_where_that_is_asked_for(width: int, snapshot: SnapshotAssertion) -> None:
    """And how likely chance alone is; nothing is cut, so nothing says where the rest is."""
    shown = plain(four_environments(), width, show_all=True)
    assert shown == snapshot
    assert "p = 0.008" in shown
    assert "more" not in shown
    assert "--show-all" not in shown


def test_a_cut_list_says_where_it_is_whole() -> None:
    """By the option that prints it, and the report that has it."""
    shown = " ".join(plain(four_environments(), 60).split())
    assert re.search(r"… and \d+ more", shown)
    assert "! lists are cut to fit: --show-all prints them whole, comparison.json has them" in shown
    without_reports = render(four_environments(), [], width=60, color=False, only_differences=False)
    assert "! lists are cut to fit: --show-all prints them whole\n" in without_reports
    assert "cut to fit" not in plain(alike(2))


def test_a_list_that_only_the_findings_have_is_told_as_cut_too() -> None:
    """What is gone since the earlier comparison stands in no row."""
    gone = (
        finding("models.removed", "region-1", "models.model_ids", name, state=FindingState.ABSENT)
        for name in (f"model-{number}" for number in range(90))
    )
    assert "cut to fit" in plain(alike(1).model_copy(update={"findings": tuple(gone)}))


def test_certainty_is_for_those_who_ask() -> None:
    """A p value in a table that everyone reads helps few."""
    assert not re.search(r"\bp [=<]", plain(four_environments(), 200))


def test_a_probe_in_which_nothing_differs_is_left_out() -> None:
    """When only differences are asked for, its outcome goes too."""
    rows = (
        row("models", "outcome", production=cell(outcome()), region_1=cell(outcome())),
        row("models", "model_ids", production=cell(members(1)), region_1=cell(members(1))),
        row("chat", "outcome", production=cell(outcome()), region_1=cell(outcome())),
        row("chat", "finish_reason", production=cell("stop"), region_1=cell("length", CellState.DIFFERS)),
        row("chat", "latency", production=cell(duration(9)), region_1=cell(duration(8), CellState.NOISY)),
    )
    shown = plain(alike(1).model_copy(update={"rows": rows}), only_differences=True).split("✗ network")[0]
    assert "≠ length" in shown
    assert not {"models", "outcome", "latency", "pass"} & set(shown.split())


def test_environments_that_are_the_same_are_left_out_of_rows_each() -> None:
    """When only differences are asked for; the baseline stays, for the others are held against it."""
    comparison = alike(9)
    finish = {**comparison.rows[1].cells, "region-4": cell("length", CellState.DIFFERS)}
    rows = (comparison.rows[0], Row(probe="chat", field="finish_reason", cells=finish))
    shown = plain(comparison.model_copy(update={"rows": rows}), 60, only_differences=True)
    assert "production" in shown
    assert "  ≠ chat.finish_reason stop → length" in shown
    assert not re.search(r"^region-[^4]", shown, re.MULTILINE)


def test_one_environment_is_a_list(snapshot: SnapshotAssertion) -> None:
    """Nothing to compare with: the facts below one another, and no baseline."""
    assert render(alone(), [sample_evidence()], width=80, color=False, only_differences=False) == snapshot


def test_one_environment_is_a_list_in_a_tiny_terminal_too() -> None:
    """With its values, where not even one column fits."""
    rows = (row("chat", "finish_reason", production=cell("a" * 30)),)
    shown = render(alone().model_copy(update={"rows": rows}), [], width=25, color=False, only_differences=False)
    assert "chat: finish_reason" in shown


def test_many_that_are_alike(snapshot: SnapshotAssertion) -> None:
    """Twenty environments without a difference read as twenty short rows."""
    assert render(alike(19), [], width=80, color=False, only_differences=False) == snapshot


def test_a_dead_baseline(snapshot: SnapshotAssertion) -> None:
    """What was found is shown, and that it proves nothing is said once for each probe."""
    assert (
        render(dead_baseline(), [dead(), sample_evidence()], width=80, color=False, only_differences=False) == snapshot
    )


def undecided_runs() -> tuple[list[Evidence], Comparison]:
    """Two environments of which more could be said with more samples, and one that is the same."""
    usual, slow = (240, 251, 244, 229, 262), (2400, 2510, 2440, 2290, 2620)
    evidences = [
        evidence("production", models("a"), chat(latency=timed(*usual)), samples=5),
        evidence("staging", models("a"), chat(latency=timed(*slow)), samples=5),
        evidence("eu", models("a"), chat(latency=timed(700, 200, 800, 210, 690)), samples=5),
        evidence("us", models("a"), chat(latency=timed(*usual)), samples=5),
    ]
    return evidences, compared(*evidences)


@pytest.mark.parametrize("width", [60, 120])
@pytest.mark.parametrize("only_differences", [False, True])
def test_what_is_undecided_is_shown_in_every_layout(
    width: int, snapshot: SnapshotAssertion, *, only_differences: bool
) -> None:
    """With its mark, its reason and its remedy, in the table, in the findings and in the verdict."""
    evidences, comparison = undecided_runs()
    shown = render(comparison, evidences, width=width, color=False, only_differences=only_differences)
    assert shown == snapshot
    words = " ".join(shown.split())
    assert "! undecided: too little to tell" in words
    assert "2 undecided: staging chat.latency (run again), eu chat.latency (use --samples 10)" in words
    assert "may be chance; use --samples 10)" in words
    assert re.search(r"undecided: +(may|slower)", words)


def test_runs_of_two_nights_show_both_values() -> None:
    """Each environment is held against itself, so no column has what was expected."""
    before = [evidence("staging", models("a", "b"), chat(finish="stop"))]
    after = [evidence("staging", models("a"), chat(finish="length"))]
    comparison = compare_runs(before, after, policy=Policy(), generated_at=WHEN, today=TODAY)
    for width in (30, 100):
        shown = " ".join(render(comparison, after, width=width, color=False, only_differences=False).split())
        assert "stop → length" in shown.split("Found")[0]
        assert "2 → 1 model (-1)" in shown.split("Found")[0]
        assert "staging differs from its earlier run." in shown


def test_a_row_each_tells_twins_once() -> None:
    """Ten regions that lack the same forty models are not ten lists."""
    names = [f"eu-{number}" for number in range(9)]
    fleet = [evidence("production", models("a", "b"), chat()), *(evidence(name, models("a"), chat()) for name in names)]
    shown = render(compared(*fleet), fleet, width=80, color=False, only_differences=False)
    table, _, found = shown.partition("Found")
    assert table.count("2 → 1 model (-1)") == 1
    assert table.count("  the same as eu-0") == 8
    assert found.count("models.removed") == 1
    assert all(name in found for name in names)


def test_a_row_each_says_what_is_accepted_and_what_varies() -> None:
    """In as few words as a difference."""
    rows = (
        row(
            "models",
            "model_ids",
            production=cell(members(1)),
            a=cell(members(2), CellState.ACCEPTED),
            b=cell(members(3), CellState.NOISY),
        ),
        row("chat", "a" * 40, production=cell("1"), a=cell("1"), b=cell("?", CellState.INCOMPARABLE)),
    )
    names = ("production", "a", "b", *(f"c{number}" for number in range(7)))
    filled = [
        each.model_copy(update={"cells": {name: each.cells.get(name, cell("1")) for name in names}}) for each in rows
    ]
    shown = plain(alike(9).model_copy(update={"environments": names, "rows": tuple(filled)}), 60)
    assert "≈ models.model_ids 1 → 2 models" in shown
    assert "~ models.model_ids 1 → 3 models" in shown
    assert "≈ 1 accepted" in shown
    assert "~ 1 noisy" in shown
    assert "? 1 not comparable" in shown


def test_a_row_each_tells_of_a_baseline_that_is_unreliable() -> None:
    """It is no candidate, and it failed all the same."""
    names = ("production", *(f"c{number}" for number in range(9)))
    cells = {name: cell(outcome()) for name in names}
    cells["production"] = cell(outcome(taken=15, timeout=5), CellState.DIFFERS)
    rows = (Row(probe="chat", field="outcome", cells=cells),)
    shown = plain(alike(9).model_copy(update={"environments": names, "rows": rows}), 60)
    assert "≠ chat.outcome pass, 5 of 15 failed: timeout" in shown


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
        "Verdict: 2 environments held against production: no difference found (exit 0).\n"
    )


def test_in_colour(snapshot: SnapshotAssertion) -> None:
    """What the colours say is said without them as well, in the same places."""
    for width in (60, 120):
        painted = render(
            four_environments(),
            four_evidences(),
            width=width,
            color=True,
            only_differences=False,
            whole_in="comparison.json",
        )
        assert painted == snapshot(name=str(width))
        lines = [line.rstrip() for line in _SGR.sub("", painted).split("\n")]
        assert lines == plain(four_environments(), width).split("\n")


def test_every_kind_of_difference_shows_without_colour() -> None:
    """A mark before the value, and a legend of the marks in use."""
    shown = plain(four_environments(), 200)
    for marked in (
        "≠ 604 ms",
        "+ 58 models",
        "≠ 13 models",
        "✗ network",
        "≈ gpt-4o-mini",
        "~ length, stop",
        "- missing",
    ):
        assert marked in shown
    assert "≠ differs" in shown
    assert "± half of the samples lie that near" in shown
    assert "? cannot be compared" not in shown


def test_findings_say_what_counts_and_since_when() -> None:
    """In parts, each with a heading, so that what nobody has to act on stands apart."""
    found = plain(four_environments(), 120).partition("Found, and")[2]
    counted, _, rest = found.partition("Found, not counted:")
    assert "probe.failed [still, since 2026-02-28 (5 runs)]: models network" in counted
    assert "chat.usage [new]: present → missing" in counted
    assert "models.added: gpt-5-preview" in rest.partition("Accepted")[0]
    assert "(staging answers with the alias)" in rest.partition("Accepted, so never counted:")[2]
    assert "-choices[].message.refusal" in rest.partition("Gone since the earlier comparison:")[2]


def test_members_that_no_list_names_are_counted() -> None:
    """In the table and in the findings, though there is nothing to list."""
    past_the_end = members(10, unnamed_removed=20)
    rows = (row("models", "model_ids", production=cell(members(30)), region_1=cell(past_the_end, CellState.REMOVED)),)
    found = finding("models.removed", "region-1", "models.model_ids", unnamed=20)
    shown = plain(alike(1).model_copy(update={"rows": rows, "findings": (found,)}))
    assert "- 10 models (-20)" in shown
    assert "models.removed: 20 that are not named\n" in shown


def listing(name: str, listed: int, total: int) -> Evidence:
    """An environment that lists so many models, and says that it has so many in all."""
    return evidence(name, models(*(f"model-{number:05}" for number in range(listed)), total=total))


def test_models_past_the_end_of_a_cut_list_are_counted() -> None:
    """Nothing names them, and they are missing all the same."""
    shown = plain(compared(listing("production", MAX_IDS, MAX_IDS + 30), listing("staging", MAX_IDS, MAX_IDS + 10)))
    assert "models.removed: 20 that are not named\n" in shown


def test_a_model_that_is_named_like_a_count_is_a_model() -> None:
    """No words of ours are read back."""
    evidences = evidence("production", models("a", "and 4096 more")), evidence("staging", models("a"))
    shown = render(compared(*evidences), evidences, width=100, color=False, only_differences=False)
    assert "- 1 model (-1)" in shown
    assert "-and 4096 more" in shown
    assert "models.removed: and 4096 more\n" in shown


def test_made_up_evidence_says_so() -> None:
    """Nobody should wake anybody for it."""
    assert "! made-up evidence: no gateway was asked" in plain(alike(1).model_copy(update={"made_up": True}))
    assert "made-up" not in plain(alike(1))


def test_certificates_that_were_not_checked_are_told() -> None:
    """With the names of those environments."""
    shown = render(alike(1), [dead(verify_tls=False)], width=100, color=False, only_differences=False)
    assert "! TLS certificates were not verified (verify_tls = false): vendor\n" in shown


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


def nasty_comparison(nasty: str) -> Comparison:
    listed = cell(members(1, removed=(nasty,)), CellState.REMOVED)
    failure = OutcomeValue(outcome=Outcome.FAIL, failure_class=FailureName("network"), detail=Redacted(nasty))
    return alike(1).model_copy(
        update={
            "rows": (
                row("models", "outcome", production=cell(outcome()), region_1=cell(failure, CellState.ERROR)),
                row("models", "model_ids", production=cell(members(1)), region_1=listed),
                row("chat", "finish", production=cell(nasty), region_1=cell(nasty, CellState.DIFFERS)),
            ),
            "findings": (
                finding("models.removed", "region-1", "models.model_ids", nasty),
                finding("chat.finish_reason", "region-1", "chat.finish_reason", nasty, "x", reason=nasty),
            ),
        }
    )


def test_control_characters_never_reach_the_terminal() -> None:
    """Whatever evidence holds, a line stays one line and steers nothing."""
    nasty = "a\x1b[2Jb\nc\u202ed\u2028e\ue000f"
    failing = (
        sample_evidence()
        .checks[0]
        .model_copy(
            update={
                "outcome": Outcome.FAIL,
                "failure_class": FailureName("auth"),
                "failure_detail": Redacted(nasty),
                "error_preview": Redacted(nasty),
            }
        )
    )
    evidences = [sample_evidence().model_copy(update={"checks": (failing,)})]
    for width in (60, 200):
        shown = render(nasty_comparison(nasty), evidences, width=width, color=False, only_differences=False)
        assert "\ufffd" in shown
        assert all(line.isprintable() for line in shown.split("\n"))


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.text("abc-模 |", max_size=120)
_names = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}", fullmatch=True)
_values = (
    st.none()
    | _texts
    | st.builds(
        lambda removed, added, total: members(total, removed=removed, added=added),
        st.lists(_texts, max_size=4),
        st.lists(_texts, max_size=4),
        st.none() | st.integers(0, 9000),
    )
    | st.builds(duration, st.floats(0, 90_000), st.none() | st.floats(0, 9_000), n=st.integers(1, 99))
    | st.builds(lambda detail: outcome("network", detail=detail), _texts)
)
_notes = st.lists(
    st.builds(Note, why=st.sampled_from(Why), number=st.integers(0, 9), word=st.just("chat.usage")), max_size=2
)


@st.composite
def _comparisons(draw: st.DrawFn) -> Comparison:
    names = tuple(
        draw(st.lists(_names.filter(lambda name: name.casefold() != "comparison"), min_size=1, max_size=6, unique=True))
    )
    cells = st.builds(
        lambda value, state, notes: cell(value, state, *notes), _values, st.sampled_from(CellState), _notes
    )
    rows = [
        Row(probe=probe, field=field, cells={name: draw(cells) for name in names})
        for probe, field in (("models", "model_ids"), ("chat", "outcome"), ("chat", "a" * 40), ("chat", "latency"))
    ]
    findings = [
        finding("models.removed", name, "models.model_ids", draw(_texts), draw(st.none() | _texts)) for name in names
    ]
    findings += [slower(note=note).model_copy(update={"environment": names[0]}) for note in draw(_notes)]
    return Comparison(
        generated_at=WHEN,
        baseline=names[0],
        environments=names,
        rows=tuple(rows),
        findings=tuple(findings),
        notices=tuple(Notice(environment=names[-1], note=note) for note in draw(_notes)),
        summary=summary(Verdict.DIFFERS, 3, err=1),
    )


@given(_comparisons(), st.integers(60, 220), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_line_is_wider_than_the_terminal(
    comparison: Comparison,
    width: int,
    only_differences: bool,  # noqa: FBT001 - drawn
    show_all: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever the names and values are."""
    evidences = [*sample_evidences(), dead(comparison.environments[0])]
    shown = render(
        comparison, evidences, width=width, color=False, only_differences=only_differences, show_all=show_all
    )
    assert max(width_of(line) for line in shown.split("\n")) <= width


@given(comparisons(), st.integers(60, 200))
@settings(max_examples=60, deadline=None)
def test_what_is_undecided_is_never_called_the_same(made: tuple[Comparison, list[Evidence]], width: int) -> None:
    """Whatever was compared: the cell's mark and the verdict say it in every width, without what does not differ."""
    comparison, evidences = made
    cells = [each for held in comparison.rows for each in held.cells.values()]
    is_undecided = any(each.state is CellState.UNDECIDED for each in cells)
    shown = render(comparison, evidences, width=width, color=False, only_differences=True)
    words = " ".join(shown.split())
    assert ("! undecided: too little to tell" in words) == is_undecided
    assert not is_undecided or re.search(r"Verdict: .*\d undecided(, counted with --fail-on-undecided)?: ", words)


def test_a_failure_that_may_be_the_keys_names_its_variable() -> None:
    """The first thing to look at is which key that is."""
    refused = Check(
        probe="models",
        request=Redacted("GET /models"),
        outcome=Outcome.FAIL,
        http_status=401,
        failure_class=FailureName("auth"),
    )
    failing = sample_evidence().model_copy(update={"checks": (refused,)})
    shown = render(alone(), [failing], width=100, color=False, only_differences=False)
    assert "production: GET /models, HTTP 401, key from PROD_API_KEY" in shown


@pytest.mark.parametrize("width", [1, 10, 30, 59])
def test_a_tiny_terminal_is_no_reason_to_break(width: int) -> None:
    """What is shown may be wider than it; the verdict is there all the same."""
    shown = plain(four_environments(), width)
    assert shown.replace("\n", "").replace(" ", "").endswith("(exit4).")


def test_what_an_environment_takes_to_show_does_not_grow_with_the_others() -> None:
    """Counted in calls, for a clock would count what else the machine does: a thousand take ten times a hundred."""
    missing = tuple(f"model-{index}" for index in range(200))

    def calls_for(number: int) -> int:
        same = alike(number)
        lacking = cell(members(5000, removed=missing, unnamed_removed=1800), CellState.REMOVED)
        rows = (*same.rows, Row(probe="models", field="usage", cells=dict.fromkeys(same.environments, lacking)))
        comparison = same.model_copy(update={"rows": rows})
        calls = count()
        sys.setprofile(lambda _frame, event, _argument: next(calls) if event == "call" else None)
        try:
            shown = plain(comparison, 120)
        finally:
            sys.setprofile(None)
        assert shown.count("the same as region-1\n") == number - 1
        return next(calls)

    assert calls_for(200) < 2.5 * calls_for(100)
