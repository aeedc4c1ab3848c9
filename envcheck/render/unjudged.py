"""What a comparison did not judge, so that no verdict says more than was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.comparison import STOOD_OPEN, CellState, DurationValue, Why
from envcheck.render.bands import is_detail
from envcheck.render.reasons import reason_of
from envcheck.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.comparison import Cell, Comparison, Note

_OUTCOME: Final = "outcome"


class Place(NamedTuple):
    """One fact of one environment."""

    environment: str
    field: str
    """Probe and fact; the probe alone where none of its facts was judged."""


class Unjudged(NamedTuple):
    """Places that were not judged, for one reason."""

    what: str
    places: list[Place]
    is_everywhere: bool = False
    """Whether it is all there is of its kind, in every environment, so that no place need be named."""


def undecided(comparison: Comparison) -> dict[Place, Note | None]:
    """Give what there is something to say about, and too little to say it, with the reason."""
    places: dict[Place, Note | None] = {}
    for environment, field, cell in _candidates(comparison):
        if cell.state is CellState.UNDECIDED:
            places[Place(environment, field)] = cell.notes[-1] if cell.notes else None
    for finding in comparison.findings:
        if finding.is_undecided and finding.state in STOOD_OPEN:
            places.setdefault(Place(finding.environment, finding.field), finding.note)
    return places


def unjudged(comparison: Comparison) -> list[Unjudged]:
    """Give what was not judged at all, by the reason; what failed is told elsewhere."""
    latencies = 0
    found: dict[str, list[Place]] = {}
    of_latency: dict[str, list[Place]] = {}
    for environment, field, cell in _candidates(comparison):
        probe, _, fact = field.partition(".")
        if isinstance(cell.value, DurationValue):
            latencies += 1
            if (why := _why_no_latency(cell, comparison)) is not None:
                of_latency.setdefault(why, []).append(Place(environment, probe))
        elif (what := _what(cell, fact) or _left_out(cell, probe, fact)) is not None:
            found.setdefault(what, []).append(Place(environment, probe if fact == _OUTCOME else field))
    return [
        *(
            Unjudged(f"latency not judged ({why})", places, is_everywhere=len(places) == latencies)
            for why, places in of_latency.items()
        ),
        *(Unjudged(what, places) for what, places in found.items()),
    ]


def _left_out(cell: Cell, probe: str, fact: str) -> str | None:
    """Say why a fact that is shown only where it differs could not be held against the other side's.

    A probe that failed on the other side is told as a whole.
    """
    if cell.state is not CellState.INCOMPARABLE or not is_detail(probe, fact):
        return None
    why = next((note for note in cell.notes if note.why is not Why.FAILED_THERE), None)
    return None if why is None else f"not judged ({reason_of(why).what.removeprefix('not judged: ')})"


def _candidates(comparison: Comparison) -> Iterator[tuple[str, str, Cell]]:
    for row in comparison.rows:
        for environment, cell in row.cells.items():
            if not comparison.is_baseline(environment):
                yield environment, f"{row.probe}.{row.field}", cell


def _why_no_latency(cell: Cell, comparison: Comparison) -> str | None:
    if cell.state not in {CellState.NOISY, CellState.INCOMPARABLE}:
        return None
    for note in cell.notes:
        # It was judged: not slower.
        return None if note.why is Why.NOT_SEEN_TWICE else reason_of(note).what
    few = (notice.note for notice in comparison.notices if notice.note and notice.note.why is Why.LATENCY_NOT_JUDGED)
    return next((counted(note.number or 0, "sample") for note in few), "too few samples")


def _what(cell: Cell, fact: str) -> str | None:
    is_of_a_probe = fact == _OUTCOME
    match cell.state:
        case CellState.NOT_PROBED if is_of_a_probe and cell.value is None:
            return "not probed"
        case CellState.INCOMPARABLE if is_of_a_probe:
            return "not compared"
        case CellState.NOISY if is_of_a_probe:
            return "failed now and then"
        case CellState.NOISY:
            return "varies by itself, so not judged"
        case _:
            return None
