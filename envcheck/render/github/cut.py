"""A page that is too long for where it goes: whole lines of it, with nothing left open, and a note that it is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTE: Final = "✂️ **This page is cut**: GitHub shows no more of a step. The Markdown and JSON reports have it whole."
_FENCE: Final = "```"
_FOLD: Final = "<details>"
_END_OF_FOLD: Final = "</details>"
_LEAST_TABLE: Final = 3
"""Lines: the head, the rule below it, and a row."""


def cut(page: str, limit: int) -> str:
    """Give a page of at most `limit` bytes of UTF-8, whole where it is no longer than that.

    One that is cut ends where a line does. A fence or a fold that is open there is closed, a table has a row at least,
    and no heading stands above nothing.
    """
    if len(page.encode()) <= limit:
        return page
    note = f"\n\n{NOTE}\n"
    room = limit - len(note.encode())
    kept: list[str] = []
    is_open: tuple[str, ...] = ()
    for line in page.split("\n"):
        open_after = _open_after(line, is_open)
        room -= len(f"{line}\n".encode())
        if room < sum(len(f"\n{end}\n") for end in open_after):
            break
        kept.append(line)
        is_open = open_after
    if _FENCE not in is_open:
        kept = _without_beginnings(kept)
    return "\n".join([*kept, *(f"\n{end}" if end == _END_OF_FOLD else end for end in is_open)]) + note


def _open_after(line: str, is_open: tuple[str, ...]) -> tuple[str, ...]:
    """Give what would close what is open after a line, the innermost first."""
    if line.startswith(_FENCE):
        return is_open[1:] if _FENCE in is_open else (_FENCE, *is_open)
    if _FENCE in is_open:
        return is_open
    if line.startswith(_FOLD):
        return (_END_OF_FOLD, *is_open)
    return is_open[1:] if line.startswith(_END_OF_FOLD) else is_open


def _without_beginnings(lines: Sequence[str]) -> list[str]:
    """Leave out what stands at the end and has only begun: a table without a row, a heading, empty lines."""
    kept = list(lines)
    rows = 0
    while rows < len(kept) and kept[-1 - rows].startswith("|"):
        rows += 1
    if rows < _LEAST_TABLE:
        kept = kept[: len(kept) - rows]
    while kept and (not kept[-1] or kept[-1].startswith("#")):
        kept.pop()
    return kept
