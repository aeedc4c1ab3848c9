"""The comparison in a terminal: the table, what failed, what was found, and the verdict in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.render.bands import bands_of, cells_of
from envcheck.render.marks import legend
from envcheck.render.matrix import cells_in, matrix_of
from envcheck.render.terminal import below, capabilities, findings
from envcheck.render.terminal.cells import MANY, MOST_LINES, MOST_LINES_OF_MANY
from envcheck.render.terminal.grid import Drawing
from envcheck.render.terminal.layout import packed
from envcheck.render.terminal.palette import Style, ansi, plain
from envcheck.render.terminal.row_each import RowEach
from envcheck.render.terminal.scene import Scene
from envcheck.render.terminal.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Cell, Comparison
    from envcheck.evidence import Evidence
    from envcheck.render.terminal.palette import Paint


def render(  # noqa: PLR0913 - by name, everything that the look of a result depends on
    comparison: Comparison,
    evidences: Sequence[Evidence],
    *,
    width: int,
    color: bool,
    only_differences: bool,
    show_all: bool = False,
    whole_in: str | None = None,
) -> str:
    """Render a run for people, with a newline at its end.

    Args:
        comparison: what to show.
        evidences: of the same environments, for what failed and how.
        width: of the terminal, in columns; no line is wider where `width` is 60 or more.
        color: whether to use ANSI colours; what they say is said without them as well.
        only_differences: leave out the rows in which no environment differs.
        show_all: show every member of a long difference, and p values.
        whole_in: the name of the report that has what is cut here; None where none is written.

    """
    paint = ansi if color else plain
    most = None if show_all else MOST_LINES_OF_MANY if len(comparison.environments) > MANY else MOST_LINES
    bands = bands_of(comparison, only_differences=only_differences, tells_certainty=show_all)
    matrix = matrix_of(comparison, only_differences=only_differences)
    table = _table(Scene(comparison, bands, width, most, only_differences), paint)
    found = findings.found(comparison, width, paint, most)
    is_cut = most is not None and (table.is_cut or found.is_cut)
    paragraphs = [
        capabilities.drawn(comparison, matrix, width, paint, most),
        [*table.lines, *_legend(table, [*cells_of(bands), *cells_in(matrix)], width, paint)],
        [*below.failed(evidences, width, paint)],
        found.lines,
        [*below.elsewhere(comparison, width, paint)],
        [*below.noticed(comparison, evidences, width), *(below.where_the_rest_is(whole_in, width) if is_cut else ())],
        below.last_line(comparison, width, paint),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def _table(scene: Scene, paint: Paint) -> Drawing:
    if not scene.bands:
        return Drawing([], is_cut=False, shows_spread=False)
    side_by_side = SideBySide(scene)
    return side_by_side.drawn(paint) if side_by_side.fits else RowEach(scene).drawn(paint)


def _legend(table: Drawing, cells: Sequence[Cell], width: int, paint: Paint) -> Iterator[str]:
    lines = packed(legend(cells, shows_spread=table.shows_spread), width)
    if lines:
        yield from [""] if table.lines else []
        yield from (paint(line, Style.DIM) for line in lines)
