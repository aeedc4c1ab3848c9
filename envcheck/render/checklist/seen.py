"""What was seen of each rule in one environment: in order, in doubt, or found.

The rows say which facts were judged, and the registry by which rules; what was found is in the findings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from envcheck.comparison import (
    STOOD_OPEN,
    CellState,
    DayValue,
    DurationValue,
    FindingState,
    HeldAgainst,
    Note,
    OutcomeValue,
    Why,
)
from envcheck.judge.outcome import FIELD as OUTCOME
from envcheck.judge.transport import FIELDS as OF_TRANSPORT
from envcheck.model import Outcome
from envcheck.probes import PROBES
from envcheck.probes.base import LATENCY
from envcheck.render.checklist.probed import NOT_HELD
from envcheck.render.reasons import Reason, reason_of
from envcheck.render.words import milliseconds, probability, tallied
from envcheck.rules import LATENCY_SLOWER, PROBE_FAILED, PROBE_UNRELIABLE
from envcheck.transport import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from envcheck.comparison import Cell, Comparison, Finding, Row
    from envcheck.rules import Rule

OF_EXPECTATIONS: Final = "expect."
"""Rules whose findings are told as the expectations that they come from."""
_FOUND: Final = frozenset({CellState.DIFFERS, CellState.ADDED, CellState.REMOVED, CellState.ACCEPTED})
_NOTHING_FOLLOWS: Final = frozenset({*NOT_HELD, Why.UNSUPPORTED_THERE, Why.SAID_BY_ONE})
"""What is told elsewhere, or is no difference at all: a gateway need not say what another one says."""
_VARIES: Final = Reason("it varies by itself")
_UNTIMED: Final = Reason("no sample of it could be used", "run again")


@dataclass(slots=True)
class Seen:
    """What was seen of one rule."""

    probe: str
    done: list[str] = field(default_factory=list)
    """Of each fact that was judged and found to be in order: its numbers, or nothing."""
    doubts: dict[Reason, list[str]] = field(default_factory=dict)
    """Which facts could not be judged, by the reason."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_of_several(self) -> bool:
        """Whether it is about more than one fact, so that each has to be named."""
        return len(self.done) + sum(map(len, self.doubts.values())) > 1


def seen_of_rules(comparison: Comparison, environment: str) -> Mapping[str, Seen]:
    """Give what was seen, by the name of the rule."""
    reader = _Reader(comparison, environment)
    for row in comparison.rows:
        if environment in row.cells:
            reader.read(row, row.cells[environment])
    reader.add_untimed()
    reader.add_findings()
    return reader.seen


