"""Fit text into columns of a terminal: measure, wrap, cut, share out the width."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.render.words import ELLIPSIS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_PARTS: Final = re.compile(r"[^/\-_.:]*[/\-_.:]+|[^/\-_.:]+")
"""A long id is broken behind what joins its parts, so that no part is."""


@cache
def _measure() -> Callable[[str], int]:
    from rich.cells import cell_len  # noqa: PLC0415 - only a text with wide characters needs it

    return cell_len


def width_of(text: str) -> int:
    """Give the number of terminal columns that `text` takes."""
    # Character by character, as the grid pads: a terminal that joins some of them only leaves a gap.
    return len(text) if text.isascii() else sum(map(_measure(), text))


class Lines:
    """Text that grows word by word, in lines of at most `width` columns.

    A word that is longer than a line is broken: between its parts, and within a part that is longer still. A character
    that is wider than `width` has a line of its own.
    """

    def __init__(self, width: int) -> None:
        self._width = max(1, width)
        self._full: list[str] = []
        self._last = ""

    def add(self, text: str) -> None:
        """Add words."""
        for word in text.split():
            self._add_word(word)

    def add_together(self, text: str) -> None:
        """Add words that stay on one line where they fit on one."""
        if width_of(text) <= self._width:
            self._add_word(text)
        else:
            self.add(text)

    def _add_word(self, word: str) -> None:
        joined = f"{self._last} {word}" if self._last else word
        if width_of(joined) <= self._width:
            self._last = joined
            return
        if self._last:
            self._full.append(self._last)
        *full, self._last = _broken(word, self._width)
        self._full.extend(full)

    def __len__(self) -> int:
        """Count the lines; there is always one."""
        return len(self._full) + 1

    def all(self) -> list[str]:
        """Give the lines."""
        return [*self._full, self._last]

    def mark(self) -> tuple[int, str]:
        """Say how far the text has come, for `back_to`."""
        return len(self._full), self._last

    def back_to(self, mark: tuple[int, str]) -> None:
        """Forget what came after `mark`."""
        del self._full[mark[0] :]
        self._last = mark[1]


def wrap(text: str, width: int) -> list[str]:
    """Break `text` into lines, as `Lines` does."""
    lines = Lines(width)
    lines.add(text)
    return lines.all()


def _broken(word: str, width: int) -> list[str]:
    pieces = [""]
    for part in _PARTS.findall(word):
        if width_of(pieces[-1] + part) <= width:
            pieces[-1] += part
        elif width_of(part) <= width:
            pieces.append(part)
        else:
            _add_by_character(pieces, part, width)
    return [piece for piece in pieces if piece] or [""]


def _add_by_character(pieces: list[str], part: str, width: int) -> None:
    room = width - width_of(pieces[-1])
    for character in part:
        takes = width_of(character)
        if takes > room:
            pieces.append("")
            room = width
        pieces[-1] += character
        room -= takes


class Room(NamedTuple):
    """How much there is to fill."""

    width: int
    """Columns."""
    most: int | None
    """Lines; None for as many as it takes."""

    def holds(self, lines: Lines) -> bool:
        """Tell whether there is room for all of them."""
        return self.most is None or len(lines) <= self.most


class Listing(NamedTuple):
    """Lines that hold a list, or as much of it as there was room for."""

    lines: list[str]
    is_cut: bool


def listed(items: Iterable[str], total: int, room: Room, *, lead: str = "", end: str = "") -> Listing:
    """Join as many of the `total` items by commas as there is room for, then say how many more there are.

    The first is always shown. What is not shown is hardly asked for, for there may be
    thousands. `lead` stands before the items and `end` behind them.
    """
    lines = Lines(room.width)
    lines.add(lead)
    marks = []
    for item in items:
        marks.append(lines.mark())
        lines.add(item if len(marks) == total else f"{item},")
        if not room.holds(lines):
            break
    marks.append(lines.mark())
    shown = len(marks) - 1
    if shown < total or not room.holds(lines):
        shown = _cut(lines, marks, total, room)
    lines.add(end)
    return Listing(lines.all(), is_cut=shown < total)


def _cut(lines: Lines, marks: Sequence[tuple[int, str]], total: int, room: Room) -> int:
    """Take items back until there is room to say how many more there are; give how many are left."""
    for shown in range(len(marks) - 1, 0, -1):
        lines.back_to(marks[shown])
        if shown < total:
            lines.add_together(f"{ELLIPSIS} and {total - shown:,} more")
        if room.holds(lines) or shown == 1:
            return shown
    return 0


def clip(lines: Sequence[str], most: int) -> list[str]:
    """Keep the first `most` lines; the last one then ends in an ellipsis."""
    if len(lines) <= most:
        return list(lines)
    kept = list(lines[:most])
    kept[-1] = kept[-1][:-1] + ELLIPSIS if kept[-1] else ELLIPSIS
    return kept


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
