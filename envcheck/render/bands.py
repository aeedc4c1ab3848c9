"""A comparison's rows as they are shown: by probe, its outcome first, its latency last, and nothing said twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.render.marks import mark_of, notes_of, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Cell, Comparison, Row

_OUTCOME: Final = "outcome"
LATENCY: Final = "latency"
_OF_THE_WHOLE_PROBE: Final = frozenset({"error", "not_probed", "incomparable"})
"""States that every field of a probe has when its outcome has them."""


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

    def in_a_word(self, name: str) -> tuple[str, str]:
        """Say how the probe went in one environment: its most telling state, and a few words."""
        if self.outcome is not None and (cell := self.outcome.cells[name]).state in _OF_THE_WHOLE_PROBE:
            return cell.state, f"{mark_of(cell).symbol} {spoken(cell)}"
        states = [row.cells[name].state.value for row in self.rows]
        differing = sum(state in ("differs", "added", "removed") for state in states)
        if differing:
            return "differs", f"≠ {differing}"
        if "accepted" in states:
            return "accepted", f"≈ {states.count('accepted')}"
        return ("baseline", "pass") if "baseline" in states else ("same", "same")


def bands_of(comparison: Comparison) -> list[Band]:
    """Put the rows into bands, in the order in which the probes come."""
    by_probe: dict[str, list[Row]] = {}
    for row in comparison.rows:
        by_probe.setdefault(row.probe, []).append(row)
    return [_band(probe, rows) for probe, rows in by_probe.items()]


def _band(probe: str, rows: Sequence[Row]) -> Band:
    outcome = next((row for row in rows if row.field == _OUTCOME), None)
    others = [row for row in rows if row.field != _OUTCOME]
    return Band(probe, outcome, sorted(others, key=lambda row: row.field == LATENCY))
