"""A comparison's rows as they are shown: by probe, its outcome first, its latency last, and nothing said twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.render.marks import mark_of, spoken
from envcheck.render.words import notes_of, value_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Cell, Comparison, Row

_OUTCOME: Final = "outcome"
_LATENCY: Final = "latency"
_OF_THE_WHOLE_PROBE: Final = frozenset({"error", "not_probed", "incomparable"})
"""States that every field of a probe has when its outcome has them."""

_SAME: Final = "same"


@dataclass(frozen=True, slots=True)
class Band:
    """The rows of one probe."""

    probe: str
    outcome: Row | None
    rows: Sequence[Row]

    def is_told_by_outcome(self, name: str, cell: Cell) -> bool:
        """Whether a cell is as it is only because of how the whole probe went in that environment."""
        if self.outcome is None or cell.state not in _OF_THE_WHOLE_PROBE:
            return False
        return self.outcome.cells[name].state == cell.state

    def notes(self, name: str, cell: Cell) -> list[str]:
        """Give what a cell notes, without what the outcome notes already."""
        known = notes_of(self.outcome.cells[name]) if self.outcome is not None else ()
        return [note for note in notes_of(cell) if note not in known]

    def worth_telling(self, name: str) -> list[tuple[str, Cell]]:
        """Give the fields, and their cells, that say more of one environment than its outcome does."""
        outcome = [self.outcome] if self.outcome is not None else []
        return [
            (row.field, cell)
            for row in (*outcome, *self.rows)
            if (cell := row.cells[name]).state != _SAME
            and not _is_plain_latency(row, cell)
            and not self.is_told_by_outcome(name, cell)
        ]

    def facts(self, name: str) -> list[tuple[str, str]]:
        """Give one environment's own values with their fields, without its latency."""
        cells = ((row, row.cells[name]) for row in self.rows if row.field != _LATENCY)
        return [(row.field, spoken(cell)) for row, cell in cells if cell.value is not None]

    def latency(self, name: str) -> str | None:
        """Give the latency that nothing was found about."""
        cells = (row.cells[name] for row in self.rows if _is_plain_latency(row, row.cells[name]))
        return next((value_in_words(cell.value) for cell in cells if cell.value is not None), None)

    def in_a_word(self, name: str, otherwise: str) -> tuple[str, str]:
        """Say how the probe went in one environment: its most telling state, and a few words.

        Where there is nothing to tell, `otherwise` is said.
        """
        if self.outcome is not None and (cell := self.outcome.cells[name]).state in _OF_THE_WHOLE_PROBE:
            return cell.state, spoken(cell)
        cells = ((row, row.cells[name]) for row in self.rows)
        states = [cell.state.value for row, cell in cells if not _is_plain_latency(row, cell)]
        differing = sum(state in ("differs", "added", "removed") for state in states)
        if differing:
            return "differs", str(differing)
        for state in ("undecided", "accepted", "noisy"):
            if state in states:
                return state, str(states.count(state))
        return "same", otherwise

    def only_differences(self) -> Band | None:
        """Leave out the rows in which no environment differs, and noise; None where no row is left."""
        outcome = self.outcome
        rows = [row for row in self.rows if self._has_difference(row)]
        if outcome is not None and not any(mark_of(cell).is_difference for cell in outcome.cells.values()):
            outcome = None
        return Band(self.probe, outcome, rows) if outcome is not None or rows else None

    def _has_difference(self, row: Row) -> bool:
        return any(
            mark_of(cell).is_difference and not self.is_told_by_outcome(name, cell) for name, cell in row.cells.items()
        )


def _is_plain_latency(row: Row, cell: Cell) -> bool:
    """Whether a cell is a latency that nothing was found about, which is nearly always noise."""
    return row.field == _LATENCY and not mark_of(cell).is_difference


def nothing_to_tell(name: str, comparison: Comparison) -> str:
    """Say in a word how a probe went where nothing is worth telling."""
    return "pass" if name == comparison.baseline else "same"


def bands_of(comparison: Comparison) -> list[Band]:
    """Put the rows into bands, in the order in which the probes come, without those that say nothing."""
    by_probe: dict[str, list[Row]] = {}
    for row in comparison.rows:
        if any(cell.value is not None or cell.state != _SAME for cell in row.cells.values()):
            by_probe.setdefault(row.probe, []).append(row)
    return [_band(probe, rows) for probe, rows in by_probe.items()]


def _band(probe: str, rows: Sequence[Row]) -> Band:
    outcome = next((row for row in rows if row.field == _OUTCOME), None)
    others = [row for row in rows if row.field != _OUTCOME]
    return Band(probe, outcome, sorted(others, key=lambda row: row.field == _LATENCY))
