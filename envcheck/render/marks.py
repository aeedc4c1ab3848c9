"""How a cell's state shows without colour, and what each mark means.

States are looked up by their value, for importing the enum would load pydantic before `envcheck --help` has printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

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
        "noisy": Mark("~", "proves nothing: noise, or too few samples", is_difference=False),
        "incomparable": Mark("?", "cannot be compared", is_difference=True, instead_of_value="not comparable"),
        "not_probed": Mark("·", "not probed", is_difference=True, instead_of_value="not probed"),
    }
)

_SIGNS: Final = ("-", "+", "~")
_COUNTED: Final = re.compile(r"[-+~]([0-9]+)\b")


def mark_of(cell: Cell) -> Mark:
    """Give the mark of a cell's state."""
    return MARKS[cell.state]


def spoken(cell: Cell) -> str:
    """Give a cell's value without the mark it may begin with, or what stands where there is no value."""
    mark = mark_of(cell)
    return mark.instead_of_value if cell.value is None else cell.value.removeprefix(mark.symbol)


def members_of(cell: Cell) -> tuple[list[str], int]:
    """Give the members of a set that a cell names, with their signs, and how many there are, named or not."""
    named: list[str] = [item for item in cell.detail if item.startswith(_SIGNS)]
    counted = sum(map(int, _COUNTED.findall(cell.value or ""))) if named else 0
    return named, max(len(named), counted)


def notes_of(cell: Cell) -> list[str]:
    """Give what a cell says besides its value and its members, such as why it was not judged."""
    return [item for item in cell.detail if not item.startswith(_SIGNS)]


def legend(used: Iterable[str]) -> list[str]:
    """Explain the marks of these states, and only these."""
    states = set(used)
    return [f"{mark.symbol} {mark.meaning}" for state, mark in MARKS.items() if state in states and mark.meaning]
