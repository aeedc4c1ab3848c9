"""Response headers that the user named, held against the baseline's one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from envcheck.comparison import Cell, CellState, MembersValue, Note, Why
from envcheck.judge.field import PairwiseField
from envcheck.judge.hidden import is_hidden, may_be_one
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.redact import Redacted
from envcheck.rules import undecided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from envcheck.comparison import Finding
    from envcheck.evidence import Check
    from envcheck.judge.columns import Pair
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject
    from envcheck.rules import Rule

_NOUN = "header"


class _Header(NamedTuple):
    """One header on both sides, with the values that it took there."""

    name: str
    before: Sequence[Redacted]
    after: Sequence[Redacted]

    @property
    def varies(self) -> bool:
        """Whether it takes several values on both sides, as an id of each request does, or shares some of them."""
        if set(self.before) == set(self.after):
            return len(self.after) > 1
        return (len(self.before) > 1 < len(self.after)) or not set(self.before).isdisjoint(self.after)

    @property
    def is_doubtful(self) -> bool:
        """Whether what is redacted of it may be the other side's."""
        pairs = [(one, other) for one in self.before for other in self.after if is_hidden(one) or is_hidden(other)]
        return any(may_be_one(one, other) for one, other in pairs)

    @property
    def differs(self) -> bool:
        """Whether it is certain to be another one."""
        return set(self.before) != set(self.after) and not self.varies and not self.is_doubtful

    def spelled(self, values: Sequence[Redacted]) -> Redacted:
        """Spell it with the values of one side."""
        return Redacted(f"{self.name}: {', '.join(values) or 'none'}")


@dataclass(frozen=True, slots=True)
class Headers(PairwiseField):
    """A fact that is a map of names to the values that each took; only what both sides looked for is compared."""

    name: str
    rule: Rule

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""
        return (self.rule, self._doubt)

    @property
    def _doubt(self) -> Rule:
        return undecided(self.rule.name.partition(".")[0])

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:  # noqa: ARG002 - the fact has its values itself
        """Give nothing."""
        return ()

    def alone(self, check: Check) -> Cell:
        """Show how many there are; nothing where none was asked for."""
        named = self._of(check)
        return Cell(value=MembersValue(noun=_NOUN, total=len(named)) if named else None, state=CellState.SAME)

    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:  # noqa: ARG002 - see `PairwiseField`
        """Find each header that took no value on both sides, and is steady on one at least."""
        before, after = self._of(pair.before), self._of(pair.after)
        headers = [_Header(name, before[name], after[name]) for name in after if name in before]
        differing = [] if subject.is_off(self.rule) else [header for header in headers if header.differs]
        doubtful = [] if subject.is_off(self._doubt) else [header for header in headers if header.is_doubtful]
        varying = [header for header in headers if header.varies]
        findings = (*self._differences(subject, differing), *self._doubts(subject, len(doubtful)))
        cell = self.alone(pair.after)
        if isinstance(cell.value, MembersValue):
            value = cell.value.model_copy(
                update={
                    "removed": tuple(header.spelled(header.before) for header in differing),
                    "added": tuple(header.spelled(header.after) for header in differing),
                    "varying": tuple(Redacted(header.name) for header in varying),
                }
            )
            notes = (switched_off(self.rule),) if subject.is_off(self.rule) else ()
            cell = Cell(value=value, state=_state(differing, doubtful, varying), notes=notes)
        return Judgement(cell, findings, frozenset(rule.name for rule in self.rules))

    def _of(self, check: Check) -> Mapping[str, Sequence[Redacted]]:
        values: Mapping[str, Sequence[Redacted]] = getattr(check.facts, self.name)
        return values

    def _differences(self, subject: Subject, headers: Sequence[_Header]) -> Iterator[Finding]:
        for header in headers:
            yield subject.finding(self.rule, header.spelled(header.before), header.spelled(header.after))

    def _doubts(self, subject: Subject, number: int) -> Iterator[Finding]:
        if number:
            note = Note(why=Why.REDACTED_ALIKE, number=number)
            yield subject.finding(self._doubt, numbers=Measured(note=note), known_by=())


def _state(differing: Sequence[_Header], doubtful: Sequence[_Header], varying: Sequence[_Header]) -> CellState:
    if differing:
        return CellState.DIFFERS
    if doubtful:
        return CellState.UNDECIDED
    return CellState.NOISY if varying else CellState.SAME
