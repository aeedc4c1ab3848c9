"""The Markdown page of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidences import chat, comparisons, evidence, models, timed
from hypothesis import given, settings
from markdown_pages import NASTY, assert_harmless, nasty_texts, tables
from render_samples import (
    SETTINGS,
    alike,
    cell,
    compared,
    finding,
    fleet,
    four_environments,
    four_evidences,
    members,
    outcome,
    row,
    summary,
)

from envcheck.comparison import (
    AcceptNotice,
    CellState,
    Comparison,
    FindingState,
    HeldAgainst,
    Note,
    Notice,
    Verdict,
    Why,
)
from envcheck.demo.sample import sample_evidence
from envcheck.evidence import Check, Evidence
from envcheck.model import Outcome
from envcheck.record import FailureName
from envcheck.redact import Redacted
from envcheck.render.markdown.comparison_page import page_of

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


def comparison_of(text: str) -> Comparison:
    """One in which a server has its word everywhere."""
    listed = members(1, removed=(text,), added=(text,), varying=(text,))
    failed = outcome("network", detail=text)
    found = finding("models.removed", "region-1", "models.model_ids", text, state=FindingState.NEW)
    return alike(1).model_copy(
        update={
            "rows": (
                row("models", "outcome", production=cell(outcome()), region_1=cell(failed, CellState.ERROR)),
                row("models", "model_ids", production=cell(members(2)), region_1=cell(listed, CellState.REMOVED)),
                row("chat", "finish_reason", production=cell(text), region_1=cell(text, CellState.DIFFERS)),
            ),
            "findings": (
                found,
                finding("models.added", "region-1", "models.model_ids", None, text),
                finding("chat.finish_reason", "region-1", "chat.finish_reason", text, f"{text}x"),
                finding("chat.usage", "region-1", "chat.usage", text, text, state=FindingState.ACCEPTED, reason=text),
            ),
            "accept_notices": (
                AcceptNotice(
                    rule="chat.usage",
                    environment="region-1",
                    value=Redacted(text),
                    reason=Redacted(text),
                    problem="unused",
                    position=1,
                ),
            ),
        }
    )


def failing(text: str) -> Evidence:
    safe = Redacted(text)
    check = Check(
        probe="chat",
        request=safe,
        outcome=Outcome.FAIL,
        failure_class=FailureName("auth"),
        failure_detail=safe,
        error_preview=safe,
    )
    return sample_evidence().model_copy(update={"checks": (check,)})


def test_the_page_of_a_run(snapshot: SnapshotAssertion) -> None:
    """The verdict first, then the table, what failed, the findings, what was accepted and what it was judged by."""
    assert page_of(four_environments(), four_evidences()) == snapshot


def test_many_environments_have_a_row_each(snapshot: SnapshotAssertion) -> None:
    """Thirty columns are no table; what was expected stands beside what is there."""
    evidences = fleet(12)
    report = page_of(compared(*evidences), evidences)
    assert report == snapshot
    assert len(tables(report)[0]) == 13


def test_what_is_undecided_has_a_part_of_its_own() -> None:
    """With its remedy; and the page does not begin with a tick."""
    usual = (240, 251, 244, 229, 262)
    evidences = [
        evidence("production", models("a"), chat(latency=timed(*usual)), samples=5),
        evidence("staging", models("a"), chat(latency=timed(*(10 * each for each in usual))), samples=5),
    ]
    report = page_of(compared(*evidences), evidences)
    assert (
        "⚠️ **Same, as far as it was decided**: 1 environment held against `production`: no difference found; " in report
    )
    assert "1 undecided: `staging` `chat.latency` (run again) (exit 0)." in report
    found = report.partition("## Undecided")[2]
    assert "`chat` 10× slower: 244 ms → 2440 ms (n=5, slower, but sampled once only; run again)" in found
    assert "p = 0.0" in found
    (cells,) = (cells for cells in tables(report)[0] if cells[:2] == ["chat", "latency"])
    assert cells[3] == "! 2440 ms ±55 (n=5): undecided: slower, but sampled once only; run again"


def test_a_run_against_an_earlier_one_says_so() -> None:
    """There is no baseline environment to name."""
    comparison = alike(2).model_copy(
        update={
            "baseline": None,
            "held_against": HeldAgainst.ITSELF_EARLIER,
            "findings": (finding("models.removed", "production", "models.model_ids", "o3"),),
            "summary": summary(Verdict.DIFFERS, 3, err=1),
        }
    )
    assert "`production` differs from its earlier run. 1 error (exit 3)." in page_of(comparison, [])


def test_a_long_list_of_findings_is_cut_with_a_count() -> None:
    """The JSON report has them all; a page that nobody can scroll helps nobody."""
    findings = tuple(
        finding("models.removed", "region-1", "models.model_ids", f"model-{number}") for number in range(199)
    )
    more = finding("models.removed", "region-1", "models.model_ids", unnamed=1801)
    report = page_of(alike(1).model_copy(update={"findings": (*findings, more)}), [])
    assert "`model-39` … and 1,960 more" in report
    assert "`model-40`" not in report
    assert "Lists are cut; `comparison.json` has them whole." in report


def test_of_very_many_findings_there_are_fewer_of_a_kind() -> None:
    """A forge takes no page of a megabyte."""
    findings = tuple(
        finding("models.removed", f"region-{number}", "models.model_ids", f"model-{number}-{each}")
        for number in range(200)
        for each in range(50)
    )
    report = page_of(alike(200).model_copy(update={"findings": findings}), [])
    assert report.count("`model-") == 1000


def test_only_unnamed_members_are_told_too() -> None:
    """There is nothing to list."""
    found = finding("models.removed", "region-1", "models.model_ids", unnamed=20)
    report = page_of(alike(1).model_copy(update={"findings": (found,)}), [])
    assert "| 20 that are not named |" in report
    assert "… and" not in report


def test_it_says_what_it_was_judged_by() -> None:
    """So that nobody has to look for the file it was made with."""
    chosen = SETTINGS.model_copy(update={"confirm_over_s": 0, "severity": {"models.added": "none"}})
    judged = page_of(alike(1).model_copy(update={"settings": chosen}), []).partition("## Judged by")[2]
    assert "more than 1.25× as long, and 50 ms longer" in judged
    assert "Slow is sampled once" in judged
    assert "- `models.added` is `none`" in judged
    assert "- Counted from `warn` on" in judged
    assert "## Judged by" not in page_of(alike(1), [])


def test_a_failure_that_may_be_the_keys_names_its_variable() -> None:
    """The first thing to look at is which key that is."""
    assert "key from `PROD_API_KEY`" in page_of(alike(1), [failing("x")])


def test_made_up_evidence_says_so() -> None:
    """Before anything that it tells."""
    assert "⚠️ **Made-up evidence**" in page_of(alike(1).model_copy(update={"made_up": True}), [])
    assert "Made-up" not in page_of(alike(1), [])


def test_a_word_of_a_record_is_harmless_too() -> None:
    """A saved comparison may have been edited: a rule's name is code, as a server's words are."""
    odd = finding("www.evil.example", "region-1", "www.evil.example", state=FindingState.ABSENT)
    row_of_it = Note(why=Why.SWITCHED_OFF, word="www.evil.example")
    comparison = alike(1).model_copy(
        update={"findings": (odd,), "notices": (Notice(environment="region-1", note=row_of_it),)}
    )
    report = page_of(comparison, [])
    assert "`www.evil.example`" in report
    assert_harmless(report)


def test_what_is_nasty_shows_as_it_is_and_does_nothing() -> None:
    """One after the other, for a shape that random text rarely has."""
    for text in NASTY:
        report = page_of(comparison_of(text), [failing(text)])
        assert_harmless(report)
        shown = " ".join(text.split())
        counted = tables(report)[2]
        assert counted[1][4] == shown
        assert counted[2][4] == shown
        assert counted[3][4] == f"{shown} → {shown}x"


@given(nasty_texts)
@settings(max_examples=40, deadline=None)
def test_tables_keep_their_columns_and_rows_whatever_a_server_says(text: str) -> None:
    """No string of a server's adds a cell, a row, a heading, a link or an element."""
    page = page_of(comparison_of(text), [failing(text)])
    assert_harmless(page)
    side_by_side, failed, counted, accepted = tables(page)
    assert [len(cells) for cells in side_by_side] == [4, 4, 4, 4]
    assert [len(cells) for cells in failed] == [5, 5]
    assert [len(cells) for cells in counted] == [7, 7, 7, 7]
    assert [len(cells) for cells in accepted] == [7, 7]


