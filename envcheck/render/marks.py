"""How a cell's state shows without colour, and what each mark means."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.comparison import CellState, DurationValue
from envcheck.render.words import change_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from envcheck.comparison import Cell


@dataclass(frozen=True, slots=True)
class Mark:
    """One column wide, so that marked and unmarked values line up."""

    symbol: str
    meaning: str
    is_worth_a_look: bool
    """Whether `--only-differences` keeps it."""
    instead_of_value: str = "\N{EN DASH}"


MARKS: Final[Mapping[CellState, Mark]] = MappingProxyType(
    {
        CellState.SAME: Mark(" ", "", is_worth_a_look=False),
        CellState.DIFFERS: Mark("≠", "differs", is_worth_a_look=True),
        CellState.ADDED: Mark("+", "something was added", is_worth_a_look=True),
        CellState.REMOVED: Mark("-", "something is missing", is_worth_a_look=True),
        CellState.ERROR: Mark("✗", "failed", is_worth_a_look=True, instead_of_value="failed"),
        CellState.UNDECIDED: Mark("!", "undecided: too little to tell", is_worth_a_look=True),
        CellState.ACCEPTED: Mark("≈", "differs, accepted", is_worth_a_look=True),
        CellState.NOISY: Mark("~", "varies by itself, or too few samples to judge", is_worth_a_look=False),
        CellState.INCOMPARABLE: Mark(
            "?", "cannot be compared", is_worth_a_look=True, instead_of_value="not comparable"
        ),
        CellState.NOT_PROBED: Mark("·", "not probed", is_worth_a_look=True, instead_of_value="not probed"),
    }
)
_SPREAD: Final = "± half of the samples lie that near"
_SAMPLES: Final = "n how many samples"


def mark_of(cell: Cell) -> Mark:
    """Give the mark of a cell's state."""
    return MARKS[cell.state]


def spoken(cell: Cell) -> str:
    """Give a cell's value in words, or what stands where there is no value.

    What it was in the earlier run stands before it, where a cell has both.
    """
    if cell.value is None:
        return mark_of(cell).instead_of_value
    if cell.expected is not None and mark_of(cell).is_worth_a_look:
        return change_in_words(cell.expected, cell.value)
    return value_in_words(cell.value)


def legend(cells: Iterable[Cell], *, shows_spread: bool = True) -> list[str]:
    """Explain the marks and signs in use, and only these."""
    used = list(cells)
    states = {cell.state for cell in used}
    marks = [f"{mark.symbol} {mark.meaning}" for state, mark in MARKS.items() if state in states and mark.meaning]
    durations = [cell.value for cell in used if isinstance(cell.value, DurationValue)]
    if shows_spread and any(duration.half_iqr_ms is not None for duration in durations):
        marks.append(_SPREAD)
    return [*marks, _SAMPLES] if durations else marks
