"""How each opt-in probe went in each environment, in a word: what stands above the details of a comparison."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import Cell, CellState, OutcomeValue
from envcheck.model import Outcome
from envcheck.probes import PROBES
from envcheck.render.marks import mark_of
from envcheck.render.words import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from envcheck.comparison import Comparison

_OUTCOME: Final = "outcome"
_HONOURED: Final = "honoured"
"""The fact of a probe that says whether what was accepted was also done."""
_REFUSALS: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY})
"""With these a gateway turns down what was asked; with others it says that there is no such route."""


class Fate(NamedTuple):
    """What became of one probe in one environment."""

    word: str
    """`honoured`, `ignored` and whatever else the probe has for it; else `pass`, `refused`, `unsupported`, `failed`."""
    cell: Cell
    """The one that says so, with the state of it."""


class Line(NamedTuple):
    """One opt-in probe."""

    probe: str
    fates: Mapping[str, Fate]
    """By environment, in the comparison's order."""

    def by_word(self) -> list[tuple[Fate, list[str]]]:
        """Give what became of it, each with the environments of which that is true, the baseline's first."""
        groups: dict[tuple[str, CellState], tuple[Fate, list[str]]] = {}
        for name, fate in self.fates.items():
            groups.setdefault((fate.word, fate.cell.state), (fate, []))[1].append(name)
        return list(groups.values())


def matrix_of(comparison: Comparison, *, only_differences: bool = False) -> list[Line]:
    """Give one line for each opt-in probe that any environment was asked for, in the order of the rows."""
    cells = {(row.probe, row.field): row.cells for row in comparison.rows}
    lines = [
        Line(probe, {name: _fate(cell, cells.get((probe, _HONOURED), {}).get(name)) for name, cell in row.items()})
        for (probe, field), row in cells.items()
        if field == _OUTCOME and probe in PROBES and PROBES[probe].optional
    ]
    return [line for line in lines if _is_worth_a_look(line)] if only_differences else lines


def cells_in(matrix: Iterable[Line]) -> Iterator[Cell]:
    """Give every cell that is shown."""
    for line in matrix:
        yield from (fate.cell for fate in line.fates.values())


def _fate(outcome: Cell, honoured: Cell | None) -> Fate:
    match outcome.value:
        case OutcomeValue(outcome=Outcome.PASS) if honoured is not None and honoured.value is not None:
            is_told_by_outcome = mark_of(outcome).is_worth_a_look
            return Fate(value_in_words(honoured.value), outcome if is_told_by_outcome else honoured)
        case OutcomeValue(outcome=Outcome.UNSUPPORTED, http_status=status):
            return Fate("refused" if status in _REFUSALS else "unsupported", outcome)
        case OutcomeValue(outcome=Outcome.FAIL):
            return Fate("failed", outcome)
        case OutcomeValue(outcome=ended):
            return Fate(ended.value, outcome)
        case _:
            return Fate("not asked", outcome)


def _is_worth_a_look(line: Line) -> bool:
    return any(mark_of(fate.cell).is_worth_a_look for fate in line.fates.values())