@given(nasty_texts)
@settings(max_examples=40, deadline=None)
def test_a_row_for_each_keeps_its_columns_whatever_a_server_says(text: str) -> None:
    """The same where the environments are many."""
    few = comparison_of(text)
    names = [f"region-{number}" for number in range(2, 9)]
    rows = tuple(
        each.model_copy(update={"cells": {**each.cells, **dict.fromkeys(names, each.cells["region-1"])}})
        for each in few.rows
    )
    many = few.model_copy(update={"environments": ("production", "region-1", *names), "rows": rows})
    page = page_of(many, [])
    assert_harmless(page)
    assert [len(cells) for cells in tables(page)[0]] == [4] * 10


@given(nasty_texts)
@settings(max_examples=80, deadline=None)
def test_a_servers_text_reads_as_it_was(text: str) -> None:
    """Apart from runs of blanks, and from what cannot be printed."""
    report = page_of(comparison_of(text), [])
    shown = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())
    assert " ".join(tables(report)[1][1][4].split()) == shown


@given(comparisons())
@settings(max_examples=40, deadline=None)
def test_everything_that_is_undecided_stands_on_the_page(made: tuple[Comparison, list[Evidence]]) -> None:
    """In the table, and in the verdict."""
    comparison, evidences = made
    cells = [each for held in comparison.rows for each in held.cells.values()]
    is_undecided = any(each.state is CellState.UNDECIDED for each in cells)
    report = page_of(comparison, evidences)
    assert ("! undecided: too little to tell" in report) == is_undecided
    verdict = report.split("\n\n")[1].replace(", counted with --fail-on-undecided", "")
    assert not is_undecided or " undecided: " in verdict
