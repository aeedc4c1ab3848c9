"""The comparison in a terminal: the table, what failed, what was found, and the verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render import below, grid
from envcheck.render.arrangement import RowEach, SideBySide
from envcheck.render.digest import has_difference, probes_of
from envcheck.render.layout import packed
from envcheck.render.marks import legend
from envcheck.render.palette import Style, ansi, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Comparison, Row
    from envcheck.evidence import Evidence
    from envcheck.render.palette import Paint


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
    probes = probes_of(comparison)
    if only_differences:
        kept = ((probe, [row for row in rows if has_difference(row)]) for probe, rows in probes.items())
        probes = {probe: rows for probe, rows in kept if rows}
    paragraphs = [
        [*_table(comparison, probes, width, paint), *_legend(probes, width, paint)],
        [*below.failed(evidences, width, paint)],
        below.found(comparison, width, paint),
        [*below.noticed(comparison, evidences, width)],
        below.last_line(comparison, evidences, width, paint),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def _table(comparison: Comparison, probes: Mapping[str, Sequence[Row]], width: int, paint: Paint) -> list[str]:
    if not probes:
        return []
    side_by_side = SideBySide(comparison, probes, width)
    arrangement = side_by_side if side_by_side.fits else RowEach(comparison, probes, width)
    return grid.table(arrangement.headers(), arrangement.bands(), paint)


def _legend(probes: Mapping[str, Sequence[Row]], width: int, paint: Paint) -> Iterator[str]:
    states = {cell.state for rows in probes.values() for row in rows for cell in row.cells.values()}
    lines = packed(legend(states), width)
    if lines:
        yield ""
        yield from (paint(line, Style.DIM) for line in lines)
