"""Latencies: shown always, judged only where the samples can bear it, and found only when they were slow twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from statistics import median, quantiles
from typing import TYPE_CHECKING

from envcheck.comparison import Cell, CellState, DurationValue, Note, Why
from envcheck.judge.columns import Pair
from envcheck.judge.context import Question
from envcheck.judge.field import unpaired
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.judge.samples import LEAST_SAMPLES, has_none_left, is_mostly_void, is_out_of_a_cache, what_is_unlike
from envcheck.judge.slower import SIGNIFICANT, is_apart, what_speaks_against
from envcheck.judge.stats import smallest_p
from envcheck.rules import LATENCY_SLOWER, LATENCY_UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.evidence import Check, Series
    from envcheck.judge.columns import Column
    from envcheck.judge.context import Chance, Context
    from envcheck.judge.judgement import Subject
    from envcheck.policy import Policy
    from envcheck.rules import Rule


@dataclass(frozen=True, slots=True)
class Duration:
    """A latency of a probe: how long it took, by one of its measures."""

    name: str = "latency"
    measure: str = "total"
    """Which of the series of `Check.latency`."""
    of_a_model: bool = False
    """Whether a model answers, so that other models, prompts or parameters take other times."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""
        return (LATENCY_SLOWER, LATENCY_UNDECIDED)

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:  # noqa: ARG002 - a latency always varies
        """Give nothing."""
        return ()

    def questions(self, columns: Sequence[Column], context: Context) -> Iterator[Question]:
        """Ask of every pair whose samples can bear it, for whether a latency is apart must not choose the questions."""
        for column in columns:
            pair = _alike(column.pair(context.probe))
            if pair is not None and self._doubt(column, pair, context) is None:
                before, after = (self._series(check).first_ms for check in pair)
                yield Question(column.name, context.named(self.name), before, after)

    def judge(self, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
        """Judge every environment, by its name."""
        return {column.name: self._judged(column, context) for column in columns}

    def _judged(self, column: Column, context: Context) -> Judgement:
        pair = _alike(column.pair(context.probe))
        if pair is None:
            return Judgement(unpaired(column, context.probe, self._alone(column, context)))
        expected = self._value(pair.before) if context.shows_earlier else None
        subject = context.subject(column, self.name, len(self._series(pair.after).first_ms))
        doubt = self._doubt(column, pair, context)
        if doubt is not None:
            judgement = self._in_doubt(subject, pair, doubt)
        else:
            chance = context.chances[column.name, context.named(self.name)]
            judgement = self._held(subject, pair, chance, min(column.asked_for), context.policy)
        return judgement if expected is None else _with_expected(judgement, expected)

    def _doubt(self, column: Column, pair: Pair, context: Context) -> Note | None:
        """Say why a pair's samples cannot be tested at all."""
        asked = column.asked_for
        if not context.side_by_side:
            return Note(why=Why.DIFFERENT_RUNS)
        if is_out_of_a_cache(column, context.probe):
            return Note(why=Why.CACHED)
        if self.of_a_model and (why := what_is_unlike(column, pair)) is not None:
            return Note(why=why)
        if any(is_mostly_void(check, number) for check, number in zip(pair, asked, strict=True)):
            return Note(why=Why.VOIDED, number=sum(check.latency.voided for check in pair))
        if min(len(self._series(check).first_ms) for check in pair) < LEAST_SAMPLES:
            return self._too_few(pair, min(asked), context.policy)
        return None

    def _too_few(self, pair: Pair, asked: int, policy: Policy) -> Note:
        if asked < LEAST_SAMPLES:
            return Note(why=Why.FEW_ASKED, number=asked)
        if has_none_left(pair) or self._is_slower_once(pair, policy):
            return Note(why=Why.TOO_FEW, number=2 * asked)
        return Note(why=Why.FEW_LEFT)

    def _in_doubt(self, subject: Subject, pair: Pair, doubt: Note) -> Judgement:
        """Show what could not be tested; where there would be something to say, say that it is undecided."""
        value = self._value(pair.after, pair.before)
        if doubt.why in {Why.TOO_FEW, Why.VOIDED}:
            return self._undecided(subject, pair, Cell(value=value, state=CellState.UNDECIDED, notes=(doubt,)))
        if value is None:
            return Judgement(Cell(value=None, state=CellState.NOT_PROBED))
        is_noise = doubt.why in {Why.FEW_ASKED, Why.FEW_LEFT}
        state = CellState.NOISY if is_noise else CellState.INCOMPARABLE
        # That too few were asked for is one line for the whole comparison.
        notes = () if doubt.why is Why.FEW_ASKED else (doubt,)
        return Judgement(Cell(value=value, state=state, notes=notes))

    def _held(self, subject: Subject, pair: Pair, chance: Chance, asked: int, policy: Policy) -> Judgement:
        same = Cell(value=self._value(pair.after, pair.before, chance.p), state=CellState.SAME)
        settled = frozenset({LATENCY_SLOWER.name, LATENCY_UNDECIDED.name})
        if not self._is_slower_once(pair, policy):
            return Judgement(same, settled=settled)
        if subject.is_off(LATENCY_SLOWER):
            return Judgement(_told(same, CellState.SAME, switched_off(LATENCY_SLOWER)), settled=settled)
        if chance.p >= SIGNIFICANT:
            note = Note(why=Why.NOT_SIGNIFICANT, number=_samples_needed(max(asked, subject.n), chance))
            return self._undecided(subject, pair, _told(same, CellState.UNDECIDED, note))
        before, after = (self._series(check) for check in pair)
        against = what_speaks_against(before, after, policy, chance.among)
        if against is Why.NOT_SEEN_TWICE:
            return Judgement(_told(same, CellState.NOISY, Note(why=against)), settled=settled)
        if against is not None:
            more = 2 * max(asked, subject.n) if against is Why.DRIFTING else None
            return self._undecided(subject, pair, _told(same, CellState.UNDECIDED, Note(why=against, number=more)))
        finding = subject.finding(LATENCY_SLOWER, numbers=self._numbers(pair, p=chance.p), known_by=())
        return Judgement(_told(same, CellState.DIFFERS), (finding,), settled)

    def _undecided(self, subject: Subject, pair: Pair, cell: Cell) -> Judgement:
        """Say that nothing could be said; a rule that is switched off leaves no question open."""
        settled = frozenset({LATENCY_UNDECIDED.name})
        if subject.is_off(LATENCY_UNDECIDED) or subject.is_off(LATENCY_SLOWER):
            return Judgement(cell, settled=settled)
        p = cell.value.p if isinstance(cell.value, DurationValue) else None
        numbers = self._numbers(pair, p=p, note=cell.notes[0])
        return Judgement(cell, (subject.finding(LATENCY_UNDECIDED, numbers=numbers, known_by=()),), settled)

    def _numbers(self, pair: Pair, *, p: float | None, note: Note | None = None) -> Measured:
        before, after = (self._value(check) for check in pair)
        return Measured(
            expected_ms=None if before is None else before.median_ms,
            actual_ms=None if after is None else after.median_ms,
            ratio=None if before is None or after is None else _ratio(before.median_ms, after.median_ms),
            p=p,
            note=note,
        )

    def _is_slower_once(self, pair: Pair, policy: Policy) -> bool:
        before, after = (self._series(check).first_ms for check in pair)
        return is_apart(before, after, policy)

    def _alone(self, column: Column, context: Context) -> Cell | None:
        check = column.check(context.probe)
        if check is None:
            return None
        value = self._value(check)
        notes = (Note(why=Why.CACHED),) if is_out_of_a_cache(column, context.probe) else ()
        return Cell(value=value, state=CellState.NOT_PROBED if value is None else CellState.SAME, notes=notes)

    def _value(self, check: Check, before: Check | None = None, p: float | None = None) -> DurationValue | None:
        """Give a latency; None where there are no samples of it."""
        times = self._series(check).first_ms
        if not times:
            return None
        middle = median(times)
        spread = None
        if len(times) > 1:
            lower, _, upper = quantiles(times, n=4, method="inclusive")
            spread = round((upper - lower) / 2, 3)
        reference = () if before is None else self._series(before).first_ms
        ratio = _ratio(median(reference), middle) if reference else None
        return DurationValue(median_ms=round(middle, 3), half_iqr_ms=spread, n=len(times), ratio=ratio, p=p)

    def _series(self, check: Check) -> Series:
        return check.latency.series(self.measure)


def _alike(pair: Pair | None) -> Pair | None:
    """Hold new connections against open ones without the time that it took to open them."""
    if pair is None or pair.before.latency.connection == pair.after.latency.connection:
        return pair
    return Pair(*(each.model_copy(update={"latency": each.latency.without_opening()}) for each in pair))


def samples_to_tell(questions: int) -> int:
    """Give how many samples a side could be significant where this many questions are asked."""
    return next(size for size in count(LEAST_SAMPLES) if smallest_p(size, size) * max(1, questions) < SIGNIFICANT)


def _samples_needed(asked: int, chance: Chance) -> int:
    """Give how many samples could tell: as many as that many questions need, else twice as many as were asked for."""
    needed = samples_to_tell(chance.among)
    return needed if needed > asked else 2 * asked


def _told(cell: Cell, state: CellState, *notes: Note) -> Cell:
    return cell.model_copy(update={"state": state, "notes": notes})


def _with_expected(judgement: Judgement, expected: DurationValue) -> Judgement:
    return replace(judgement, cell=judgement.cell.model_copy(update={"expected": expected}))


def _ratio(expected: float, actual: float) -> float | None:
    return round(actual / expected, 3) if expected > 0 else None
