"""A cell of a comparison as a block of lines in a terminal."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.comparison import CellState
from envcheck.render.escape import for_terminal
from envcheck.render.marks import mark_of, spoken
from envcheck.render.terminal.grid import Block
from envcheck.render.terminal.layout import Room, clip, listed, width_of, wrap
from envcheck.render.terminal.palette import Style
from envcheck.render.words import members_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Cell, Comparison

GUTTER: Final = 2
"""The mark and a space."""
BASELINE: Final = "(baseline)"
MOST_LINES: Final = 3
MOST_LINES_OF_MANY: Final = 2
"""Lines of members that differ, in the table and in the findings, unless all are asked for."""
MANY: Final = 6
"""Of more environments than this each has fewer lines."""
_WIDEST: Final = 48
_MOST_LINES_OF_A_TEXT: Final = 4

STYLES: Final[Mapping[CellState, Style]] = MappingProxyType(
    {
        CellState.SAME: Style.NONE,
        CellState.DIFFERS: Style.DIFFERENT,
        CellState.ADDED: Style.ADDED,
        CellState.REMOVED: Style.BAD,
        CellState.ERROR: Style.BAD,
        CellState.UNDECIDED: Style.DIFFERENT,
        CellState.ACCEPTED: Style.DIM,
        CellState.NOISY: Style.DIM,
        CellState.INCOMPARABLE: Style.DIM,
        CellState.NOT_PROBED: Style.DIM,
    }
)


def heading(name: str, comparison: Comparison, width: int) -> Block:
    """Name an environment, and say whether it is the baseline."""
    label = (BASELINE,) if comparison.is_baseline(name) else ()
    return Block.of((*wrap(name, width), *label), Style.BOLD)


def wanted_by(cell: Cell, notes: Sequence[str]) -> int:
    """Give the width in which a cell shows at its best: its texts on a line each, and its members on a few."""
    texts = max(width_of(for_terminal(text)) for text in (spoken(cell), *notes))
    members, _ = members_of(cell)
    names = [width_of(for_terminal(member)) for member in members]
    listing = sum(names) + len(", ") * len(names)
    # Not each line is filled to its end.
    of_a_line = listing if listing <= _WIDEST else listing // MOST_LINES + max(names)
    return GUTTER + max(min(texts, _WIDEST), of_a_line)


def block(cell: Cell, width: int, notes: Sequence[str], said: str, most: int | None) -> Block:
    """Give the mark, what is said of the cell, the members that differ on `most` lines, and the notes."""
    room = width - GUTTER
    lines = clip(wrap(for_terminal(said), room), _MOST_LINES_OF_A_TEXT)
    members, total = members_of(cell)
    is_cut = False
    if members:
        listing = listed(map(for_terminal, members), total, Room(room, most))
        lines += listing.lines
        is_cut = listing.is_cut
    for note in notes:
        lines += clip(wrap(for_terminal(note), room), _MOST_LINES_OF_A_TEXT)
    mark = mark_of(cell).symbol
    marked = (f"{' ' if index else mark} {line}" for index, line in enumerate(lines))
    return Block.of(marked, STYLES[cell.state], is_cut=is_cut)
