"""The matrix of a page: environments and facts, each cell with a shape and a word for its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import CellState
from envcheck.render.bands import bands_of
from envcheck.render.marks import mark_of, spoken
from envcheck.render.words import ELLIPSIS, members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Cell, Comparison

_MOST_SIDE_BY_SIDE: Final = 6
"""Environments that stand beside each other as columns; more are rows, for a page scrolls down."""
_MOST_MEMBERS: Final = 8
_MOST_MEMBERS_OF_MANY: Final = 2
_WORDS: Final = {CellState.ERROR: "failed", CellState.INCOMPARABLE: "not comparable", CellState.REMOVED: "missing"}
"""Where the state's own name says it worse."""


class Shown(NamedTuple):
    """One cell."""

    state: CellState
    symbol: str
    word: str
    """Of the state; empty for a value that is the same, which needs none."""
    said: str
    """The value; empty where the state says all there is."""
    notes: Sequence[str] = ()


class Line(NamedTuple):
    """One row: an environment's facts, or a fact's environments."""

    head: str
    cells: Sequence[Shown]


class Grid(NamedTuple):
    """A table, whichever way round."""

    corner: str
    heads: Sequence[str]
    lines: Sequence[Line]


def grid_of(comparison: Comparison) -> Grid:
    """Give the cells with facts as rows, or turned round where there are many environments."""
    names = comparison.environments
    is_wide = len(names) > _MOST_SIDE_BY_SIDE
    most = _MOST_MEMBERS_OF_MANY if is_wide else _MOST_MEMBERS
    lines = [
        Line(f"{band.probe}.{row.field}", [shown(row.cells[name], band.notes(row, name), most=most) for name in names])
        for band in bands_of(comparison)
        for row in band.all_rows()
    ]
    if not is_wide:
        return Grid("fact", names, lines)
    turned = [Line(name, [line.cells[index] for line in lines]) for index, name in enumerate(names)]
    return Grid("environment", [line.head for line in lines], turned)


def shown(cell: Cell, notes: Sequence[str] = (), *, most: int = _MOST_MEMBERS, said: str | None = None) -> Shown:
    """Give one cell with at most `most` members of a set; `said` stands in place of the value."""
    members, total = members_of(cell)
    named = [*members[:most], *([f"{ELLIPSIS} and {total - most:,} more"] if total > most else [])]
    word = "" if cell.state is CellState.SAME else _WORDS.get(cell.state, cell.state.value.replace("_", " "))
    value = said or ("" if cell.value is None else spoken(cell))
    told = [", ".join(named)] if named else []
    return Shown(cell.state, mark_of(cell).symbol.strip(), word, "" if value == word else value, [*told, *notes])
