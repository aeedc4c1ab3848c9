"""The two ways to arrange a comparison in a terminal: environments side by side, or one row for each."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.render.digest import summed_up
from envcheck.render.escape import for_terminal
from envcheck.render.grid import GAP, Block
from envcheck.render.layout import clip, listed, share_out, width_of, wrap
from envcheck.render.marks import mark_of, spoken
from envcheck.render.palette import Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Cell, Comparison, Row

_GUTTER: Final = 2
"""The mark and a space."""
_NARROWEST: Final = 18
"""Below this, values are broken so often that a row for each environment reads better."""
_WIDEST: Final = 48
_MOST_LINES: Final = 4
_MANY_MORE: Final = len(", … and 4990 more")

_WHOLE_PROBE: Final = frozenset({"error", "not_probed"})

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

    def __init__(self, comparison: Comparison, probes: Mapping[str, Sequence[Row]], width: int) -> None:
        self._comparison = comparison
        self._probes = probes
        names = [width_of(field) + _GUTTER for rows in probes.values() for field in (row.field for row in rows)]
        self._first = min(max([*names, *map(width_of, probes)], default=0), width // 3)
        wanted = [self._wanted(name) for name in comparison.environments]
        room = width - self._first - GAP * len(wanted)
        self.fits = room >= sum(min(each, _NARROWEST) for each in wanted)
        self._widths = share_out(wanted, room)

    def headers(self) -> list[Block]:
        """Name the environments, the baseline first."""
        columns = zip(self._comparison.environments, self._widths, strict=True)
        return [Block(), *(_heading(name, self._comparison, width) for name, width in columns)]

    def bands(self) -> list[list[list[Block]]]:
        """Give a band of rows for each probe."""
        return [list(self._band(probe, rows)) for probe, rows in self._probes.items()]

    def _band(self, probe: str, rows: Sequence[Row]) -> Iterator[list[Block]]:
        """Give the probe's own row, which says once what would be said in each of the others, and then those."""
        columns = list(zip(self._comparison.environments, self._widths, strict=True))
        whole = {name: _said_once([row.cells[name] for row in rows]) for name, _ in columns}
        title = Block(tuple(wrap(probe, self._first)), Style.BOLD)
        yield [title, *(Block() if (cell := whole[name]) is None else _cell(cell, width) for name, width in columns)]
        for row in rows:
            field = Block(tuple(f"  {line}" for line in wrap(row.field, self._first - _GUTTER)))
            yield [
                field,
                *(_cell(row.cells[name], width) if whole[name] is None else Block() for name, width in columns),
            ]

    def _wanted(self, name: str) -> int:
        heading = [width_of(name), len("(baseline)") if name == self._comparison.baseline else 0]
        cells = (row.cells[name] for rows in self._probes.values() for row in rows)
        return max([*heading, *(_wanted_by(cell) for cell in cells)])


class RowEach:
    """Environments as rows, with what each has that the baseline has not."""

    def __init__(self, comparison: Comparison, probes: Mapping[str, Sequence[Row]], width: int) -> None:
        self._comparison = comparison
        self._probes = probes
        self._summaries = {name: self._summary(name) for name in comparison.environments}
        *narrow, _ = columns = self._columns()
        wanted = [max(map(width_of, column)) for column in columns]
        room = width - GAP * len(narrow)
        # What differs is worth half of the width before a long name is.
        taken = share_out(wanted[:-1], min(sum(wanted[:-1]), room // 2))
        self._widths = [*taken, room - sum(taken)]

    def headers(self) -> list[Block]:
        """Name the probes."""
        titles = ["environment", *self._probes, "what differs" if self._comparison.baseline else "facts"]
        return [Block(tuple(wrap(title, width)), Style.BOLD) for title, width in zip(titles, self._widths, strict=True)]

    def bands(self) -> list[list[list[Block]]]:
        """Give one row for each environment, in one band."""
        return [[self._row(name) for name in self._comparison.environments]]

    def _row(self, name: str) -> list[Block]:
        first, *rest = self._widths
        *summaries, last = rest
        states = zip(self._summaries[name], summaries, strict=True)
        return [
            _heading(name, self._comparison, first),
            *(Block(tuple(wrap(text, width)), style) for (text, style), width in states),
            Block(tuple(self._told(name, last))),
        ]

    def _columns(self) -> list[list[str]]:
        names = [*self._comparison.environments, "environment", "(baseline)"]
        by_probe = [
            [probe, *(summary[index][0] for summary in self._summaries.values())]
            for index, probe in enumerate(self._probes)
        ]
        return [names, *by_probe, [""]]

    def _summary(self, name: str) -> list[tuple[str, Style]]:
        summaries = (summed_up([row.cells[name] for row in rows]) for rows in self._probes.values())
        return [(for_terminal(said), _STYLES[state]) for state, said in summaries]

    def _told(self, name: str, width: int) -> list[str]:
        if name == self._comparison.baseline or self._comparison.baseline is None:
            facts = (f"{row.field} {for_terminal(spoken(row.cells[name]))}" for row in self._rows())
            return wrap(", ".join(facts), width)
        lines: list[str] = []
        for row in self._rows():
            cell = row.cells[name]
            if mark_of(cell).is_difference and cell.state not in _WHOLE_PROBE:
                lines.extend(_cell(cell, width, named=f"{row.probe}.{row.field} ").lines)
        return lines

    def _rows(self) -> list[Row]:
        return [row for rows in self._probes.values() for row in rows]


def _said_once(cells: Sequence[Cell]) -> Cell | None:
    """Give the one cell that stands for a probe which failed or was not sent; None for any other."""
    states = {cell.state for cell in cells}
    return cells[0] if len(states) == 1 and states <= _WHOLE_PROBE else None


def _heading(name: str, comparison: Comparison, width: int) -> Block:
    label = ("(baseline)",) if name == comparison.baseline else ()
    return Block((*wrap(name, width), *label), Style.BOLD)


def _wanted_by(cell: Cell) -> int:
    detail = for_terminal(listed(cell.detail, len(cell.detail), _WIDEST - _MANY_MORE)) if cell.detail else ""
    return min(_GUTTER + max(width_of(spoken(cell)), width_of(detail)), _WIDEST)


def _cell(cell: Cell, width: int, named: str = "") -> Block:
    room = width - _GUTTER
    lines = clip(wrap(named + for_terminal(spoken(cell)), room), _MOST_LINES)
    if cell.detail:
        detail = for_terminal(listed(cell.detail, len(cell.detail), room * 2 - _MANY_MORE))
        lines += clip(wrap(detail, room), _MOST_LINES)
    mark = mark_of(cell).symbol
    return Block(tuple(f"{' ' if index else mark} {line}" for index, line in enumerate(lines)), _STYLES[cell.state])
