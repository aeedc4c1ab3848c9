"""Fit text into columns of a terminal: measure, wrap, cut, share out the width."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ELLIPSIS: Final = "…"


@cache
def _measure() -> Callable[[str], int]:
    from rich.cells import cell_len  # noqa: PLC0415 - only a text with wide characters needs it

    return cell_len


def width_of(text: str) -> int:
    """Give the number of terminal columns that `text` takes."""
    # Character by character, as the grid pads: a terminal that joins some of them only leaves a gap.
    return len(text) if text.isascii() else sum(map(_measure(), text))


def wrap(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` columns: between words, and within a word that is longer.

    There is always a line. A character that is wider than `width` has a line of its own.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width)
        lines.extend(full)
    return [*lines, line] if line or not lines else lines


def _broken(word: str, width: int) -> list[str]:
    if width_of(word) <= width:
        return [word]
    pieces: list[str] = []
    piece = ""
    room = width
    for character in word:
        takes = width_of(character)
        if piece and takes > room:
            pieces.append(piece)
            piece, room = "", width
        piece += character
        room -= takes
    return [*pieces, piece]


def clip(lines: Sequence[str], most: int) -> list[str]:
    """Keep the first `most` lines; the last one then ends in an ellipsis."""
    if len(lines) <= most:
        return list(lines)
    kept = list(lines[:most])
    kept[-1] = kept[-1][:-1] + ELLIPSIS if kept[-1] else ELLIPSIS
    return kept


def listed(items: Iterable[str], total: int, room: int) -> str:
    """Join as many of the `total` items by commas as fit into `room` columns, then say how many more there are.

    The first is always shown. What is not shown is hardly asked for, for there may be thousands.
    """
    shown: list[str] = []
    ends = [0]
    for item in items:
        ends.append(ends[-1] + width_of(item) + len(", "))
        shown.append(item)
        if ends[-1] > room:
            break
    if ends[-1] - len(", ") <= room and len(shown) == total:
        return ", ".join(shown)
    tail = len(f"{ELLIPSIS} and {total} more")
    while len(shown) > 1 and ends[len(shown)] + tail > room:
        shown.pop()
    more = total - len(shown)
    return ", ".join([*shown, f"{ELLIPSIS} and {more} more"] if more else shown)


def packed(items: Iterable[str], width: int, gap: str = "   ") -> list[str]:
    """Put items on as few lines as they fit on, breaking none of them."""
    lines: list[str] = []
    for item in items:
        if lines and width_of(lines[-1] + gap + item) <= width:
            lines[-1] += gap + item
        else:
            lines.append(item)
    return lines


def share_out(wanted: Iterable[int], room: int) -> list[int]:
    """Give each column the width it wants, or, where `room` does not suffice, take from the widest first."""
    widths = list(wanted)
    by_width = sorted(range(len(widths)), key=widths.__getitem__)
    left = max(room, len(widths))
    for position, column in enumerate(by_width):
        fair = left // (len(widths) - position)
        widths[column] = min(widths[column], fair)
        left -= widths[column]
    return widths
