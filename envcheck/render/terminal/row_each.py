"""A comparison in a terminal with a row for each environment, where they do not fit side by side.

How each probe went stands in columns, so that the eye runs down them. What differs stands below the environment, over
the whole width: the expected value, the one that is there, the members that went and came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import HeldAgainst
from envcheck.render.escape import for_terminal
from envcheck.render.marks import MARKS
from envcheck.render.terminal import grid
from envcheck.render.terminal.cells import BASELINE, STYLES, block, heading
from envcheck.render.terminal.grid import GAP, Block, Drawing
from envcheck.render.terminal.layout import Room, listed, share_out, width_of, wrap
from envcheck.render.terminal.palette import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.render.bands import Band
    from envcheck.render.terminal.palette import Paint
    from envcheck.render.terminal.scene import Scene

_INDENT: Final = "  "


class RowEach:
    """The arrangement for any number of environments."""

    def __init__(self, scene: Scene) -> None:
        self._comparison = scene.comparison
        self._bands = scene.bands
        self._names = scene.names()
        self._room = scene.width - len(_INDENT)
        self._most = scene.most
        self._words = {name: [_in_a_word(band, name) for band in scene.bands] for name in self._names}
        wanted = [max(map(width_of, column)) for column in self._texts()]
        self._widths = share_out(wanted, scene.width - GAP * (len(wanted) - 1))

    def drawn(self, paint: Paint) -> Drawing:
        """Draw the rows, each with what differs below it."""
        titles = ["environment", *(band.probe for band in self._bands)]
        headers = [Block.of(wrap(text, width), Style.BOLD) for text, width in zip(titles, self._widths, strict=True)]
        rows = [self._row(name) for name in self._names]
        drawn = grid.table(headers, [rows], paint)
        first = max(len(header.lines) for header in headers) + 1
        lines = drawn[:first]
        is_cut = False
        seen: dict[tuple[str, ...], str] = {}
        for name, row in zip(self._names, grid.row_by_row(drawn[first:], rows), strict=True):
            lines += row
            blocks = list(self._below(name))
            texts = [(line.text, line.style) for each in blocks for line in each.lines]
            painted = tuple(_INDENT + paint(text, style) for text, style in texts)
            is_cut = is_cut or any(each.is_cut for each in blocks)
            twin = seen.setdefault(painted, name)
            is_long = len(painted) > 1 and twin != name
            lines += [_INDENT + paint(f"the same as {twin}", Style.DIM)] if is_long else painted
        return Drawing(lines, is_cut=is_cut, shows_spread=False)

    def _row(self, name: str) -> list[Block]:
        first, *narrow = self._widths
        words = zip(self._words[name], narrow, strict=True)
        return [
            heading(name, self._comparison, first),
            *(Block.of(wrap(said, width), style) for (said, style), width in words),
        ]

    def _texts(self) -> Iterator[list[str]]:
        yield ["environment", BASELINE, *self._names]
        for index, band in enumerate(self._bands):
            yield [band.probe, *(words[index][0] for words in self._words.values())]

    def _below(self, name: str) -> Iterator[Block]:
        is_shown_whole = self._comparison.is_baseline(name) or self._comparison.held_against is HeldAgainst.NOTHING
        for band in self._bands:
            facts = [for_terminal(fact) for fact in band.facts(name)] if is_shown_whole else []
            if facts:
                room = self._room - len(_INDENT)
                first, *rest = listed(facts, len(facts), Room(room, None), lead=f"{band.probe}:").lines
                yield Block.of([first, *(_INDENT + line for line in rest)])
            for told in band.worth_telling(name):
                yield block(told.cell, self._room, told.notes, f"{told.field} {told.said}", self._most)


def _in_a_word(band: Band, name: str) -> tuple[str, Style]:
    state, said = band.in_a_word(name)
    latency = band.latency(name)
    words = f"{MARKS[state].symbol} {said}{'' if latency is None else f', {latency}'}"
    return for_terminal(words), STYLES[state]
