"""A tally of answers to closed questions, held against another's by how likely chance alone does as much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, Note, TallyValue, Why
from envcheck.judge.context import Chance
from envcheck.judge.field import PairwiseField
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.judge.permutation import Stratum, p_of_one_source
from envcheck.judge.stats import holm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.evidence import Check
    from envcheck.judge.columns import Column, Pair
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject
    from envcheck.rules import Rule

SIGNIFICANT: Final = 0.01
"""After Holm's correction over the environments. Stricter than for latencies, for there is no second look."""
OTHER: Final = "other"
"""Stands for every answer that is not in a question's list."""
_OFTEN_ENOUGH: Final = 3
"""Answers to a question of which one alone would be remarkable."""


@dataclass(frozen=True, slots=True)
class Tally(PairwiseField):
    """A fact that maps `question.answer` to how often it was given."""

    name: str
    rule: Rule
    undecided: Rule
    comparable_when_same: str | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""
        return (self.rule, self.undecided)

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:  # noqa: ARG002 - a tally always varies
        """Give nothing."""
        return ()

    def judge(self, columns: Sequence[Column], context: Context) -> Mapping[str, Judgement]:
        """Judge every environment, by its name; all of them together, so that a false alarm stays as unlikely."""
        pairs = {
            column.name: pair
            for column in columns
            if (pair := column.pair(context.probe)) is not None and self._can_be_tested(pair)
        }
        p_values = holm([p_of_one_source(self._strata(pair), len(pairs)) for pair in pairs.values()])
        field = context.named(self.name)
        chances = {(name, field): Chance(p, len(pairs)) for name, p in zip(pairs, p_values, strict=True)}
        knowing = replace(context, chances={**context.chances, **chances})
        return {column.name: self._judged(column, knowing) for column in columns}

    def alone(self, check: Check) -> Cell:
        """Show how many answers there are."""
        counts = self._counts(check)
        notes = (Note(why=Why.ONE_ANSWER),) if _is_always_the_same(counts) else ()
        return Cell(value=TallyValue(counts=counts), state=CellState.SAME, notes=notes)

    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:
        """Find a difference that chance alone hardly makes."""
        own = self.alone(pair.after)
        if not self._can_be_tested(pair):
            return self._undecided(subject, own)
        counts, p = self._counts(pair.after), context.chances[subject.environment, subject.field].p
        cell = own.model_copy(update={"value": TallyValue(counts=counts, p=p)})
        settled = frozenset({self.rule.name, self.undecided.name})
        if p >= SIGNIFICANT:
            return Judgement(cell, settled=settled)
        if subject.is_off(self.rule):
            return Judgement(_told(cell, CellState.SAME, switched_off(self.rule)), settled=settled)
        numbers = Measured(p=p, note=self._likely_cause(pair))
        finding = replace(subject, n=sum(counts.values())).finding(self.rule, numbers=numbers, known_by=())
        return Judgement(_told(cell, CellState.DIFFERS), (finding,), settled)

    def _likely_cause(self, pair: Pair) -> Note | None:
        """Name what is likely where one side has a single answer to each question; all else cannot be told."""
        before, after = (_is_always_the_same(self._counts(check)) for check in pair)
        if before == after:
            return None
        return Note(why=Why.ONE_ANSWER if after else Why.ONE_ANSWER_THERE)

    def _undecided(self, subject: Subject, own: Cell) -> Judgement:
        note = Note(why=Why.NO_ANSWERS)
        cell = _told(own, CellState.UNDECIDED, note)
        if subject.is_off(self.undecided) or subject.is_off(self.rule):
            return Judgement(cell)
        return Judgement(cell, (subject.finding(self.undecided, numbers=Measured(note=note), known_by=()),))

    def _is_of_one_kind(self, pair: Pair) -> bool:
        other = self.comparable_when_same
        return other is None or getattr(pair.before.facts, other, None) == getattr(pair.after.facts, other, None)

    def _can_be_tested(self, pair: Pair) -> bool:
        """Tell whether there is anything to hold together: two that answer nothing that was asked look alike."""
        if not self._is_of_one_kind(pair):
            return False
        return not all(_is_mostly_other(self._counts(check)) for check in pair)

    def _counts(self, check: Check) -> Mapping[str, int]:
        counts: Mapping[str, int] = getattr(check.facts, self.name, {})
        return counts

    def _strata(self, pair: Pair) -> list[Stratum]:
        before, after = (_by_question(self._counts(check)) for check in pair)
        return [Stratum(before.get(each, {}), after.get(each, {})) for each in sorted(before | after)]


def _by_question(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    questions: dict[str, dict[str, int]] = {}
    for word, count in counts.items():
        question, _, answer = word.partition(".")
        questions.setdefault(question, {})[answer] = count
    return questions


def _is_always_the_same(counts: Mapping[str, int]) -> bool:
    """Tell whether each question has one single answer, however often it was asked."""
    questions = _by_question(counts).values()
    return bool(questions) and all(
        len(answers) == 1 and OTHER not in answers and sum(answers.values()) >= _OFTEN_ENOUGH for answers in questions
    )


def _is_mostly_other(counts: Mapping[str, int]) -> bool:
    others = sum(count for word, count in counts.items() if word.endswith(f".{OTHER}"))
    return 2 * others >= sum(counts.values())


def _told(cell: Cell, state: CellState, *notes: Note) -> Cell:
    return cell.model_copy(update={"state": state, "notes": (*cell.notes, *notes)})
