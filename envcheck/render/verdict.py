"""The verdict of a comparison in one sentence, which never says more than was judged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from envcheck.comparison import INCOMPLETE, STOOD_OPEN, FindingState, HeldAgainst, OutcomeValue, Standing, Verdict, Why
from envcheck.model import Outcome
from envcheck.probes import rules
from envcheck.render.changes import changes_in_words
from envcheck.render.counts import counts_in_words
from envcheck.render.reasons import reason_of
from envcheck.render.unjudged import undecided, unjudged
from envcheck.render.words import TIMES, counted, in_words
from envcheck.rules import PROBE_FAILED, PROBE_UNRELIABLE, SAME_ENDPOINT, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from envcheck.comparison import Comparison, Finding, Note
    from envcheck.render.unjudged import Place

_MOST_NAMED: Final = 3
_HAS_WORDS: Final = frozenset({PROBE_FAILED.name, PROBE_UNRELIABLE.name, SAME_ENDPOINT.name})
"""Rules about an environment by itself that have a statement of their own."""
_RANKS: Final = {severity.value: rank for rank, severity in enumerate(Severity)}


def verdict(comparison: Comparison, named: Callable[[str], str] = str) -> str:
    """Say in one sentence what the summary says in numbers; `named` writes names and words of the record."""
    said = "; ".join(_Verdict(comparison, named).statements())
    counts = counts_in_words(comparison, named)
    return f"{said}{'. ' if counts else ''}{counts} (exit {comparison.summary.exit_code})."


class _Verdict:
    """The statements of a verdict, worst first."""

    def __init__(self, comparison: Comparison, named: Callable[[str], str]) -> None:
        self._comparison = comparison
        self._named = named
        self._open = [each for each in comparison.findings if each.state in STOOD_OPEN and not each.is_a_change]
        self._of_itself = {rule.name for rule in rules().values() if rule.of_itself}
        self._failed = _failed(comparison)
        self._candidates = [name for name in comparison.environments if not comparison.is_baseline(name)]
        notes = [notice.note for notice in comparison.notices if notice.note is not None]
        incomplete = [note for note in notes if note.why in INCOMPLETE]
        self._incomplete = sorted(incomplete, key=lambda note: INCOMPLETE.index(note.why))

    def statements(self) -> Iterator[str]:
        """Say what failed, what differs, what could not be decided, what was not judged, and what changed."""
        yield from self._of_tonight()
        if changed := changes_in_words(self._comparison, self._named):
            yield changed

    def _of_tonight(self) -> Iterator[str]:
        is_conclusive = self._comparison.summary.verdict is not Verdict.INCONCLUSIVE
        if not is_conclusive:
            yield self._why_inconclusive()
        yield from self._failures()
        yield from self._unreliable()
        yield from self._against_itself()
        yield from self._by_itself()
        if self._comparison.held_against is HeldAgainst.NOTHING:
            yield from self._alone()
            return
        yield from self._differences(is_conclusive=is_conclusive)
        yield from self._elsewhere()
        yield from self._undecided()
        for each in unjudged(self._comparison) if is_conclusive or self._incomplete else ():
            yield each.what if each.is_everywhere else f"{each.what}: {self._places(each.places)}"

    def _why_inconclusive(self) -> str:
        if self._incomplete:
            return f"inconclusive because {in_words([reason_of(note).what for note in self._incomplete], _MOST_NAMED)}"
        failed = [name for name in self._failed if self._comparison.is_baseline(name)]
        if not failed:
            return "inconclusive because nothing could be held against anything"
        said = in_words([f"{self._named(name)} failed ({self._how(name)})" for name in failed], _MOST_NAMED)
        return f"inconclusive because the baseline {said}"

    def _failures(self) -> Iterator[str]:
        is_baseline = self._comparison.is_baseline
        by_fate: dict[str, list[str]] = {}
        for name in self._failed:
            # What makes a comparison inconclusive is told before; a baseline that is too lenient does not.
            if not is_baseline(name) or self._comparison.summary.verdict is not Verdict.INCONCLUSIVE:
                by_fate.setdefault(self._fate(name), []).append(name)
        for fate, names in by_fate.items():
            if len(names) == 1:
                yield f"{self._named(names[0])} failed ({self._how(names[0])}){fate}"
            else:
                said = in_words([f"{self._named(name)} ({self._how(name)})" for name in names], _MOST_NAMED)
                all_of_them = self._comparison.environments if any(map(is_baseline, names)) else self._candidates
                yield f"{len(names)} of {counted(len(all_of_them), 'environment')} failed{fate}: {said}"

    def _fate(self, name: str) -> str:
        findings = [each for each in self._comparison.findings if each.rule == PROBE_FAILED.name]
        states = {finding.state for finding in findings if finding.environment == name}
        if states & STOOD_OPEN:
            return ""
        return ", which is accepted" if FindingState.ACCEPTED in states else ", and no rule in force finds that"

    def _unreliable(self) -> Iterator[str]:
        found = [finding for finding in self._open if finding.rule == PROBE_UNRELIABLE.name]
        places = [f"{self._named(each.environment)} ({self._tally(each)})" for each in found]
        if places:
            yield f"not reliable: {in_words(places, _MOST_NAMED)}"

    def _tally(self, finding: Finding) -> str:
        probe = self._named(finding.field.partition(".")[0])
        return f"{probe}: {sum(finding.failed.values())} of {finding.n:,} failed"

    def _against_itself(self) -> Iterator[str]:
        names = _environments(finding for finding in self._open if finding.rule == SAME_ENDPOINT.name)
        if names:
            yield f"held against itself: {in_words([self._named(name) for name in names], _MOST_NAMED)}"

    def _by_itself(self) -> Iterator[str]:
        """Name what is wrong whatever the baseline does; what is only for information is among the findings."""
        told = self._of_itself - _HAS_WORDS
        found = [each for each in self._open if each.rule in told and each.severity is not Severity.INFO]
        times = Counter((each.environment, each.rule) for each in found)
        places = [
            f"{self._named(environment)} ({f'{number:,} {TIMES} ' if number > 1 else ''}{self._named(rule)})"
            for (environment, rule), number in times.items()
        ]
        if places:
            yield f"wants attention: {in_words(places, _MOST_NAMED)}"

    def _alone(self) -> Iterator[str]:
        if not self._failed:
            [name] = self._comparison.environments
            is_unreliable = any(finding.rule == PROBE_UNRELIABLE.name for finding in self._open)
            but = ", not every request" if is_unreliable else ""
            yield f"{self._named(name)} passed every probe{but}"

    def _differences(self, *, is_conclusive: bool) -> Iterator[str]:
        found = [each for each in self._open if each.rule not in self._of_itself and not each.is_undecided]
        names = _environments(each for each in found if not each.is_of_another_vantage)
        if len(names) == 1:
            yield f"{self._named(names[0])} differs from {self._other(is_one=True)}"
        elif names:
            said = in_words([self._named(name) for name in names], _MOST_NAMED)
            yield f"{len(names)} of {self._all_of_them()} differ from {self._other(is_one=False)}: {said}"
        elif is_conclusive and (rest := self._compared()):
            noun = "other environment" if len(rest) < len(self._candidates) else "environment"
            known = self._comparison.summary.accepted
            but = f" beside {known:,} accepted" if known else ""
            other = self._other(is_one=len(rest) == 1)
            yield f"{counted(len(rest), noun)} held against {other}: no difference found{but}"

    def _elsewhere(self) -> Iterator[str]:
        names = _environments(each for each in self._open if each.is_of_another_vantage)
        if names:
            said = in_words([self._named(name) for name in names], _MOST_NAMED)
            yield f"not the same from another vantage: {said}"

    def _compared(self) -> list[str]:
        standings = self._comparison.summary.by_environment
        return [
            name
            for name in self._candidates
            if name not in self._failed
            and (name not in standings or standings[name].verdict is not Standing.NOT_COMPARED)
        ]

    def _undecided(self) -> Iterator[str]:
        places = undecided(self._comparison)
        if not places:
            return
        by_why: dict[Why | None, list[tuple[Place, Note | None]]] = {}
        for place, note in places.items():
            by_why.setdefault(None if note is None else note.why, []).append((place, note))
        said = (
            self._places([place for place, _ in group]) + _remedy([note for _, note in group])
            for group in by_why.values()
        )
        fail_on = self._comparison.summary.fail_on
        is_asked_for = fail_on != "never" and any(
            each.is_undecided and each.counted and _RANKS[each.severity] > _RANKS[fail_on] for each in self._open
        )
        counting = ", counted with --fail-on-undecided" if is_asked_for else ""
        yield f"{len(places)} undecided{counting}: {', '.join(said)}"

    def _places(self, places: Sequence[Place]) -> str:
        named = [f"{self._named(place.environment)} {self._named(place.field)}" for place in places]
        return in_words(named, _MOST_NAMED)

    def _how(self, name: str) -> str:
        return ", ".join(f"{self._named(probe)}: {self._named(why)}" for probe, why in self._failed[name])

    def _other(self, *, is_one: bool) -> str:
        baseline = self._comparison.baseline
        if baseline is not None:
            there = " at the same vantage" if len(self._comparison.vantages) > 1 else ""
            return f"{self._named(baseline)}{there}"
        return "its earlier run" if is_one else "their earlier runs"

    def _all_of_them(self) -> str:
        return counted(len(self._candidates), "environment")


def _failed(comparison: Comparison) -> dict[str, list[tuple[str, str]]]:
    """Give the probes that failed, and how, by environment."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in comparison.rows:
        for name, cell in row.cells.items():
            if isinstance(cell.value, OutcomeValue) and cell.value.outcome is Outcome.FAIL:
                found.setdefault(name, []).append((row.probe, cell.value.failure_class or "failed"))
    return {name: found[name] for name in comparison.environments if name in found}


def _environments(findings: Iterator[Finding]) -> list[str]:
    return list(dict.fromkeys(finding.environment for finding in findings))


def _remedy(notes: Sequence[Note | None]) -> str:
    """Say what helps all of them: where they need different numbers of samples, the most."""
    there = [note for note in notes if note is not None]
    remedy = reason_of(max(there, key=lambda note: note.number or 0)).remedy if there else ""
    return f" ({remedy})" if remedy else ""
