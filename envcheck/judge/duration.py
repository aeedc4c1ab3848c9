"""Latencies: shown always, judged only where the samples can bear it, and found only when they were slow twice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, DurationValue, Note, Why
from envcheck.judge.context import Question
from envcheck.judge.field import unpaired
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.judge.stats import mann_whitney_u, smallest_p
from envcheck.rules import LATENCY_SLOWER, LATENCY_UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.evidence import Check, Series
    from envcheck.judge.columns import Column, Pair
    from envcheck.judge.context import Chance, Context
    from envcheck.judge.judgement import Subject
    from envcheck.policy import Policy
    from envcheck.rules import Rule

LEAST_SAMPLES: Final = 5
"""A side; with fewer no difference between two environments can be significant."""
SIGNIFICANT: Final = 0.05


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
            pair = column.pair(context.probe)
            if pair is not None and self._doubt(column, pair, context) is None:
                before, after = (self._series(check).first_ms for check in pair)
                yield Question(column.name, context.named(self.name), before, after)

    def judge(self, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
        """Judge every environment, by its name."""
        return {column.name: self._judged(column, context) for column in columns}

    def _judged(self, column: Column, context: Context) -> Judgement:
        pair = column.pair(context.probe)
        check = column.check(context.probe)
        if pair is None or check is None or not self._series(check).first_ms:
            return Judgement(unpaired(column, context.probe, self._alone(column, context)))
        expected = self._expected(pair) if context.shows_earlier else None
        subject = context.subject(column, self.name, len(self._series(pair.after).first_ms))
        doubt = self._doubt(column, pair, context)
        if doubt is not None:
            judgement = self._in_doubt(subject, pair, doubt, context.policy)
        else:
            chance = context.chances[column.name, context.named(self.name)]
            judgement = self._held(subject, pair, chance, context.policy)
        return judgement if expected is None else _with_expected(judgement, expected)

    def _expected(self, pair: Pair) -> DurationValue | None:
        return self._value(pair.before) if self._series(pair.before).first_ms else None

    def _doubt(self, column: Column, pair: Pair, context: Context) -> Note | None:
        """Say why a pair's samples cannot be tested at all."""
        before, after = (self._series(check) for check in pair)
        if not context.side_by_side:
            return Note(why=Why.DIFFERENT_RUNS)
        if self.of_a_model and (unlike := _unlike(column)) is not None:
            return Note(why=unlike)
        if min(len(before.first_ms), len(after.first_ms)) >= LEAST_SAMPLES:
            is_mixed = pair.before.latency.connection != pair.after.latency.connection
            return Note(why=Why.COLD_AND_WARM) if is_mixed else None
        asked = min(_asked(column))
        if asked < LEAST_SAMPLES:
            return Note(why=Why.FEW_ASKED, number=asked)
        return Note(why=Why.TOO_FEW, number=max(2 * asked, LEAST_SAMPLES))

    def _in_doubt(self, subject: Subject, pair: Pair, doubt: Note, policy: Policy) -> Judgement:
        """Show what could not be tested; where there would be something to say, say that it is undecided."""
        value = self._value(pair.after, pair.before)
        was_voided = any(2 * check.latency.voided > check.latency.taken > 0 for check in pair)
        if doubt.why is Why.TOO_FEW and (was_voided or self._is_apart(pair, policy)):
            voided = sum(check.latency.voided for check in pair)
            told = Note(why=Why.VOIDED, number=voided) if was_voided else doubt
            return self._undecided(subject, pair, value, told)
        is_noise = doubt.why in {Why.FEW_ASKED, Why.TOO_FEW}
        state = CellState.NOISY if is_noise else CellState.INCOMPARABLE
        # That too few were asked for is one line for the whole comparison.
        notes = () if doubt.why is Why.FEW_ASKED else (doubt,)
        return Judgement(Cell(value=value, state=state, notes=notes))

    def _held(self, subject: Subject, pair: Pair, chance: Chance, policy: Policy) -> Judgement:
        value = self._value(pair.after, pair.before).model_copy(update={"p": chance.p})
        settled = frozenset({LATENCY_SLOWER.name})
        if not self._is_apart(pair, policy):
            return Judgement(Cell(value=value, state=CellState.SAME), settled=settled)
        if chance.p >= SIGNIFICANT:
            note = Note(why=Why.NOT_SIGNIFICANT, number=_samples_needed(subject.n, chance))
            return self._undecided(subject, pair, value, note)
        again = self._again(pair, policy)
        if again is Why.NOT_CONFIRMED:
            return self._undecided(subject, pair, value, Note(why=again))
        if again is Why.NOT_SEEN_TWICE:
            return Judgement(Cell(value=value, state=CellState.NOISY, notes=(Note(why=again),)), settled=settled)
        if subject.is_off(LATENCY_SLOWER):
            notes = (switched_off(LATENCY_SLOWER),)
            return Judgement(Cell(value=value, state=CellState.SAME, notes=notes), settled=settled)
        finding = subject.finding(LATENCY_SLOWER, numbers=self._numbers(pair, chance.p), known_by=(None, None))
        return Judgement(Cell(value=value, state=CellState.DIFFERS), (finding,), settled)

    def _again(self, pair: Pair, policy: Policy) -> Why | None:
        """Say why the second batch does not bear the first one out; None where it does, or where none is wanted."""
        if policy.confirm_over_s == 0:
            return None
        before, after = (self._series(check).second_ms for check in pair)
        if min(len(before), len(after)) < LEAST_SAMPLES:
            return Why.NOT_CONFIRMED
        is_slower = _apart(median(before), median(after), policy) and mann_whitney_u(before, after) < SIGNIFICANT
        return None if is_slower else Why.NOT_SEEN_TWICE

    def _undecided(self, subject: Subject, pair: Pair, value: DurationValue, note: Note) -> Judgement:
        cell = Cell(value=value, state=CellState.UNDECIDED, notes=(note,))
        if subject.is_off(LATENCY_UNDECIDED) or subject.is_off(LATENCY_SLOWER):
            return Judgement(cell)
        numbers = self._numbers(pair, value.p, note)
        return Judgement(cell, (subject.finding(LATENCY_UNDECIDED, numbers=numbers, known_by=(None, None)),))

    def _numbers(self, pair: Pair, p: float | None, note: Note | None = None) -> Measured:
        expected, actual = (round(median(self._series(check).first_ms), 3) for check in pair)
        return Measured(expected_ms=expected, actual_ms=actual, ratio=_ratio(expected, actual), p=p, note=note)

    def _is_apart(self, pair: Pair, policy: Policy) -> bool:
        before, after = (self._series(check).first_ms for check in pair)
        return bool(before and after) and _apart(median(before), median(after), policy)

    def _alone(self, column: Column, context: Context) -> Cell | None:
        check = column.check(context.probe)
        if check is None:
            return None
        if not self._series(check).first_ms:
            return Cell(value=None, state=CellState.NOT_PROBED)
        return Cell(value=self._value(check), state=CellState.SAME)

    def _value(self, check: Check, before: Check | None = None) -> DurationValue:
        """Give a latency that there are samples of."""
        times = self._series(check).first_ms
        middle = median(times)
        spread = None
        if len(times) > 1:
            lower, _, upper = quantiles(times, n=4, method="inclusive")
            spread = round((upper - lower) / 2, 3)
        reference = () if before is None else self._series(before).first_ms
        ratio = _ratio(median(reference), middle) if reference else None
        return DurationValue(median_ms=round(middle, 3), half_iqr_ms=spread, n=len(times), ratio=ratio)

    def _series(self, check: Check) -> Series:
        return check.latency.series(self.measure)


