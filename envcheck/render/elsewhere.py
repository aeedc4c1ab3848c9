"""How an environment looks from several vantages, in lines for every format: what differs, and how long it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import CellState, DurationValue
from envcheck.render.marks import mark_of, spoken
from envcheck.render.reasons import notes_of
from envcheck.render.words import in_words, members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Cell, Comparison, Elsewhere, Row

TITLE: Final = "Between vantages"
HOW: Final = "facts against those of the first; latencies are shown and not judged"
_MOST_NAMED: Final = 6


class Seen(NamedTuple):
    """One environment, and what there is to say of it."""

    environment: str
    lines: list[str]


def seen_from_each(comparison: Comparison) -> list[Seen]:
    """Return each environment that several vantages have, in the order of the comparison; none where there is one."""
    return [Seen(each.environment, list(_lines(each))) for each in comparison.elsewhere]


def _lines(seen: Elsewhere) -> Iterator[str]:
    differing = [row for row in seen.rows if not _is_latency(row) and _is_worth_a_look(row)]
    where = list(next((row.cells for row in seen.rows), ()))
    if not differing:
        yield f"no fact differs between {in_words(where, _MOST_NAMED)}"
    for row in [*differing, *filter(_is_latency, seen.rows)]:
        said = "; ".join(f"{vantage} {_said(cell)}" for vantage, cell in row.cells.items())
        yield f"{row.probe}.{row.field}: {said}"


def _is_latency(row: Row) -> bool:
    return any(isinstance(cell.value, DurationValue) for cell in row.cells.values())


def _is_worth_a_look(row: Row) -> bool:
    return any(mark_of(cell).is_worth_a_look for cell in row.cells.values())


def _said(cell: Cell) -> str:
    members, _ = members_of(cell)
    named = f": {in_words(members, _MOST_NAMED)}" if members else ""
    not_judged = cell.state in {CellState.UNDECIDED, CellState.INCOMPARABLE} and not isinstance(
        cell.value, DurationValue
    )
    why = f" ({', '.join(notes_of(cell))})" if not_judged and cell.notes else ""
    return f"{spoken(cell)}{named}{why}"
