"""Facts that are sets, held against the baseline's member by member; order never matters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from envcheck.comparison import Cell, CellState, MembersValue, Note, Why
from envcheck.judge.changes import MAX_NAMED, Change, Direction
from envcheck.judge.field import PairwiseField
from envcheck.judge.hidden import is_hidden
from envcheck.judge.judgement import Judgement, Measured, switched_off
from envcheck.judge.known import MOST_VARYING, known_members, unlisted_changes
from envcheck.redact import Redacted
from envcheck.rules import undecided

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from envcheck.comparison import Finding
    from envcheck.evidence import Check
    from envcheck.judge.columns import Pair
    from envcheck.judge.context import Context
    from envcheck.judge.judgement import Subject
    from envcheck.judge.known import Known
    from envcheck.rules import Rule

_MISSING: Final = Redacted("missing")
_PRESENT: Final = Redacted("present")


@dataclass(frozen=True, slots=True)
class Members(PairwiseField):
    """A fact that is a set of strings."""

    name: str
    removed: Rule
    added: Rule
    needed: frozenset[str] | None = None
    """Members whose lack is as bad as `removed` says; that of any other is an info. None for all of them."""
    presence: str | None = None
    """A boolean fact: where it flips, that is the one finding, not one for each member."""
    leave_out_prefix: str | tuple[str, ...] = ()
    """Members equal to this, or below it in a key path, are another field's to judge."""
    stands_for_unlisted: str | None = None
    """A member that only says that there was more; what that was, only memory can tell."""
    noun: str = "field"
    """What one member is, for people."""
    cut_at: int | None = None
    """How many members are listed at most, the first in sorted order: past the last one nothing is known."""
    total: str | None = None
    """Another fact: how many members there are, listed or not."""
    digest: str | None = None
    """Another fact: a hash over all members, listed or not."""
    comparable_when_same: str | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule that a finding of it can come from."""
        return (self.removed, self.added, undecided(self.removed.name.partition(".")[0]))

    def varying(self, values: Sequence[object]) -> tuple[object, ...]:
        """Give the members that were not always there."""
        sets = [frozenset(value) for value in values if isinstance(value, tuple)]
        unsteady = frozenset.union(*sets) - frozenset.intersection(*sets) if sets else frozenset()
        return tuple(islice(sorted(unsteady), MOST_VARYING))

    def alone(self, check: Check) -> Cell:
        """Show how many members there are, and which come and go."""
        if self._is_present(check) is False:
            return Cell(value=self._nothing(), state=CellState.SAME)
        known = known_members(check, self)
        state = CellState.NOISY if known.sometimes else CellState.SAME
        return Cell(value=self._value(known, varying=known.sometimes), state=state, notes=tuple(_notes(known)))

    def held(self, subject: Subject, pair: Pair, context: Context) -> Judgement:
        """Find the members that are always on one side and never on the other."""
        before, after = pair
        if self._is_present(before) is True and self._is_present(after) is False:
            return self._flipped(subject, Direction.REMOVED, self._nothing())
        if self._is_present(before) is False and self._is_present(after) is True:
            return self._flipped(subject, Direction.ADDED, self._value(known_members(after, self)))
        was, now = known_members(before, self), known_members(after, self)
        names = context.names_of(subject)
        needed = self.needed or frozenset()
        removed = now.lacks(was, None if names is None else (names[1], names[0]), needed)
        added = was.lacks(now, names, needed)
        more_removed, more_added = unlisted_changes(was, now, len(removed), len(added), names)
        gone = Change(Direction.REMOVED, self.removed, removed, more_removed, self.needed)
        come = Change(Direction.ADDED, self.added.when_added, added, more_added)
        doubts = tuple(_doubts(was, now, removed, added)) if names is None else ()
        findings = (*gone.findings(subject), *come.findings(subject), *self._undecided(subject, doubts))
        varying = was.sometimes | now.sometimes
        is_noisy = bool(varying) or (names is not None and any(each.all != each.always for each in names))
        cell = Cell(
            value=self._value(now, gone, come, varying),
            state=_state(subject, (gone, come), is_noisy=is_noisy, is_doubtful=bool(doubts)),
            notes=(*gone.notes(subject), *come.notes(subject), *_notes(now), *doubts),
        )
        # What one side alone names may be there all the same where it is no finding: redacted, or past a cut.
        unsure = varying | (was.always ^ now.always)
        return Judgement(cell, findings, self._settled, unsure)

    @property
    def _settled(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.rules)

    def _undecided(self, subject: Subject, doubts: Sequence[Note]) -> Iterator[Finding]:
        """Say that names which are not shown as they are, or not at all, could not be told apart."""
        rule = undecided(self.removed.name.partition(".")[0])
        if doubts and not subject.is_off(rule):
            yield subject.finding(rule, numbers=Measured(note=doubts[0]), known_by=())

    def _flipped(self, subject: Subject, direction: Direction, value: MembersValue) -> Judgement:
        """Make one finding of a set that is there on one side alone."""
        is_removed = direction is Direction.REMOVED
        rule = self.removed if is_removed else self.added.when_added
        if subject.is_off(rule):
            cell = Cell(value=value, state=CellState.SAME, notes=(switched_off(rule),))
            return Judgement(cell, settled=self._settled)
        expected, actual = (_PRESENT, _MISSING) if is_removed else (_MISSING, _PRESENT)
        state = CellState.REMOVED if is_removed else CellState.ADDED
        finding = subject.finding(rule, expected, actual, numbers=direction.numbers)
        return Judgement(Cell(value=value, state=state), (finding,), self._settled)

    def _is_present(self, check: Check) -> bool | None:
        """Tell whether the set is there at all; None where it comes and goes, or where no fact says so."""
        if self.presence is None:
            return None
        is_there: bool = getattr(check.facts, self.presence)
        unsteady = frozenset(check.varying.get(self.name, ()))
        if not unsteady:
            return is_there
        steady = frozenset(getattr(check.facts, self.name)) - unsteady
        return True if is_there and steady else None

    def _value(
        self, known: Known, gone: Change | None = None, come: Change | None = None, varying: Collection[Redacted] = ()
    ) -> MembersValue:
        return MembersValue(
            noun=self.noun,
            total=known.listed if known.total is None else known.total,
            removed=() if gone is None else tuple(gone.named),
            added=() if come is None else tuple(come.named),
            varying=tuple(sorted(varying)[:MAX_NAMED]),
            unnamed_removed=0 if gone is None else gone.unnamed,
            unnamed_added=0 if come is None else come.unnamed,
        )

    def _nothing(self) -> MembersValue:
        return MembersValue(noun=self.noun, total=None)


def _doubts(was: Known, now: Known, removed: Sequence[Redacted], added: Sequence[Redacted]) -> Iterator[Note]:
    """Say what may or may not be the other side's: how many redacted names at least, and what is not listed."""
    sure = {*removed, *added}
    names = max(sum(is_hidden(name) and name not in sure for name in known.ever) for known in (was, now))
    if names:
        yield Note(why=Why.REDACTED_ALIKE, number=names)
    if was.unlisted or now.unlisted:
        yield Note(why=Why.NOT_LISTED)


def _state(subject: Subject, changes: tuple[Change, Change], *, is_noisy: bool, is_doubtful: bool) -> CellState:
    removed, added = (change.count > 0 and not change.is_off(subject) for change in changes)
    match removed, added:
        case True, True:
            return CellState.DIFFERS
        case True, False:
            return CellState.REMOVED
        case False, True:
            return CellState.ADDED
        case _ if is_doubtful:
            return CellState.UNDECIDED
        case _:
            return CellState.NOISY if is_noisy else CellState.SAME


def _notes(known: Known) -> Iterator[Note]:
    if known.last is not None:
        yield Note(why=Why.CUT)
    if known.redacted:
        yield Note(why=Why.REDACTED, number=known.redacted)
