"""The items about probes: what answered, what failed and what to do, and what could not be held against anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.comparison import CellState, FindingState, Item, ItemState, Note, OutcomeValue, Why
from envcheck.judge.outcome import FIELD as OUTCOME
from envcheck.model import FailureClass, Outcome
from envcheck.probes import PROBES
from envcheck.redact import Redacted
from envcheck.render.advice import advice_for
from envcheck.render.checklist.wording import ACCEPT, and_remedy, fingerprint, quoted
from envcheck.render.reasons import reason_of
from envcheck.render.words import value_in_words
from envcheck.rules import PROBE_FAILED, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Cell, Comparison
    from envcheck.evidence import Check, Evidence

NOT_HELD: Final = frozenset({Why.FAILED_THERE, Why.NOT_PROBED_THERE, Why.NOT_ASKED, Why.ONLY_EARLIER})
"""Why a probe is held against nothing: one line tells it, and not one for each of its facts."""
_MS: Final = 1000


def items_of_probes(comparison: Comparison, environment: str, evidence: Evidence | None) -> Iterator[Item]:
    """Yield an item of all probes that were answered, and one of each that failed."""
    cells = {
        row.probe: row.cells[environment] for row in comparison.rows if _is_outcome(row.field, row.cells, environment)
    }
    outcomes = {probe: cell.value for probe, cell in cells.items() if isinstance(cell.value, OutcomeValue)}
    answered = [probe for probe, value in outcomes.items() if value.outcome is Outcome.PASS]
    failed = {probe: value for probe, value in outcomes.items() if value.outcome is Outcome.FAIL}
    skipped = [probe for probe, value in outcomes.items() if value.outcome is Outcome.SKIPPED]
    about = _About(environment, evidence)
    if answered:
        yield about.item(ItemState.DONE, "answered", f"{environment} answers {_requests(answered)}", None, answered)
    without = [
        probe
        for probe, value in outcomes.items()
        if value.outcome is Outcome.UNSUPPORTED and cells[probe].state is CellState.SAME
    ]
    if without:
        what = f"for information: {environment} does without {_named(without)}"
        yield about.item(ItemState.DONE, "without", what, None, without)
    accepted = _accepted(comparison, environment)
    for probe, value in failed.items():
        if probe not in accepted:
            yield about.failed(probe, value, skipped)
            skipped = []
    if skipped:  # where what they were skipped for is accepted, or is no failure, no other line tells it
        what = f"not asked: {_named(skipped)}"
        yield about.item(ItemState.UNKNOWN, "skipped", f"{environment} answers every probe", what, skipped)
    if not outcomes:
        what = and_remedy("it was not probed", "run again with it")
        yield about.item(ItemState.UNKNOWN, "answered", f"{environment} answers", what, ())
    yield from _not_held(comparison, cells, about)


def _is_outcome(field: str, cells: Mapping[str, Cell], environment: str) -> bool:
    return field == OUTCOME and environment in cells


def _accepted(comparison: Comparison, environment: str) -> set[str]:
    """Name the probes whose failure is accepted, which is told with what is known."""
    return {
        finding.field.partition(".")[0]
        for finding in comparison.findings
        if finding.rule == PROBE_FAILED.name
        and finding.environment == environment
        and finding.state is FindingState.ACCEPTED
    }


def _not_held(comparison: Comparison, cells: Mapping[str, Cell], about: _About) -> Iterator[Item]:
    by_why: dict[Why, list[str]] = {}
    for probe, cell in cells.items():
        for note in cell.notes:
            if note.why in NOT_HELD:
                by_why.setdefault(note.why, []).append(probe)
    if by_why:
        said = "; ".join(f"{_named(probes)}: {reason_of(Note(why=why)).what}" for why, probes in by_why.items())
        remedy = "mend that, and run again" if Why.FAILED_THERE in by_why else "ask both sides, and run again"
        title = f"{about.environment} is held against {comparison.baseline or 'its earlier run'}"
        yield about.item(ItemState.UNKNOWN, "not held", title, and_remedy(said, remedy), ())


class _About:
    """Makes the items of one environment."""

    def __init__(self, environment: str, evidence: Evidence | None) -> None:
        self.environment = environment
        self._evidence = evidence

    def item(self, state: ItemState, key: str, title: str, detail: str | None, probes: Sequence[str]) -> Item:
        """Make an item about some probes."""
        return Item(
            id=fingerprint("probes", self.environment, key),
            title=Redacted(title),
            environment=self.environment,
            state=state,
            detail=None if detail is None else Redacted(detail),
            probe=probes[0] if len(probes) == 1 else None,
            seconds=self._seconds(probes),
        )

    def failed(self, probe: str, value: OutcomeValue, skipped: Sequence[str]) -> Item:
        """Make the item of a probe that failed, with what to check first."""
        failure = value.failure_class or "failed"
        what = value_in_words(value) + (f", {quoted(value.detail)}" if value.detail else "")
        also = f", so {_named(skipped)} could not be asked" if skipped else ""
        remedy = (
            advice_for(failure).first_check if _is_known(failure) else f"see {quoted(failure)} in the release notes"
        )
        is_lenient = failure == FailureClass.NOT_REFUSED
        done = "refuses what it should refuse" if is_lenient else f"answers {_requests([probe])}"
        return Item(
            id=fingerprint("failed", self.environment, probe),
            title=Redacted(f"{self.environment} {done} ({probe})"),
            environment=self.environment,
            state=ItemState.OPEN,
            detail=Redacted(and_remedy(f"{what}{also}", f"{remedy} Or {ACCEPT}" if is_lenient else remedy)),
            probe=probe,
            rule=PROBE_FAILED.name,
            severity=Severity.ERR,
            expected=Redacted("pass"),
            actual=Redacted(failure),
            seconds=self._seconds([probe]),
        )

    def _seconds(self, probes: Sequence[str]) -> float | None:
        checks = [] if self._evidence is None else [self._evidence.check(probe) for probe in probes]
        times = [time for check in checks if check is not None and (time := _milliseconds(check)) is not None]
        return sum(times) / _MS if times else None


def _milliseconds(check: Check) -> float | None:
    latency = check.latency
    return latency.total_ms if latency.first_ms is None else latency.first_ms


def _requests(probes: Sequence[str]) -> str:
    """Name the requests, each once: several probes may send one to the same route."""
    routes = dict.fromkeys(str(PROBES[probe].route) if probe in PROBES else probe for probe in probes)
    *first, last = map(quoted, routes)
    return f"{', '.join(first)} and {last}" if first else last


def _named(probes: Sequence[str]) -> str:
    return ", ".join(probes)


def _is_known(failure: str) -> bool:
    try:
        advice_for(failure)
    except ValueError:  # of a newer release
        return False
    return True
