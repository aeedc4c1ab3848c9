"""The Markdown page of a run: the verdict, the table, what failed, the findings."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from envcheck.render.advice import advice_for
from envcheck.render.digest import failures, grouped, key_to_blame, number_of, told, unverified
from envcheck.render.escape import for_markdown, for_markdown_cell
from envcheck.render.markdown import comparison_table
from envcheck.render.markdown.markup import NOTHING, bullets, code_list, page, table
from envcheck.render.marks import legend
from envcheck.render.verdict import verdict
from envcheck.render.words import (
    accept_notice_in_words,
    milliseconds,
    notice_in_words,
    probability,
    times,
    value_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison, Finding, Notice, Scalar
    from envcheck.evidence import Check, Evidence

_STATUS: Final = {"same": "✅ **Same**", "differs": "❌ **Differs**", "failed": "❌ **Failed**"}
_INCONCLUSIVE: Final = "⚠️ **Inconclusive**"
_MOST_OF_A_KIND: Final = 20
_MOST_FINDINGS: Final = 500
"""Beyond about this many, there are fewer of a kind. The JSON report has them all."""
_FINDING_HEADERS: Final = ("severity", "rule", "environment", "field", "expected", "actual", "n", "p", "state")


def page_of(comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    """Give the page from the verdict down to the notices."""
    return page(_blocks(comparison, evidences))


def _blocks(comparison: Comparison, evidences: Sequence[Evidence]) -> Iterator[str]:
    yield "# envcheck: comparison"
    status = _STATUS.get(comparison.summary.verdict, _INCONCLUSIVE)
    yield f"{status}: {verdict(comparison, evidences, named=for_markdown)}"
    names = unverified(evidences)
    if names:
        yield f"⚠️ **TLS certificates were not verified** (`verify_tls = false`): {code_list(names, len(names))}"
    yield comparison_table.drawn(comparison)
    marks = legend(cell.state for row in comparison.rows for cell in row.cells.values())
    yield f"Marks: {', '.join(marks)}" if marks else ""
    yield from _failures(evidences)
    yield from _findings(comparison)
    yield from _accepted(comparison)
    if comparison.accept_notices:
        yield "## Accepts that did nothing"
        yield bullets(for_markdown_cell(accept_notice_in_words(notice)) for notice in comparison.accept_notices)
    if comparison.notices:
        yield "## Notices"
        yield bullets(map(_notice, comparison.notices))
    when = comparison.generated_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"Compared: {when} by envcheck {comparison.tool.version}"


def _failures(evidences: Sequence[Evidence]) -> Iterator[str]:
    by_class = failures(evidences)
    if by_class:
        yield "## What failed"
    for failure_class, checks in by_class.items():
        advice = advice_for(failure_class)
        yield f"### `{failure_class}`"
        yield f"{advice.meaning} **Check first:** {advice.first_check}"
        yield table(("environment", "request", "status", "what happened", "the gateway said"), map(_failed, checks))


def _failed(evidence_and_check: tuple[Evidence, Check]) -> tuple[str, ...]:
    evidence, check = evidence_and_check
    key = key_to_blame(evidence, check)
    happened = [for_markdown_cell(check.failure_detail)] if check.failure_detail else []
    happened += [f"key from {for_markdown(key)}"] if key else []
    return (
        for_markdown(evidence.environment),
        for_markdown(check.request),
        NOTHING if check.http_status is None else str(check.http_status),
        ", ".join(happened) or NOTHING,
        for_markdown(check.error_preview or "") or NOTHING,
    )


def _findings(comparison: Comparison) -> Iterator[str]:
    findings = [finding for finding in comparison.findings if finding.state != "accepted"]
    if findings:
        yield "## Findings"
    yield table(_FINDING_HEADERS, _capped(findings))


def _capped(findings: Sequence[Finding]) -> Iterator[tuple[str, ...]]:
    groups = grouped(findings)
    most = max(1, min(_MOST_OF_A_KIND, _MOST_FINDINGS // max(1, len(groups))))
    for group in groups:
        yield from map(_finding, group.findings[:most])
        more = sum(map(number_of, group.findings[most:]))
        if more > 0:
            yield (group.severity, group.rule, for_markdown(group.environment), f"… and {more} more", *[""] * 5)


def _finding(finding: Finding) -> tuple[str, ...]:
    return (
        finding.severity,
        finding.rule,
        for_markdown(finding.environment),
        finding.field,
        *_both_sides(finding),
        str(finding.n),
        NOTHING if finding.p is None else probability(finding.p),
        finding.state,
    )


def _both_sides(finding: Finding) -> tuple[str, str]:
    """Say what was expected and what is there."""
    if finding.expected_ms is not None and finding.actual_ms is not None:
        ratio = "" if finding.ratio is None else f" ({times(finding.ratio)})"
        return milliseconds(finding.expected_ms), milliseconds(finding.actual_ms) + ratio
    if finding.unnamed is not None or finding.note is not None or finding.failed:
        return NOTHING, for_markdown_cell(told(finding))
    return _maybe(finding.expected), _maybe(finding.actual)


def _maybe(value: Scalar) -> str:
    return NOTHING if value is None else for_markdown_cell(value_in_words(value))


def _accepted(comparison: Comparison) -> Iterator[str]:
    accepted = [finding for finding in comparison.findings if finding.state == "accepted"]
    if accepted:
        yield "## Accepted"
        yield "Known differences: shown, never counted."
    headers = ("rule", "environment", "field", "expected", "actual", "reason")
    yield table(headers, map(_accepted_row, accepted))


def _accepted_row(finding: Finding) -> tuple[str, ...]:
    return (
        finding.rule,
        for_markdown(finding.environment),
        finding.field,
        *_both_sides(finding),
        _maybe(finding.reason),
    )


def _notice(notice: Notice) -> str:
    about = f"{for_markdown(notice.environment)}: " if notice.environment else ""
    return about + for_markdown_cell(notice_in_words(notice))
