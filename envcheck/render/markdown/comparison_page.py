"""The Markdown page of a run: the verdict, the table, what failed, the findings."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Verdict
from envcheck.render.advice import advice_for
from envcheck.render.digest import Part, failures, grouped, key_to_blame, unverified
from envcheck.render.elsewhere import HOW, TITLE, seen_from_each
from envcheck.render.escape import for_markdown, for_markdown_cell
from envcheck.render.markdown import comparison_table
from envcheck.render.markdown.markup import NOTHING, and_more, bullets, code_list, page, table
from envcheck.render.reasons import accept_notice_in_words, notice_in_words
from envcheck.render.telling import Telling
from envcheck.render.verdict import verdict
from envcheck.render.words import TIMES, in_words, milliseconds, probability
from envcheck.rules import TRENDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison, Finding, Notice, Settings
    from envcheck.evidence import Check, Evidence
    from envcheck.render.digest import Group

_STATUS: Final = {
    Verdict.SAME: "✅ **Same**",
    Verdict.DIFFERS: "❌ **Differs**",
    Verdict.FAILED: "❌ **Failed**",
    Verdict.INCONCLUSIVE: "⚠️ **Inconclusive**",
}
_SAME_AS_FAR_AS_JUDGED: Final = "⚠️ **Same, as far as it was decided**"
_TITLES: Final = {
    Part.COUNTED: "## Found, and counted for the exit code",
    Part.CHANGED_COUNTED: "## Since the last run, and counted for the exit code",
    Part.OTHER: "## Found, not counted",
    Part.CHANGED: "## Since the last run, not counted",
    Part.UNDECIDED: "## Undecided",
    Part.ACCEPTED: "## Accepted, so never counted",
    Part.ABSENT: "## Gone since the earlier comparison",
}
_HEADERS: Final = ("severity", "environment", "rule", "field", "what", "p", "state")
_MOST_VANTAGES: Final = 10
_MOST_OF_A_KIND: Final = 40
_MOST_NAMED: Final = 1000
"""Beyond about this many on a page, there are fewer of a kind. The JSON report has them all."""


def page_of(comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    """Give the page from the verdict down to the settings."""
    return page(_blocks(comparison, evidences))


def _blocks(comparison: Comparison, evidences: Sequence[Evidence]) -> Iterator[str]:
    yield "# envcheck: comparison"
    yield f"{_status(comparison)}: {verdict(comparison, named=for_markdown)}"
    if comparison.made_up:
        yield "⚠️ **Made-up evidence**: no gateway was asked."
    names = unverified(evidences)
    if names:
        yield f"⚠️ **TLS certificates were not verified** (`verify_tls = false`): {code_list(names, len(names))}"
    yield from comparison_table.drawn(comparison)
    yield from _failures(evidences)
    yield from _findings(comparison)
    yield from _elsewhere(comparison)
    if comparison.accept_notices:
        yield "## Accepts that want an eye"
        yield bullets(accept_notice_in_words(notice, for_markdown) for notice in comparison.accept_notices)
    if comparison.notices:
        yield "## Notices"
        yield bullets(map(_notice, comparison.notices))
    if comparison.settings is not None:
        yield "## Judged by"
        yield bullets((*_settings(comparison.settings, comparison.summary.fail_on), *_of_trends(comparison.findings)))
    when = comparison.generated_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    where = f", from {in_words(comparison.vantages, _MOST_VANTAGES)}" if comparison.vantages else ""
    yield f"Compared: {when} by envcheck {comparison.tool.version}{where}"


def _status(comparison: Comparison) -> str:
    is_same = comparison.summary.verdict is Verdict.SAME
    return _SAME_AS_FAR_AS_JUDGED if is_same and comparison.summary.undecided else _STATUS[comparison.summary.verdict]


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
    groups = grouped(comparison.findings)
    most = max(1, min(_MOST_OF_A_KIND, _MOST_NAMED // max(1, len(groups))))
    telling = Telling.of(comparison, for_markdown)
    for part in Part:
        rows = [_row(group, telling, most) for group in groups if group.kind.part is part]
        if rows:
            yield _TITLES[part]
        yield table(_HEADERS, rows)
    if any(group.total > most for group in groups):
        yield "Lists are cut; `comparison.json` has them whole."


def _elsewhere(comparison: Comparison) -> Iterator[str]:
    seen = seen_from_each(comparison)
    if seen:
        yield f"## {TITLE}"
        yield f"Each environment from {in_words(comparison.vantages, _MOST_VANTAGES)}: {HOW}."
    for each in seen:
        yield f"### {for_markdown(each.environment)}"
        yield bullets(map(for_markdown_cell, each.lines))


def _row(group: Group, telling: Telling, most: int) -> tuple[str, ...]:
    kind = group.kind
    named = group.named or group.findings
    said = and_more([telling.told(finding) for finding in named[:most]], group.total if group.named else len(named))
    reason = f" ({for_markdown_cell(kind.reason)})" if kind.reason else ""
    chances = [finding.p for finding in group.findings if finding.p is not None]
    return (
        kind.severity,
        code_list(group.environments, len(group.environments)),
        for_markdown(kind.rule),
        for_markdown(kind.field),
        f"{said}{reason}",
        ", ".join(map(probability, chances)) or NOTHING,
        kind.tag or kind.state,
    )


def _notice(notice: Notice) -> str:
    about = f"{for_markdown(notice.environment)}: " if notice.environment else ""
    return about + for_markdown_cell(notice_in_words(notice))


def _of_trends(findings: Sequence[Finding]) -> Iterator[str]:
    if any(finding.rule in TRENDS for finding in findings):
        yield "The p of a trend is by the nights of its one series"


def _settings(settings: Settings, fail_on: str) -> Iterator[str]:
    floor = milliseconds(settings.latency_floor_ms)
    yield f"Slower is what takes more than {settings.latency_ratio:g}{TIMES} as long, and {floor} longer, significantly"
    if settings.confirm_over_s > 0:
        yield f"Slow is sampled twice; the second batch is spread over {settings.confirm_over_s:g} s"
    else:
        yield "Slow is sampled once (`confirm_over_s = 0`)"
    yield "p is what chance alone does, after Holm's correction over all latencies judged"
    yield f"Counted from `{fail_on}` on" if fail_on != "never" else "Nothing is counted (`never`)"
    for rule, severity in settings.severity.items():
        yield f"{for_markdown(rule)} is `{severity}`"