def samples_to_tell(questions: int) -> int:
    """Give how many samples a side could be significant where this many questions are asked."""
    return next(size for size in count(LEAST_SAMPLES) if smallest_p(size, size) * max(1, questions) < SIGNIFICANT)


def _samples_needed(n: int, chance: Chance) -> int:
    """Give how many samples could tell: as many as that many questions need, else twice as many as there were."""
    needed = samples_to_tell(chance.among)
    return needed if needed > n else 2 * n


def _with_expected(judgement: Judgement, expected: DurationValue) -> Judgement:
    cell = judgement.cell.model_copy(update={"expected": expected})
    return Judgement(cell, judgement.findings, judgement.settled, judgement.unsure)


def _unlike(column: Column) -> Why | None:
    """Tell what makes two latencies unlike: another model, prompt or parameters were asked."""
    before = None if column.against is None else column.against.evidence
    after = column.evidence
    if before is None or after is None:
        return None
    if before.target.selected_model != after.target.selected_model:
        return Why.OTHER_MODEL
    if before.asked is not None and after.asked is not None:
        return None if before.asked == after.asked else Why.OTHER_PROMPT
    return None if before.safety.prompt_source == after.safety.prompt_source else Why.OTHER_PROMPT


def _asked(column: Column) -> Iterator[int]:
    """Give how many samples either side was asked for."""
    for evidence in (column.evidence, None if column.against is None else column.against.evidence):
        if evidence is not None:
            yield evidence.target.samples


def _apart(expected: float, actual: float, policy: Policy) -> bool:
    return actual > expected * policy.latency_ratio and actual - expected > policy.latency_floor_ms


def _ratio(expected: float, actual: float) -> float | None:
    return round(actual / expected, 3) if expected > 0 else None
