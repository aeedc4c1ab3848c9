"""What stands below the terminal table: failures with advice, notices, and the verdict as the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import FindingState, Standing, Verdict, Why
from envcheck.render.advice import advice_for
from envcheck.render.digest import failures, grouped, key_to_blame, unverified
from envcheck.render.elsewhere import HOW, TITLE, seen_from_each
from envcheck.render.escape import for_terminal
from envcheck.render.reasons import accept_notice_in_words, notice_in_words
from envcheck.render.telling import Telling
from envcheck.render.terminal.layout import Lines, Room, listed, wrap
from envcheck.render.terminal.palette import Style
from envcheck.render.verdict import verdict
from envcheck.render.words import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison, Notice
    from envcheck.evidence import Check, Evidence
    from envcheck.render.terminal.palette import Paint

_MOST_IN_BRIEF: Final = 16
"""Lines of notices: with the verdict and a few environments no more than a screen."""
_VERDICT_STYLES: Final = {Verdict.SAME: Style.BOLD, Verdict.DIFFERS: Style.DIFFERENT}


def failed(evidences: Sequence[Evidence], width: int, paint: Paint) -> Iterator[str]:
    """Tell which probes failed, by class, with what the class means and what to check first."""
    for failure_class, checks in failures(evidences).items():
        advice = advice_for(failure_class)
        first, *rest = wrap(f"{failure_class}: {advice.meaning}", width - 2)
        yield paint(f"✗ {first}", Style.BAD)
        yield from (paint(f"  {line}", Style.BAD) for line in rest)
        for evidence, check in checks:
            yield from _hanging("    ", f"{evidence.environment}: {_what_happened(evidence, check)}", width)
            if check.error_preview:
                yield from _hanging("      ", f"“{check.error_preview}”", width)
        yield from _hanging("  ", f"Check first: {advice.first_check}", width)


def _what_happened(evidence: Evidence, check: Check) -> str:
    status = f"HTTP {check.http_status}" if check.http_status is not None else None
    key = key_to_blame(evidence, check)
    parts = (check.request, status, check.failure_detail, f"key from {key}" if key else None)
    return ", ".join(part for part in parts if part)


def noticed(comparison: Comparison, evidences: Sequence[Evidence], width: int) -> Iterator[str]:
    """Tell what does not differ and still wants an eye: accepts that do nothing, certificates not checked."""
    for said in _notices(comparison, comparison.notices):
        yield from _hanging("", f"! {said}", width)
    names = unverified(evidences)
    if names:
        lead = "! TLS certificates were not verified (verify_tls = false):"
        first, *rest = listed(names, len(names), Room(width - 2, 2), lead=lead).lines
        yield from (first, *(f"  {line}" for line in rest))


def noticed_in_brief(comparison: Comparison, width: int) -> list[str]:
    """Tell the notices that neither the verdict nor an environment's line has, and what is gone, on one screen."""
    others = [each for each in comparison.notices if not _is_told_above(each, comparison)]
    told = [_hanging("", f"! {said}", width) for said in _notices(comparison, others)]
    if gone := _gone(comparison, width):
        told.append(gone)
    lines: list[str] = []
    for number, its_lines in enumerate(told):
        if len(lines) + len(its_lines) > _MOST_IN_BRIEF:
            lines += _hanging("", f"! {ELLIPSIS} and {len(told) - number:,} more; without --brief all are shown", width)
            break
        lines += its_lines
    return lines


def _notices(comparison: Comparison, notices: Sequence[Notice]) -> Iterator[str]:
    if comparison.made_up:
        yield "made-up evidence: no gateway was asked"
    yield from map(accept_notice_in_words, comparison.accept_notices)
    for notice in notices:
        about = f"{notice.environment}: " if notice.environment else ""
        yield f"{about}{notice_in_words(notice)}"


def _is_told_above(notice: Notice, comparison: Comparison) -> bool:
    """Tell whether the verdict says it, or the line of an environment that was not compared."""
    if notice.note is None:
        return False
    standing = comparison.summary.by_environment.get(notice.environment or "")
    return notice.note.why is Why.LATENCY_NOT_JUDGED or (
        standing is not None and standing.verdict is Standing.NOT_COMPARED
    )


def _gone(comparison: Comparison, width: int) -> list[str]:
    absent = grouped(each for each in comparison.findings if each.state is FindingState.ABSENT)
    if not absent:
        return []
    telling = Telling.of(comparison, for_terminal)
    said = [f"{', '.join(group.environments)} {telling.in_brief(group)}" for group in absent]
    first, *rest = listed(said, len(said), Room(width - 2, 2), lead="! gone since the earlier comparison:").lines
    return [first, *(f"  {line}" for line in rest)]


def elsewhere(comparison: Comparison, width: int, paint: Paint) -> Iterator[str]:
    """Tell how each environment looks from several vantages, where there are several."""
    seen = seen_from_each(comparison)
    if seen:
        yield from (paint(line, Style.BOLD) for line in wrap(f"{TITLE} ({HOW}):", width))
    for each in seen:
        yield f"  {each.environment}"
        for line in each.lines:
            yield from _hanging("    ", line, width)


def where_the_rest_is(whole_in: str | None, width: int) -> list[str]:
    """Tell where lists are whole that are cut here."""
    also = f", {whole_in} has them" if whole_in else ""
    return _hanging("", f"! lists are cut to fit: --show-all prints them whole{also}", width)


def last_line(comparison: Comparison, width: int, paint: Paint) -> list[str]:
    """Say the verdict in words."""
    said, code_begins, code = verdict(comparison).rpartition("(exit ")
    lines = Lines(width)
    lines.add(f"Verdict: {said}")
    lines.add_together(code_begins + code)
    return [paint(line, _VERDICT_STYLES.get(comparison.summary.verdict, Style.BAD)) for line in lines.all()]


def _hanging(indent: str, text: str, width: int) -> list[str]:
    first, *rest = wrap(for_terminal(text), width - len(indent) - 2)
    return [f"{indent}{first}", *(f"{indent}  {line}" for line in rest)]
