"""A cell of a comparison as a block of lines in a terminal."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.render.escape import for_terminal
from envcheck.render.marks import mark_of, spoken
from envcheck.render.terminal.grid import Block
from envcheck.render.terminal.layout import clip, listed, width_of, wrap
from envcheck.render.terminal.palette import Style
from envcheck.render.words import members_of, notes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Cell, Comparison

GUTTER: Final = 2
"""The mark and a space."""
BASELINE: Final = "(baseline)"
_WIDEST: Final = 48
_MOST_LINES: Final = 4

STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "same": Style.NONE,
        "differs": Style.DIFFERENT,
        "added": Style.ADDED,
        "removed": Style.BAD,
        "error": Style.BAD,
        "accepted": Style.DIM,
        "noisy": Style.DIM,
        "undecided": Style.DIFFERENT,
        "incomparable": Style.DIM,
        "not_probed": Style.DIM,
    }
)


def heading(name: str, comparison: Comparison, width: int) -> Block:
    """Name an environment, and say whether it is the baseline."""
    label = (BASELINE,) if name == comparison.baseline else ()
    return Block.of((*wrap(name, width), *label), Style.BOLD)


def wanted_by(cell: Cell) -> int:
    """Give the width in which a cell shows at its best, within reason."""
    members, total = members_of(cell)
    named = listed(members, total, _WIDEST) if members else ""
    widest = max(width_of(for_terminal(text)) for text in (spoken(cell), named, *notes_of(cell)))
    return min(GUTTER + widest, _WIDEST)


def block(cell: Cell, width: int, notes: Sequence[str], field: str = "") -> Block:
    """Give the mark, the value, the members that differ and the notes; `field` names it where no row does."""
    room = width - GUTTER
    lines = clip(wrap(for_terminal(f"{field} {spoken(cell)}"), room), _MOST_LINES)
    members, total = members_of(cell)
    if members:
        lines += clip(wrap(for_terminal(listed(members, total, room * 2)), room), _MOST_LINES)
    for note in notes:
        lines += clip(wrap(for_terminal(note), room), _MOST_LINES)
    mark = mark_of(cell).symbol
    return Block.of([f"{' ' if index else mark} {line}" for index, line in enumerate(lines)], STYLES[cell.state])
