"""How a cell's state shows without colour, and what each mark means.

States are looked up by their value, for importing the enum would load pydantic before `envcheck --help` has printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.render.words import value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from envcheck.comparison import Cell


@dataclass(frozen=True, slots=True)
class Mark:
    """One column wide, so that marked and unmarked values line up."""

    symbol: str
    meaning: str
    is_difference: bool
    instead_of_value: str = "\N{EN DASH}"


MARKS: Final[Mapping[str, Mark]] = MappingProxyType(
    {
        "same": Mark(" ", "", is_difference=False),
        "differs": Mark("≠", "differs", is_difference=True),
        "added": Mark("+", "something was added", is_difference=True),
        "removed": Mark("-", "something is missing", is_difference=True),
        "error": Mark("✗", "failed", is_difference=True, instead_of_value="failed"),
        "accepted": Mark("≈", "differs, accepted", is_difference=True),
        "noisy": Mark("~", "varies by itself, or rests on too few samples", is_difference=False),
        "undecided": Mark("‽", "undecided: there is something to say, and too little to say it", is_difference=True),
        "incomparable": Mark("?", "cannot be compared", is_difference=True, instead_of_value="not comparable"),
        "not_probed": Mark("·", "not probed", is_difference=True, instead_of_value="not probed"),
    }
)


def mark_of(cell: Cell) -> Mark:
    """Give the mark of a cell's state."""
    return MARKS[cell.state]


def spoken(cell: Cell) -> str:
    """Give a cell's value in words, or what stands where there is no value."""
    return mark_of(cell).instead_of_value if cell.value is None else value_in_words(cell.value)


def legend(used: Iterable[str]) -> list[str]:
    """Explain the marks of these states, and only these."""
    states = set(used)
    return [f"{mark.symbol} {mark.meaning}" for state, mark in MARKS.items() if state in states and mark.meaning]
