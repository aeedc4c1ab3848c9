"""The table of a comparison in Markdown: environments side by side, or one row for each where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.bands import bands_of, nothing_to_tell
from envcheck.render.escape import for_markdown, for_markdown_cell
from envcheck.render.markdown.markup import code_list, table
from envcheck.render.marks import MARKS, mark_of, spoken
from envcheck.render.words import members_of, notes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Cell, Comparison, Row
    from envcheck.render.bands import Band

_MOST_COLUMNS: Final = 6
_MOST_MEMBERS: Final = 8


def drawn(comparison: Comparison) -> str:
    """Give the table; empty where nothing was probed."""
    bands = bands_of(comparison)
    is_narrow = len(comparison.environments) <= _MOST_COLUMNS
    return _side_by_side(comparison, bands) if is_narrow else _row_each(comparison, bands)


def _side_by_side(comparison: Comparison, bands: Sequence[Band]) -> str:
    names = comparison.environments
    rows = ((band, row) for band in bands for row in (band.outcome, *band.rows) if row is not None)
    return table(
        ("probe", "fact", *(_named(name, comparison) for name in names)),
        ((band.probe, row.field, *(_value(band, row, name) for name in names)) for band, row in rows),
    )


def _value(band: Band, row: Row, name: str) -> str:
    cell = row.cells[name]
    if row is band.outcome:
        return _cell(cell, notes_of(cell))
    if cell.value is None and band.is_told_by_outcome(name, cell):
        return ""
    return _cell(cell, band.notes(name, cell))


def _row_each(comparison: Comparison, bands: Sequence[Band]) -> str:
    rows = [
        (
            _named(name, comparison),
            *(_in_a_word(band, name, comparison) for band in bands),
            _what_differs(name, comparison, bands),
        )
        for name in comparison.environments
    ]
    return table(("environment", *(band.probe for band in bands), "what differs"), rows)


def _in_a_word(band: Band, name: str, comparison: Comparison) -> str:
    state, said = band.in_a_word(name, nothing_to_tell(name, comparison))
    return f"{MARKS[state].symbol} {for_markdown_cell(said)}".strip()


def _what_differs(name: str, comparison: Comparison, bands: Sequence[Band]) -> str:
    told: list[str] = []
    for band in bands:
        if name == comparison.baseline:
            told += (f"{band.probe}.{field} {for_markdown_cell(value)}" for field, value in band.facts(name))
        else:
            cells = band.worth_telling(name)
            told += (f"{band.probe}.{field} {_cell(cell, band.notes(name, cell))}" for field, cell in cells)
        latency = band.latency(name)
        told += [f"{band.probe}.latency {for_markdown_cell(latency)}"] if latency is not None else []
    return "<br>".join(told)


def _named(name: str, comparison: Comparison) -> str:
    return for_markdown(name) + (" (baseline)" if name == comparison.baseline else "")


def _cell(cell: Cell, notes: Sequence[str]) -> str:
    members, total = members_of(cell)
    behind = [code_list(members, _MOST_MEMBERS, total)] if members else []
    behind += map(for_markdown_cell, notes)
    said = f"{mark_of(cell).symbol} {for_markdown_cell(spoken(cell))}".strip()
    return f"{said}: {'; '.join(behind)}" if behind else said