class _Reader:
    """Reads the rows and findings of one environment."""

    def __init__(self, comparison: Comparison, environment: str) -> None:
        self.seen: dict[str, Seen] = {}
        self._baseline = comparison.baseline_of(environment)
        self._is_held = comparison.held_against is not HeldAgainst.NOTHING and not comparison.is_baseline(environment)
        self._findings = [
            finding
            for finding in comparison.findings
            if finding.environment == environment and finding.state is not FindingState.ABSENT
        ]
        self._found_in: dict[str, set[str]] = {}
        for finding in self._findings:
            self._found_in.setdefault(finding.field, set()).add(finding.rule)
        self._read: set[str] = set()
        self._passed: list[str] = []
        self._timed: set[str] = set()

    def read(self, row: Row, cell: Cell) -> None:
        """Take in one fact."""
        if row.field == OUTCOME:
            self._read_outcome(row, cell)
            return
        place = f"{row.probe}.{row.field}"
        if row.field == LATENCY.name and (cell.value is not None or cell.state is CellState.UNDECIDED):
            self._timed.add(row.probe)
        found = self._found_in.get(place, set())
        for rule in _rules_of(row):
            self._read.add(place)
            if rule.name in found or not (rule.of_itself or self._is_held):
                continue
            doubt = _doubt(cell, found)
            if doubt is not None:
                self._of(rule.name, row.probe).doubts.setdefault(doubt, []).append(_fact(row))
            elif _is_in_order(cell):
                self._of(rule.name, row.probe).done.append(self._numbers(row, cell))

    def add_untimed(self) -> None:
        """Take in that no sample of a probe could be used, as on a machine that stood still: there is no row of it."""
        for probe in self._passed if self._is_held else ():
            is_judged = probe in PROBES and any(each.name == LATENCY.name for each in PROBES[probe].judged)
            if is_judged and probe not in self._timed:
                self._of(LATENCY_SLOWER.name, probe).doubts.setdefault(_UNTIMED, []).append(probe)

    def add_findings(self) -> None:
        """Take in what was found and is not accepted; what is undecided was seen in its row, where that is known."""
        for finding in self._findings:
            is_told_elsewhere = finding.rule == PROBE_FAILED.name or finding.rule.startswith(OF_EXPECTATIONS)
            if finding.state not in STOOD_OPEN or is_told_elsewhere:
                continue
            seen = self._of(finding.rule, finding.field.partition(".")[0]) if not finding.is_undecided else None
            if seen is not None:
                seen.findings.append(finding)
            elif finding.field not in self._read:
                why = Reason("it is undecided") if finding.note is None else reason_of(finding.note)
                self._of(finding.rule, finding.field.partition(".")[0]).doubts.setdefault(why, []).append(finding.field)

    def _of(self, rule: str, probe: str) -> Seen:
        return self.seen.setdefault(rule, Seen(probe))

    def _read_outcome(self, row: Row, cell: Cell) -> None:
        """Take in what passed and is held against something, and what fails now and then, too seldom to be found."""
        is_held = not any(note.why in _NOTHING_FOLLOWS for note in cell.notes)
        if isinstance(cell.value, OutcomeValue) and cell.value.outcome is Outcome.PASS and is_held:
            self._passed.append(row.probe)
        if cell.state is CellState.NOISY and isinstance(cell.value, OutcomeValue):
            why = Reason(tallied(cell.value.failed, cell.value.taken), "run again")
            self._of(PROBE_UNRELIABLE.name, row.probe).doubts.setdefault(why, []).append(row.probe)

    def _numbers(self, row: Row, cell: Cell) -> str:
        """Say what is worth telling of a fact that is in order."""
        value = cell.value
        if isinstance(value, DayValue):
            return value.day.isoformat()
        if not isinstance(value, DurationValue):
            return ""
        there = None if self._baseline is None else row.cells.get(self._baseline)
        before = cell.expected if there is None else there.value
        other = [milliseconds(before.median_ms)] if isinstance(before, DurationValue) else []
        chance = [] if value.p is None else [probability(value.p)]
        return f"{_fact(row)} {', '.join((*other, milliseconds(value.median_ms), *chance, f'n = {value.n}'))}"


def _rules_of(row: Row) -> Sequence[Rule]:
    """Give the rules that judge a fact; none where it is of a newer release, or no probe's."""
    fields = OF_TRANSPORT if row.probe == TRANSPORT else PROBES[row.probe].judged if row.probe in PROBES else ()
    judging = {rule.name: rule for each in fields if each.name == row.field for rule in each.rules}
    return [rule for name, rule in judging.items() if not name.endswith(".undecided")]


def _doubt(cell: Cell, found: Collection[str]) -> Reason | None:
    """Say why a fact could not be judged; None where it could, or where nothing follows."""
    note = cell.notes[-1] if cell.notes else None
    if note is not None and (note.why is Why.NOT_SEEN_TWICE or note.why in _NOTHING_FOLLOWS):
        return None
    match cell.state:
        case CellState.NOISY if isinstance(cell.value, DurationValue):
            return reason_of(note or Note(why=Why.FEW_ASKED))
        case CellState.NOISY:
            return _VARIES
        case CellState.INCOMPARABLE | CellState.UNDECIDED:
            return reason_of(note or Note(why=Why.NO_FACTS))
        case state if state in _FOUND and note is not None and any(rule.endswith(".undecided") for rule in found):
            return reason_of(note)
        case _:
            return None


def _is_in_order(cell: Cell) -> bool:
    """Tell whether a fact was judged: no finding of a rule that judges it then means that it holds."""
    whys = {note.why for note in cell.notes}
    if cell.value is None or whys & _NOTHING_FOLLOWS:
        return False
    return cell.state is CellState.SAME or cell.state in _FOUND or Why.NOT_SEEN_TWICE in whys


def _fact(row: Row) -> str:
    """Name a fact; a probe's latency is the probe's own."""
    return row.probe if row.field == "latency" else f"{row.probe}.{row.field}"
