"""A comparison in a terminal with environments as columns and fields as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.terminal.cells import BASELINE, GUTTER, block, heading, wanted_by
from envcheck.render.terminal.grid import GAP, Block
from envcheck.render.terminal.layout import share_out, width_of, wrap
from envcheck.render.terminal.palette import Style
from envcheck.render.words import notes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Cell, Comparison, Row
    from envcheck.render.bands import Band

_NARROWEST: Final = 18
"""Below this, values are broken so often that a row for each environment reads better."""


class SideBySide:
    """The arrangement for as many environments as the terminal has room for."""

    def __init__(self, comparison: Comparison, bands: Sequence[Band], width: int) -> None:
        self._comparison = comparison
        self._bands = bands
        fields = [width_of(row.field) + GUTTER for band in bands for row in band.rows]
        self._first = min(max([*fields, *(width_of(band.probe) for band in bands)]), width // 3)
        wanted = [self._wanted(name) for name in comparison.environments]
        room = width - self._first - GAP * len(wanted)
        self.fits = room >= sum(min(each, _NARROWEST) for each in wanted)
        self._columns = list(zip(comparison.environments, share_out(wanted, room), strict=True))

    def headers(self) -> list[Block]:
        """Name the environments, the baseline first."""
        return [Block(), *(heading(name, self._comparison, width) for name, width in self._columns)]

    def bands(self) -> list[list[list[Block]]]:
        """Give a band of rows for each probe, the first of which says how the probe went."""
        return [[self._title(band), *(self._row(band, row) for row in band.rows)] for band in self._bands]

    def _title(self, band: Band) -> list[Block]:
        title = Block.of(wrap(band.probe, self._first), Style.BOLD)
        if band.outcome is None:
            return [title, *(Block() for _ in self._columns)]
        cells = band.outcome.cells
        return [title, *(block(cells[name], width, notes_of(cells[name])) for name, width in self._columns)]

    def _row(self, band: Band, row: Row) -> list[Block]:
        field = Block.of([f"  {line}" for line in wrap(row.field, self._first - GUTTER)])
        return [field, *(self._value(band, row.cells[name], name, width) for name, width in self._columns)]

    def _value(self, band: Band, cell: Cell, name: str, width: int) -> Block:
        if cell.value is None and band.is_told_by_outcome(name, cell):
            return Block()
        return block(cell, width, band.notes(name, cell))

    def _wanted(self, name: str) -> int:
        label = [width_of(name), len(BASELINE) if name == self._comparison.baseline else 0]
        rows = (row for band in self._bands for row in (band.outcome, *band.rows) if row is not None)
        return max([*label, *(wanted_by(row.cells[name]) for row in rows)])
