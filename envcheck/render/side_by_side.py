"""The two ways to arrange a comparison in a terminal: environments side by side, or one row for each."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.render.bands import nothing_to_tell
from envcheck.render.escape import for_terminal
from envcheck.render.grid import GAP, Block
from envcheck.render.layout import clip, listed, share_out, width_of, wrap
from envcheck.render.marks import mark_of, members_of, notes_of, spoken
from envcheck.render.palette import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Cell, Comparison, Row
    from envcheck.render.bands import Band

_GUTTER: Final = 2
"""The mark and a space."""
_NARROWEST: Final = 18
"""Below this, values are broken so often that a row for each environment reads better."""
_WIDEST: Final = 48
_MOST_LINES: Final = 4
_BASELINE: Final = "(baseline)"

_STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "baseline": Style.NONE,
        "same": Style.NONE,
        "differs": Style.DIFFERENT,
        "added": Style.ADDED,
        "removed": Style.BAD,
        "error": Style.BAD,
        "accepted": Style.DIM,
        "noisy": Style.DIM,
        "incomparable": Style.DIM,
        "not_probed": Style.DIM,
    }
)


class SideBySide:
    """Environments as columns, fields as rows."""

    def __init__(self, comparison: Comparison, bands: Sequence[Band], width: int) -> None:
        self._comparison = comparison
        self._bands = bands
        fields = [width_of(row.field) + _GUTTER for band in bands for row in band.rows]
        self._first = min(max([*fields, *(width_of(band.probe) for band in bands)]), width // 3)
        wanted = [self._wanted(name) for name in comparison.environments]
        room = width - self._first - GAP * len(wanted)
        self.fits = room >= sum(min(each, _NARROWEST) for each in wanted)
        self._columns = list(zip(comparison.environments, share_out(wanted, room), strict=True))

    def headers(self) -> list[Block]:
        """Name the environments, the baseline first."""
        return [Block(), *(_heading(name, self._comparison, width) for name, width in self._columns)]

    def bands(self) -> list[list[list[Block]]]:
        """Give a band of rows for each probe, the first of which says how the probe went."""
        return [[self._title(band), *(self._row(band, row) for row in band.rows)] for band in self._bands]

    def _title(self, band: Band) -> list[Block]:
        title = Block(tuple(wrap(band.probe, self._first)), Style.BOLD)
        if band.outcome is None:
            return [title, *(Block() for _ in self._columns)]
        cells = band.outcome.cells
        return [title, *(_cell(cells[name], width, notes_of(cells[name])) for name, width in self._columns)]

    def _row(self, band: Band, row: Row) -> list[Block]:
        field = Block(tuple(f"  {line}" for line in wrap(row.field, self._first - _GUTTER)))
        return [field, *(self._value(band, row.cells[name], name, width) for name, width in self._columns)]

    def _value(self, band: Band, cell: Cell, name: str, width: int) -> Block:
        if cell.value is None and band.is_told_by_outcome(name, cell):
            return Block()
        return _cell(cell, width, band.notes(name, cell))

    def _wanted(self, name: str) -> int:
        heading = [width_of(name), len(_BASELINE) if name == self._comparison.baseline else 0]
        rows = (row for band in self._bands for row in (band.outcome, *band.rows) if row is not None)
        return max([*heading, *(_wanted_by(row.cells[name]) for row in rows)])


class RowEach:
    """Environments as rows, with what each has that the baseline has not."""

    def __init__(self, comparison: Comparison, bands: Sequence[Band], width: int) -> None:
        self._comparison = comparison
        self._bands = bands
        self._words = {
            name: [band.in_a_word(name, nothing_to_tell(name, comparison)) for band in bands]
            for name in comparison.environments
        }
        columns = list(self._narrow_columns())
        wanted = [max(map(width_of, column)) for column in columns]
        room = width - GAP * len(columns)
        # What differs has two fifths of the width before a long name has more.
        taken = share_out(wanted, min(sum(wanted), room * 3 // 5))
        self._widths = [*taken, room - sum(taken)]

    def headers(self) -> list[Block]:
        """Name the probes."""
        titles = ["environment", *(band.probe for band in self._bands), "what differs"]
        return [Block(tuple(wrap(text, width)), Style.BOLD) for text, width in zip(titles, self._widths, strict=True)]

    def bands(self) -> list[list[list[Block]]]:
        """Give one row for each environment, in one band."""
        return [[self._row(name) for name in self._comparison.environments]]

    def _row(self, name: str) -> list[Block]:
        first, *narrow, last = self._widths
        return [
            _heading(name, self._comparison, first),
            *(
                Block(tuple(wrap(for_terminal(said), width)), _STYLES[state])
                for (state, said), width in zip(self._words[name], narrow, strict=True)
            ),
            Block(tuple(self._told(name, last))),
        ]

    def _narrow_columns(self) -> Iterator[list[str]]:
        names = self._comparison.environments
        yield ["environment", _BASELINE, *names]
        for index, band in enumerate(self._bands):
            yield [band.probe, *(words[index][1] for words in self._words.values())]

    def _told(self, name: str, width: int) -> Iterator[str]:
        if name == self._comparison.baseline:
            facts = [fact for band in self._bands for fact in band.facts(name)]
            yield from wrap(for_terminal(", ".join(facts)), width)
        else:
            for band in self._bands:
                for field, cell in band.worth_telling(name):
                    yield from _cell(cell, width, band.notes(name, cell), f"{band.probe}.{field} ").lines
        latencies = [f"{band.probe} {latency}" for band in self._bands if (latency := band.latency(name)) is not None]
        if latencies:
            yield from wrap(for_terminal(f"latency: {', '.join(latencies)}"), width)


def _heading(name: str, comparison: Comparison, width: int) -> Block:
    label = (_BASELINE,) if name == comparison.baseline else ()
    return Block((*wrap(name, width), *label), Style.BOLD)


def _wanted_by(cell: Cell) -> int:
    members, total = members_of(cell)
    named = listed(members, total, _WIDEST) if members else ""
    return min(_GUTTER + max(width_of(for_terminal(text)) for text in (spoken(cell), named, *notes_of(cell))), _WIDEST)


def _cell(cell: Cell, width: int, notes: Sequence[str], field: str = "") -> Block:
    room = width - _GUTTER
    lines = clip(wrap(for_terminal(field + spoken(cell)), room), _MOST_LINES)
    members, total = members_of(cell)
    if members:
        lines += clip(wrap(for_terminal(listed(members, total, room * 2)), room), _MOST_LINES)
    for note in notes:
        lines += clip(wrap(for_terminal(note), room), _MOST_LINES)
    mark = mark_of(cell).symbol
    return Block(tuple(f"{' ' if index else mark} {line}" for index, line in enumerate(lines)), _STYLES[cell.state])
