"""Table, Markdown, JSON and exit code are read from one list of findings, so they say the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from evidences import comparisons
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.comparison import Result
from envcheck.probes import rules
from envcheck.render import FORMATS
from envcheck.render.terminal import table

if TYPE_CHECKING:
    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence

pytestmark = pytest.mark.thorough

_RULE = re.compile(r"\b(?:" + "|".join(map(re.escape, rules())) + r")\b")


def _report(form: str, comparison: Comparison, records: list[Evidence]) -> str:
    files = dict(FORMATS[form].files(Result(records, comparison)))
    (name,) = (name for name in files if name.startswith("comparison."))
    return files[name]


@settings(max_examples=25, deadline=None)
@given(made=comparisons(), width=st.integers(60, 200), only_differences=st.booleans())
def test_every_format_tells_the_same(
    *, made: tuple[Comparison, list[Evidence]], width: int, only_differences: bool
) -> None:
    """The exit code, the verdict, every rule that found something, and no other rule."""
    comparison, records = made
    summary = comparison.summary
    shown = table.render(comparison, records, width=width, color=False, only_differences=only_differences)
    markdown = _report("markdown", comparison, records)
    saved = json.loads(_report("json", comparison, records))

    assert saved["summary"]["exit_code"] == summary.exit_code
    assert " ".join(shown.split()).endswith(f"(exit {summary.exit_code}).")
    assert f"(exit {summary.exit_code})" in markdown

    assert saved["summary"]["verdict"] == summary.verdict
    assert [each["fingerprint"] for each in saved["findings"]] == [each.fingerprint for each in comparison.findings]

    rules = {finding.rule for finding in comparison.findings}
    notes = (note for row in comparison.rows for cell in row.cells.values() for note in cell.notes)
    switched_off = {note.word for note in notes}
    entries = {notice.rule for notice in comparison.accept_notices}
    # Some rules are named like their field, and a finding of an expectation names the one that it is about.
    fields = {*(f"{row.probe}.{row.field}" for row in comparison.rows), *(each.field for each in comparison.findings)}
    chosen = set(comparison.settings.severity) if comparison.settings else set()
    for text, told_apart in ((shown, set[str]()), (markdown, chosen)):
        assert rules <= set(_RULE.findall(text)) <= rules | switched_off | entries | fields | told_apart


@settings(max_examples=25, deadline=None)
@given(comparisons())
def test_every_finding_has_a_line_in_markdown(made: tuple[Comparison, list[Evidence]]) -> None:
    """As many lines as findings, each with the severity, the environment and the field of its finding."""
    comparison, records = made
    markdown = _report("markdown", comparison, records)
    lines = [line for line in markdown.splitlines() if line.startswith("|") and _RULE.search(line)]
    for finding in comparison.findings:
        words = (finding.rule, finding.environment, finding.field)
        assert any(all(word in line for word in words) for line in lines), finding
