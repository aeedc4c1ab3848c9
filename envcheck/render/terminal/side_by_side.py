"""A comparison in a terminal with environments as columns and fields as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.marks import spoken
from envcheck.render.terminal import grid
from envcheck.render.terminal.cells import BASELINE, GUTTER, block, heading, wanted_by
from envcheck.render.terminal.grid import GAP, Block, Drawing
from envcheck.render.terminal.layout import share_out, width_of, wrap
from envcheck.render.terminal.palette import Style
from envcheck.render.words import members_of

if TYPE_CHECKING:
    from envcheck.comparison import Row
    from envcheck.render.bands import Band
    from envcheck.render.terminal.palette import Paint
    from envcheck.render.terminal.scene import Scene

_WIDEST_MEMBER: Final = 60
_NARROWEST: Final = 18
"""Below this, values are broken so often that a row for each environment reads better."""


class SideBySide:
    """The arrangement for as many environments as the terminal has room for."""

    def __init__(self, scene: Scene) -> None:
        self._comparison = scene.comparison
        self._bands = scene.bands
        self._most = scene.most
        names = scene.comparison.environments
        fields = [width_of(row.field) + GUTTER for band in scene.bands for row in band.rows]
        self._first = min(max([*fields, *(width_of(band.probe) for band in scene.bands)]), scene.width // 3)
        wanted = [self._wanted(name) for name in names]
        room = scene.width - self._first - GAP * len(wanted)
        widths = share_out(wanted, room)
        narrowest = map(self._narrowest, names)
        self.fits = all(width >= min(each) for width, *each in zip(widths, wanted, narrowest, strict=True))
        self._columns = list(zip(names, widths, strict=True))

    def drawn(self, paint: Paint) -> Drawing:
        """Draw the table."""
        headers = [Block(), *(heading(name, self._comparison, width) for name, width in self._columns)]
        bands = [[self._title(band), *(self._row(band, row) for row in band.rows)] for band in self._bands]
        is_cut = any(each.is_cut for band in bands for row in band for each in row)
        return Drawing(grid.table(headers, bands, paint), is_cut=is_cut, shows_spread=True)

    def _title(self, band: Band) -> list[Block]:
        """Say how the probe went."""
        title = Block.of(wrap(band.probe, self._first), Style.BOLD)
        if band.outcome is None:
            return [title, *(Block() for _ in self._columns)]
        return [title, *(self._value(band, band.outcome, name, width) for name, width in self._columns)]

    def _row(self, band: Band, row: Row) -> list[Block]:
        field = Block.of([f"  {line}" for line in wrap(row.field, self._first - GUTTER)])
        return [field, *(self._value(band, row, name, width) for name, width in self._columns)]

    def _value(self, band: Band, row: Row, name: str, width: int) -> Block:
        cell = row.cells[name]
        if cell.value is None and row is not band.outcome and band.is_told_by_outcome(name, cell):
            return Block()
        return block(cell, width, band.notes(row, name), spoken(cell), self._most)

    def _narrowest(self, name: str) -> int:
        """Give the width below which a column reads badly: no member that differs should be broken."""
        members = (members_of(row.cells[name])[0] for band in self._bands for row in band.all_rows())
        longest = max((width_of(member) for named in members for member in named), default=0)
        return max(_NARROWEST, min(GUTTER + longest + len(","), _WIDEST_MEMBER))

    def _wanted(self, name: str) -> int:
        label = [width_of(name), len(BASELINE) if self._comparison.is_baseline(name) else 0]
        rows = ((band, row) for band in self._bands for row in band.all_rows())
        return max([*label, *(wanted_by(row.cells[name], band.notes(row, name)) for band, row in rows)])
