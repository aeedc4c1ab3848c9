"""The table of a comparison in Markdown: environments side by side, or one row for each where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.bands import bands_of, cells_of
from envcheck.render.escape import for_markdown, for_markdown_cell
from envcheck.render.markdown.markup import code_list, table
from envcheck.render.marks import MARKS, legend, mark_of, spoken
from envcheck.render.matrix import cells_in, matrix_of
from envcheck.render.words import members_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Cell, Comparison, Row
    from envcheck.render.bands import Band
    from envcheck.render.matrix import Fate, Line

_MOST_COLUMNS: Final = 6
_MOST_MEMBERS: Final = 8
"""The findings below have more of them."""


def drawn(comparison: Comparison) -> Iterator[str]:
    """Yield the table and its legend; nothing where nothing was probed."""
    bands = bands_of(comparison)
    matrix = matrix_of(comparison)
    is_narrow = len(comparison.environments) <= _MOST_COLUMNS
    if matrix:
        yield "## Opt-in probes"
        yield _probes_by_environment(comparison, matrix) if is_narrow else _environments_by_word(matrix)
        yield "## Details" if bands else ""
    yield _side_by_side(comparison, bands) if is_narrow else _row_each(comparison, bands)
    marks = legend([*cells_of(bands), *cells_in(matrix)], shows_spread=is_narrow)
    yield f"Marks: {', '.join(marks)}" if marks else ""


def _probes_by_environment(comparison: Comparison, matrix: Sequence[Line]) -> str:
    names = comparison.environments
    return table(
        ("probe", *(_named(name, comparison) for name in names)),
        ((for_markdown(line.probe), *(_fate(line.fates[name]) for name in names)) for line in matrix),
    )


def _environments_by_word(matrix: Sequence[Line]) -> str:
    rows = (
        (for_markdown(line.probe), _fate(fate), code_list(names, _MOST_MEMBERS))
        for line in matrix
        for fate, names in line.by_word()
    )
    return table(("probe", "how it went", "environments"), rows)


def _fate(fate: Fate) -> str:
    return f"{mark_of(fate.cell).symbol} {for_markdown_cell(fate.word)}".strip()


def _side_by_side(comparison: Comparison, bands: Sequence[Band]) -> str:
    names = comparison.environments
    rows = ((band, row) for band in bands for row in band.all_rows())
    return table(
        ("probe", "fact", *(_named(name, comparison) for name in names)),
        (
            (for_markdown(band.probe), for_markdown(row.field), *(_value(band, row, name) for name in names))
            for band, row in rows
        ),
    )


def _value(band: Band, row: Row, name: str) -> str:
    cell = row.cells[name]
    if cell.value is None and row is not band.outcome and band.is_told_by_outcome(name, cell):
        return ""
    return _cell(cell, spoken(cell), band.notes(row, name))


def _row_each(comparison: Comparison, bands: Sequence[Band]) -> str:
    rows = [
        (
            _named(name, comparison),
            *(_in_a_word(band, name) for band in bands),
            "<br>".join(_below(name, comparison, bands)),
        )
        for name in comparison.environments
    ]
    return table(("environment", *(for_markdown(band.probe) for band in bands), "what differs"), rows)


def _in_a_word(band: Band, name: str) -> str:
    state, said = band.in_a_word(name)
    latency = band.latency(name)
    return f"{MARKS[state].symbol} {for_markdown_cell(said)}{'' if latency is None else f', {latency}'}".strip()


def _below(name: str, comparison: Comparison, bands: Sequence[Band]) -> Iterator[str]:
    for band in bands:
        if comparison.is_baseline(name):
            yield from (for_markdown_cell(f"{band.probe}.{fact}") for fact in band.facts(name))
        for told in band.worth_telling(name):
            yield _cell(told.cell, f"{told.field} {told.said}", told.notes)


def _named(name: str, comparison: Comparison) -> str:
    return for_markdown(name) + (" (baseline)" if comparison.is_baseline(name) else "")


def _cell(cell: Cell, text: str, notes: Sequence[str]) -> str:
    members, total = members_of(cell)
    behind = [code_list(members, _MOST_MEMBERS, total)] if members else []
    behind += map(for_markdown_cell, notes)
    said = f"{mark_of(cell).symbol} {for_markdown_cell(text)}".strip()
    return f"{said}: {'; '.join(behind)}" if behind else said
