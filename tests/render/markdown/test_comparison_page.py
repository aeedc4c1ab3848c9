"""The Markdown reports, read back by a Markdown parser as the forges would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from render_samples import alike, cell, dead, finding, four_environments, four_evidences, row, summary

from envcheck.comparison import CellState, FindingState, HeldAgainst, Notice, Verdict
from envcheck.demo.sample import sample_evidences
from envcheck.evidence import Check, FailureName
from envcheck.model import Outcome
from envcheck.redact import Redacted
from envcheck.render import RENDERERS
from envcheck.render.markdown.markup import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token
    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

MARKDOWN = RENDERERS["markdown"]
OUR_HTML = re.compile(r"(<details>|</details>|<summary>[a-z_]+: \d+</summary>|<br>|\n)*")
NASTY = (
    "a|b",
    "| --- | --- |",
    "`",
    "`` ` ``",
    "\\",
    "\\|",
    "\\`x\\`",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "</details>",
    "[a](http://evil.example)",
    "![a](//evil.example/x.png)",
    "[^1]",
    "http://evil.example",
    "www.evil.example",
    "a@b.example",
    "@everyone",
    "#12",
    "!12",
    "~12",
    "$1",
    "%3",
    ":bomb:",
    "**b**",
    "_i_",
    "~~s~~",
    "# h",
    "- item",
    "1. item",
    "> quote",
    "---",
    "&lt;&#124;&amp;",
    "$`x`$",
    "[[_TOC_]]",
    "a\n\n# b",
    "deadbeef",
    "GH-1",
)

parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(report: str) -> Iterator[Token]:
    for token in parser.parse(report):
        yield token
        yield from token.children or ()


def tables(report: str) -> list[list[list[str]]]:
    """Every table's rows of cells, as text."""
    found: list[list[list[str]]] = []
    inside = False
    for token in parser.parse(report):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("th_open", "td_open"):
            inside = True
        elif token.type == "inline" and inside:
            found[-1][-1].append(text_of(token))
            inside = False
    return found


def text_of(inline: Token) -> str:
    return "".join(token.content for token in inline.children or () if token.type in ("text", "code_inline"))


def assert_harmless(report: str) -> None:
    for token in tokens(report):
        assert token.type not in ("link_open", "image", "fence", "code_block", "s_open", "em_open", "hr")
        if token.type in ("html_block", "html_inline"):
            assert OUR_HTML.fullmatch(token.content)
    outside_code = (token.content for token in tokens(report) if token.type == "text")
    # What GitHub and GitLab turn into links after parsing, wherever it is not code.
    assert not re.search(r"://|www\.|@|#\d|:[a-z+]\w*:|\b[0-9a-f]{7,40}\b", "\n".join(outside_code))


def comparison_of(text: str) -> Comparison:
    removed = cell(text, CellState.REMOVED, f"-{text}", text)
    return alike(1).model_copy(
        update={
            "rows": (row("models", "model_ids", production=cell(text), region_1=removed),),
            "findings": (
                finding("models.removed", "region-1", "models.model_ids", text, None),
                finding("models.added", "region-1", "models.model_ids", None, text),
                finding("chat.usage", "region-1", "chat.usage", text, text, state=FindingState.ACCEPTED, reason=text),
            ),
            "notices": (Notice(environment=None, text=Redacted(text)),),
        }
    )


def evidence_of(text: str) -> Evidence:
    safe = Redacted(text)
    production = sample_evidences()[0]
    models = production.checks[0]
    ids = tuple(Redacted(f"{text}{number}") for number in range(12))
    listing = models.model_copy(
        update={
            "facts": models.facts.model_copy(update={"model_ids": ids, "sample_model_ids": (safe,)}),
            "varying": {"model_ids": (safe,)},
        }
    )
    failed = Check(
        probe="chat",
        request=safe,
        outcome=Outcome.FAIL,
        failure_class=FailureName("auth"),
        failure_detail=safe,
        error_preview=safe,
    )
    target = production.target.model_copy(update={"base_url": safe, "selected_model": safe})
    return production.model_copy(update={"target": target, "checks": (listing, failed)})


def test_the_page_of_a_run(snapshot: SnapshotAssertion) -> None:
    """The verdict first, then the table, what failed, the findings and what was accepted."""
    assert MARKDOWN.comparison(four_environments(), four_evidences()) == snapshot


def test_the_page_of_an_environment_that_passed(snapshot: SnapshotAssertion) -> None:
    """Status, facts, checks, what was found and what was left out."""
    assert MARKDOWN.evidence(sample_evidences()[0]) == snapshot


