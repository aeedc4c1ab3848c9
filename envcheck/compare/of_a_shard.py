"""What a shard judged of an environment, and how it stands in the comparison of all shards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.compare.expectations import Told
from envcheck.comparison import Cell, CellState, DurationValue, FindingState, TallyValue
from envcheck.judge.judgement import Judgement
from envcheck.probes import PROBES
from envcheck.rules import OF_EXPECTATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.compare.grid import Grid
    from envcheck.comparison import Comparison, Finding

_NOTHING: Final = Judgement(Cell(value=None, state=CellState.SAME))


class Judged:
    """What one comparison says of one of its environments."""

    def __init__(self, comparison: Comparison, name: str) -> None:
        self.cells = {(row.probe, row.field): row.cells[name] for row in comparison.rows if name in row.cells}
        self._by_field: dict[str, list[Finding]] = {}
        of_expectations: dict[str, Finding] = {}
        for finding in comparison.findings:
            if finding.environment != name or finding.state is FindingState.ABSENT:
                continue
            if finding.rule in OF_EXPECTATIONS:
                of_expectations[finding.fingerprint] = _as_found(finding)
            else:
                self._by_field.setdefault(finding.field, []).append(_as_found(finding))
        self.told = [
            Told(expectation, of_expectations.get(expectation.fingerprint))
            for expectation in comparison.expectations
            if expectation.environment == name
        ]

    def findings(self, place: tuple[str, str]) -> tuple[Finding, ...]:
        """Return what was found of a probe's fact."""
        return tuple(self._by_field.get(".".join(place), ()))


def _as_found(finding: Finding) -> Finding:
    """Take away what the comparison of all decides anew."""
    is_accepted = finding.state is FindingState.ACCEPTED
    state = FindingState.ACCEPTED if is_accepted else FindingState.OPEN
    return finding.model_copy(update={"state": state, "counted": False})


def as_judged(grid: Grid, judged: Mapping[str, Judged]) -> Grid:
    """Put what the shards judged, by environment, in the place of what saved evidence alone can say.

    `grid` holds what is judged of the evidence of all shards together, in the order in which it is shown.
    """
    places = dict.fromkeys((*grid, *(place for each in judged.values() for place in each.cells)))
    return {
        place: {name: _judgement(grid.get(place, {}).get(name, _NOTHING), each, place) for name, each in judged.items()}
        for place in places
    }


def _judgement(again: Judgement, judged: Judged, place: tuple[str, str]) -> Judgement:
    """Give what the shard said of a fact; of what rests on chance what is said of it now."""
    found = judged.findings(place)
    if _rests_on_chance(again.cell):
        return replace(again, findings=tuple(_as_accepted(finding, found) for finding in again.findings))
    cell = judged.cells.get(place, again.cell)
    settled = again.settled
    if again.cell.state is CellState.UNDECIDED and cell.state is not CellState.UNDECIDED:
        settled = _all_rules(place)  # which it could tell, for it had the names in memory
    return Judgement(cell, found, settled, again.unsure)


def _rests_on_chance(cell: Cell) -> bool:
    return isinstance(cell.value, DurationValue | TallyValue) and cell.value.p is not None


def _as_accepted(finding: Finding, found: Sequence[Finding]) -> Finding:
    same = next((each for each in found if each.fingerprint == finding.fingerprint), None)
    if same is None:
        return finding
    kept = {
        "state": same.state,
        "reason": same.reason,
        "expires": same.expires,
        "first_seen": same.first_seen,
        "runs": same.runs,
    }
    return finding.model_copy(update=kept)


def _all_rules(place: tuple[str, str]) -> frozenset[str]:
    probe, name = place
    fields = PROBES[probe].judged if probe in PROBES else ()
    return frozenset(rule.name for field in fields if field.name == name for rule in field.rules)
