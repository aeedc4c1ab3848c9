"""What stands below the terminal table: failures with advice, findings, notices, and the verdict as the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.advice import advice_for
from envcheck.render.digest import failures, grouped, key_to_blame, listing, unverified
from envcheck.render.escape import for_terminal
from envcheck.render.terminal.grid import GAP, Block, columns
from envcheck.render.terminal.layout import listed, width_of, wrap
from envcheck.render.terminal.palette import Style
from envcheck.render.verdict import verdict
from envcheck.render.words import accept_notice_in_words, notice_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Check, Evidence
    from envcheck.render.digest import Group
    from envcheck.render.terminal.palette import Paint

_SEVERITY_STYLES: Final = {"err": Style.BAD, "warn": Style.DIFFERENT, "info": Style.ADDED, "none": Style.DIM}
_MOST_LISTED: Final = 160
_VERDICT_STYLES: Final = {"same": Style.BOLD, "differs": Style.DIFFERENT}


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


def found(comparison: Comparison, width: int, paint: Paint) -> list[str]:
    """Tell the findings, one line for each rule in each environment."""
    groups = grouped(comparison.findings)
    names = min(max((width_of(group.environment) for group in groups), default=0), width // 3)
    severities = max((width_of(group.severity) for group in groups), default=0)
    room = width - names - severities - 2 * GAP
    return columns([_finding(group, names, room) for group in groups], paint)


def _finding(group: Group, names: int, room: int) -> list[Block]:
    style = Style.DIM if group.is_settled else _SEVERITY_STYLES[group.severity]
    tag = f" [{group.tag}]" if group.tag else ""
    reason = f" ({group.reason})" if group.reason else ""
    said = listing(group, min(2 * room, _MOST_LISTED))
    return [
        Block.of([group.severity], style),
        Block.of(wrap(group.environment, names)),
        Block.of(wrap(for_terminal(f"{group.rule}{tag}: {said}{reason}"), room)),
    ]


def noticed(comparison: Comparison, evidences: Sequence[Evidence], width: int) -> Iterator[str]:
    """Tell what does not differ and still wants an eye: accepts that do nothing, certificates not checked."""
    for accept in comparison.accept_notices:
        yield from _hanging("", f"! {accept_notice_in_words(accept)}", width)
    for notice in comparison.notices:
        about = f"{notice.environment}: " if notice.environment else ""
        yield from _hanging("", f"! {about}{notice_in_words(notice)}", width)
    names = unverified(evidences)
    if names:
        said = listed(names, len(names), 2 * width)
        yield from _hanging("", f"! TLS certificates were not verified (verify_tls = false): {said}", width)


def last_line(comparison: Comparison, evidences: Sequence[Evidence], width: int, paint: Paint) -> list[str]:
    """Say the verdict in words."""
    said = wrap(f"Verdict: {verdict(comparison, evidences)}", width)
    return [paint(line, _VERDICT_STYLES.get(comparison.summary.verdict, Style.BAD)) for line in said]


def _hanging(indent: str, text: str, width: int) -> list[str]:
    first, *rest = wrap(for_terminal(text), width - len(indent) - 2)
    return [f"{indent}{first}", *(f"{indent}  {line}" for line in rest)]
