"""A comparison's rows as they are shown: by probe, its outcome first, its latency last, and nothing said twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import CellState, DurationValue
from envcheck.probes import PROBES
from envcheck.render.marks import mark_of, spoken
from envcheck.render.reasons import certainty_of, notes_of
from envcheck.render.words import change_in_words, milliseconds
from envcheck.transport import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Cell, Comparison, Row, Value

_OUTCOME: Final = "outcome"
_OF_THE_WHOLE_PROBE: Final = frozenset({CellState.ERROR, CellState.NOT_PROBED, CellState.INCOMPARABLE})
"""States that every field of a probe has when its outcome has them."""
_DIFFERENCES: Final = frozenset({CellState.DIFFERS, CellState.ADDED, CellState.REMOVED})
_TELLING: Final = _DIFFERENCES | {CellState.UNDECIDED, CellState.ACCEPTED}
"""States for whose sake a detail is shown."""


class Told(NamedTuple):
    """One thing that is worth telling of an environment, where its row has no column to stand in."""

    field: str
    """Probe and fact."""
    cell: Cell
    said: str
    """What was expected, and what is there."""
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of one probe."""

    probe: str
    baselines: Mapping[str, str | None]
    """By column, the one that it is held against; itself for a baseline."""
    outcome: Row | None
    rows: Sequence[Row]
    timed: frozenset[str]
    """The fields that are latencies."""
    tells_certainty: bool = False
    """Whether p values are told."""

    def all_rows(self) -> list[Row]:
        """Give the rows in the order in which they are shown."""
        return [row for row in (self.outcome, *self.rows) if row is not None]

    def is_told_by_outcome(self, name: str, cell: Cell) -> bool:
        """Whether a cell is as it is only because of how the whole probe went in that environment."""
        if self.outcome is None or cell.state not in _OF_THE_WHOLE_PROBE:
            return False
        return self.outcome.cells[name].state == cell.state

    def notes(self, row: Row, name: str) -> list[str]:
        """Give what a cell notes, without what the outcome notes already."""
        cell = row.cells[name]
        known = notes_of(self.outcome.cells[name]) if self.outcome not in (None, row) else ()
        certainty = certainty_of(cell) if self.tells_certainty else []
        return [*certainty, *(note for note in notes_of(cell) if note not in known)]

    def worth_telling(self, name: str) -> Iterator[Told]:
        """Give the fields that say more of one environment than its outcome does."""
        for row in self.all_rows():
            cell = row.cells[name]
            if cell.state is CellState.SAME or self._is_plain_latency(row, cell):
                continue
            if not self.is_told_by_outcome(name, cell):
                yield Told(f"{self.probe}.{row.field}", cell, self._said(row, name), self.notes(row, name))

    def facts(self, name: str) -> list[str]:
        """Give one environment's steady values with their fields, without its latency."""
        cells = ((row, row.cells[name]) for row in self.rows if row.field not in self.timed)
        return [
            f"{row.field} {spoken(cell)}"
            for row, cell in cells
            if cell.value is not None and cell.state is CellState.SAME
        ]

    def in_a_word(self, name: str) -> tuple[CellState, str]:
        """Say how the probe went in one environment: its most telling state, and a few words."""
        if self.outcome is not None and (cell := self.outcome.cells[name]).state in _OF_THE_WHOLE_PROBE:
            return cell.state, spoken(cell)
        cells = ((row, row.cells[name]) for row in self.all_rows())
        states = [cell.state for row, cell in cells if not self._is_plain_latency(row, cell)]
        differing = sum(state in _DIFFERENCES for state in states)
        if differing:
            return CellState.DIFFERS, f"{differing} differs" if differing == 1 else f"{differing} differ"
        for state, word in _IN_A_WORD.items():
            if state in states:
                return state, f"{states.count(state)} {word}"
        return CellState.SAME, "pass" if name == self.baselines.get(name) else "same"

    def latency(self, name: str) -> str | None:
        """Give the median of the latency that nothing was found about."""
        cells = (row.cells[name] for row in self.rows if self._is_plain_latency(row, row.cells[name]))
        medians = (milliseconds(cell.value.median_ms) for cell in cells if isinstance(cell.value, DurationValue))
        return next(medians, None)

    def without_quiet_details(self) -> Band | None:
        """Leave out details that do not differ; None where no row is left that is worth its line."""
        rows = [row for row in self.rows if not is_detail(row.probe, row.field) or _has_state(row, _TELLING)]
        outcome = self.outcome
        is_quiet = outcome is None or (
            is_detail(outcome.probe, outcome.field) and not _has_state(outcome, _TELLING | {CellState.ERROR})
        )
        return None if is_quiet and not rows else replace(self, rows=rows)

    def only_differences(self) -> Band | None:
        """Leave out the rows in which no environment differs, and noise; None where no row is left."""
        rows = [row for row in self.rows if self._is_worth_a_look(row)]
        outcome = self.outcome
        if outcome is not None and not any(mark_of(cell).is_worth_a_look for cell in outcome.cells.values()):
            outcome = None
        return replace(self, outcome=outcome, rows=rows) if outcome is not None or rows else None

    def _is_worth_a_look(self, row: Row) -> bool:
        return any(
            mark_of(cell).is_worth_a_look and not self.is_told_by_outcome(name, cell)
            for name, cell in row.cells.items()
        )

    def _is_plain_latency(self, row: Row, cell: Cell) -> bool:
        """Whether a cell is a latency that nothing was found about, which is nearly always noise."""
        return row.field in self.timed and not mark_of(cell).is_worth_a_look

    def _said(self, row: Row, name: str) -> str:
        cell = row.cells[name]
        expected: Value = cell.expected
        baseline = self.baselines.get(name)
        if expected is None and baseline is not None and baseline in row.cells:
            expected = row.cells[baseline].value
        return spoken(cell) if cell.value is None else change_in_words(expected, cell.value)


