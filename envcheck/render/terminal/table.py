"""The comparison in a terminal: the table, what failed, what was found, and the verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render.bands import bands_of
from envcheck.render.marks import legend
from envcheck.render.terminal import below, grid
from envcheck.render.terminal.layout import packed
from envcheck.render.terminal.palette import Style, ansi, plain
from envcheck.render.terminal.row_each import RowEach
from envcheck.render.terminal.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence
    from envcheck.render.bands import Band
    from envcheck.render.terminal.palette import Paint


def render(
    comparison: Comparison, evidences: Sequence[Evidence], *, width: int, color: bool, only_differences: bool
) -> str:
    """Render a run for people, with a newline at its end.

    Args:
        comparison: what to show.
        evidences: of the same environments, for what failed and how.
        width: of the terminal, in columns; no line is wider where `width` is 60 or more.
        color: whether to use ANSI colours; what they say is said without them as well.
        only_differences: leave out the rows in which no environment differs.

    """
    paint = ansi if color else plain
    bands = bands_of(comparison)
    if only_differences:
        bands = [kept for band in bands if (kept := band.only_differences()) is not None]
    paragraphs = [
        [*_table(comparison, bands, width, paint), *_legend(bands, width, paint)],
        [*below.failed(evidences, width, paint)],
        below.found(comparison, width, paint),
        [*below.noticed(comparison, evidences, width)],
        below.last_line(comparison, evidences, width, paint),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def _table(comparison: Comparison, bands: Sequence[Band], width: int, paint: Paint) -> list[str]:
    if not bands:
        return []
    side_by_side = SideBySide(comparison, bands, width)
    arrangement = side_by_side if side_by_side.fits else RowEach(comparison, bands, width)
    return grid.table(arrangement.headers(), arrangement.bands(), paint)


def _legend(bands: Sequence[Band], width: int, paint: Paint) -> Iterator[str]:
    rows = (row for band in bands for row in (band.outcome, *band.rows) if row is not None)
    states = {cell.state for row in rows for cell in row.cells.values()}
    lines = packed(legend(states), width)
    if lines:
        yield ""
        yield from (paint(line, Style.DIM) for line in lines)
