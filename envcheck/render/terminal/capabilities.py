"""The matrix of opt-in probes in a terminal: environments as columns, or, where they do not fit, named by the word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.escape import for_terminal
from envcheck.render.marks import mark_of
from envcheck.render.terminal import grid
from envcheck.render.terminal.cells import BASELINE, GUTTER, STYLES, heading
from envcheck.render.terminal.grid import GAP, Block
from envcheck.render.terminal.layout import Room, listed, width_of
from envcheck.render.terminal.palette import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.render.matrix import Fate, Line
    from envcheck.render.terminal.palette import Paint

_TITLE: Final = "opt-in probes"


def drawn(comparison: Comparison, lines: Sequence[Line], width: int, paint: Paint, most: int | None) -> list[str]:
    """Draw one line for each probe; nothing where none was asked for.

    Where environments do not fit side by side, those that fared alike are named together, on `most` lines.
    """
    if not lines:
        return []
    probes = max(width_of(line.probe) for line in lines)
    first = max(len(_TITLE), probes)
    widths = {name: _wanted(name, comparison, lines) for name in comparison.environments}
    if first + sum(GAP + each for each in widths.values()) <= width:
        headers = [Block.of([_TITLE], Style.BOLD), *(heading(name, comparison, each) for name, each in widths.items())]
        rows = [[_named(line), *(_said(line.fates[name]) for name in widths)] for line in lines]
        return grid.table(headers, [rows], paint)
    room = Room(width - probes - GAP - GUTTER, most)
    rows = [row for line in lines for row in _by_word(line, room)]
    return [paint(_TITLE, Style.BOLD), *grid.columns(rows, paint)]


def _wanted(name: str, comparison: Comparison, lines: Sequence[Line]) -> int:
    label = max(width_of(name), len(BASELINE) if comparison.is_baseline(name) else 0)
    return max(label, *(GUTTER + width_of(for_terminal(line.fates[name].word)) for line in lines))


def _named(line: Line) -> Block:
    return Block.of([line.probe], Style.BOLD)


def _said(fate: Fate) -> Block:
    return Block.of([f"{mark_of(fate.cell).symbol} {for_terminal(fate.word)}"], STYLES[fate.cell.state])


def _by_word(line: Line, room: Room) -> list[list[Block]]:
    groups = line.by_word()
    rows = []
    for position, (fate, names) in enumerate(groups):
        word = for_terminal(fate.word)
        together = listed(names, len(names), room, lead=f"{word}:").lines
        said, *more = together if len(groups) > 1 else [f"{word} everywhere"]
        lines = [f"{mark_of(fate.cell).symbol} {said}", *(f"{' ' * GUTTER}{line}" for line in more)]
        rows.append([Block() if position else _named(line), Block.of(lines, STYLES[fate.cell.state])])
    return rows