_IN_A_WORD: Final = {
    CellState.UNDECIDED: "undecided",
    CellState.INCOMPARABLE: "not comparable",
    CellState.NOT_PROBED: "not probed",
    CellState.ACCEPTED: "accepted",
    CellState.NOISY: "noisy",
}


def bands_of(comparison: Comparison, *, only_differences: bool = False, tells_certainty: bool = False) -> list[Band]:
    """Put the rows into bands, in the order in which the probes come, without those that say nothing."""
    by_probe: dict[str, list[Row]] = {}
    for row in comparison.rows:
        if any(cell.value is not None or cell.state is not CellState.SAME for cell in row.cells.values()):
            by_probe.setdefault(row.probe, []).append(row)
    baselines = {name: comparison.baseline_of(name) for name in comparison.environments}
    bands: list[Band] = []
    for probe, rows in by_probe.items():
        outcome = next((row for row in rows if row.field == _OUTCOME), None)
        timed = frozenset(row.field for row in rows if _is_latency(row))
        others = sorted((row for row in rows if row.field != _OUTCOME), key=lambda row: row.field in timed)
        band = Band(probe, baselines, outcome, others, timed, tells_certainty).without_quiet_details()
        bands += [] if band is None else [band]
    return [kept for band in bands if (kept := band.only_differences())] if only_differences else bands


def cells_of(bands: Sequence[Band]) -> Iterator[Cell]:
    """Give every cell that is shown."""
    for band in bands:
        for row in band.all_rows():
            yield from row.cells.values()


def is_detail(name: str, field: str) -> bool:
    """Tell whether a row is of interest only where it differs: of an optional probe, the matrix says how it went."""
    probe = PROBES.get(name)
    return name == TRANSPORT or (probe is not None and (probe.optional or field in probe.details))


def _has_state(row: Row, states: frozenset[CellState]) -> bool:
    return any(cell.state in states for cell in row.cells.values())


def _is_latency(row: Row) -> bool:
    return any(isinstance(cell.value, DurationValue) for cell in row.cells.values())