def test_the_page_of_an_environment_that_failed(snapshot: SnapshotAssertion) -> None:
    """Also the class in a sentence, the first thing to check, and what the gateway said."""
    assert MARKDOWN.evidence(sample_evidences()[2]) == snapshot


def test_the_page_of_a_dead_environment_says_that_tls_was_not_verified(snapshot: SnapshotAssertion) -> None:
    """Before anything that such a connection can have told."""
    assert MARKDOWN.evidence(dead()) == snapshot


def test_many_environments_have_a_row_each(snapshot: SnapshotAssertion) -> None:
    """Thirty columns are no table."""
    report = MARKDOWN.comparison(alike(9), [])
    assert report == snapshot
    (table,) = tables(report)
    assert len(table) == 11


def test_samples_that_varied_or_failed_are_told() -> None:
    """A gateway that is well most of the time is not the same as one that is well."""
    production = sample_evidences()[0]
    chat = production.checks[1].model_copy(
        update={
            "facts": production.checks[1].facts.model_copy(update={"model_answered": None}),
            "varying": {"finish_reason": (Redacted("length"), Redacted("stop"))},
            "failed_samples": {FailureName("timeout"): 2},
            "latency": production.checks[1].latency.model_copy(update={"retried": 1, "voided": 3}),
        }
    )
    report = MARKDOWN.evidence(production.model_copy(update={"checks": (chat,)}))
    assert "- `finish_reason`: `length`, `stop`" in report
    assert "- `timeout`: 2 samples" in report
    assert "1 sent twice, 3 void" in report
    assert ["model_answered", NOTHING] in tables(report)[1]


def test_a_run_against_an_earlier_one_says_so() -> None:
    """There is no baseline environment to name."""
    comparison = alike(2).model_copy(
        update={
            "baseline": None,
            "held_against": HeldAgainst.ITSELF_EARLIER,
            "findings": (finding("models.removed", "production", "models.model_ids", "o3", None),),
            "summary": summary(Verdict.DIFFERS, 3, err=1),
        }
    )
    assert "1 of 3 environments differs from its earlier run: 1 err (exit 3)." in MARKDOWN.comparison(comparison, [])


def test_a_long_list_of_findings_is_cut_with_a_count() -> None:
    """The JSON report has them all; a page that nobody can scroll helps nobody."""
    findings = tuple(
        finding("models.removed", "region-1", "models.model_ids", f"model-{number}", None) for number in range(2000)
    )
    report = MARKDOWN.comparison(alike(1).model_copy(update={"findings": findings}), [])
    assert report.count("models.removed") == 21
    assert "… and 1980 more" in report


def test_what_is_nasty_shows_as_it_is_and_does_nothing() -> None:
    """One after the other, for a shape that random text rarely has."""
    for text in NASTY:
        pages = MARKDOWN.comparison(comparison_of(text), [evidence_of(text)]), MARKDOWN.evidence(evidence_of(text))
        for page in pages:
            assert_harmless(page)
        shown = " ".join(text.split())
        findings = tables(pages[0])[2]
        assert findings[1][4] == shown
        assert findings[2][5] == shown


_pieces = st.sampled_from([*NASTY, " ", "x", "-", "gpt-4o"])
_nasty = st.lists(_pieces, max_size=6).map("".join) | st.text(max_size=40)


@given(_nasty)
@settings(max_examples=40, deadline=None)
def test_tables_keep_their_columns_and_rows_whatever_a_server_says(text: str) -> None:
    """No string of a server's adds a cell, a row, a heading, a link or an element."""
    page = MARKDOWN.comparison(comparison_of(text), [evidence_of(text)])
    assert_harmless(page)
    side_by_side, failed, findings, accepted = tables(page)
    assert [len(cells) for cells in side_by_side] == [4, 4]
    assert [len(cells) for cells in failed] == [5, 5]
    assert [len(cells) for cells in findings] == [9, 9, 9]
    assert [len(cells) for cells in accepted] == [6, 6]

    page = MARKDOWN.evidence(evidence_of(text))
    assert_harmless(page)
    checks, facts, latency = tables(page)
    assert [len(cells) for cells in checks] == [6, 6, 6]
    assert {len(cells) for cells in facts} == {2}
    assert {len(cells) for cells in latency} == {10}
    headings = [token.content for token in tokens(page) if token.type == "inline" and token.level == 1]
    assert headings[0] == "envcheck: `production`"


@given(_nasty)
@settings(max_examples=80, deadline=None)
def test_a_servers_text_reads_as_it_was(text: str) -> None:
    """Apart from runs of blanks, and from what cannot be printed."""
    report = MARKDOWN.comparison(comparison_of(text), [])
    shown = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())
    findings = tables(report)[1]
    assert " ".join(findings[1][4].split()) == shown
