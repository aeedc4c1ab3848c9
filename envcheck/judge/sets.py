"""Facts that are sets, held against the baseline's member by member; order never matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.comparison import Cell, CellState
from envcheck.judge.changes import Change, Direction, signed
from envcheck.judge.findings import Judgement
from envcheck.judge.members import members_of, unlisted_changes
from envcheck.judge.wording import in_order, ours, phrase, switched_off

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from envcheck.comparison import Finding
    from envcheck.evidence import Check
    from envcheck.judge.findings import Subject
    from envcheck.judge.members import Members
    from envcheck.judge.wording import Manner
    from envcheck.probes.base import SetField
    from envcheck.redact import Redacted

_MISSING = phrase("missing")
_PRESENT = phrase("present")


def set_alone(field: SetField, check: Check) -> Cell:
    """Show how many members there are, and which come and go."""
    if _is_present(field, check) is False:
        return Cell(value=_MISSING, state=CellState.SAME)
    members = members_of(check, field)
    return Cell(
        value=_count(field, members, ()),
        state=CellState.NOISY if members.sometimes else CellState.SAME,
        detail=(*signed(ours("~"), sorted(members.sometimes)), *_notes(members)),
    )


def judge_set(field: SetField, subject: Subject, before: Check, after: Check, manner: Manner) -> Judgement:
    """Find the members that are always on one side and never on the other."""
    if _is_present(field, before) is True and _is_present(field, after) is False:
        change = Change(Direction.REMOVED, field.removed)
        return _flip(field, change, subject, manner.shown(_count(field, members_of(before, field), ()), _MISSING))
    if _is_present(field, before) is False and _is_present(field, after) is True:
        change = Change(Direction.ADDED, field.added.when_added)
        return _flip(field, change, subject, manner.shown(_MISSING, _count(field, members_of(after, field), ())))
    if _are_equal(field, before, after):
        return Judgement(set_alone(field, after), settled=_rules(field))
    return _judge_members(field, subject, members_of(before, field), members_of(after, field))


def _judge_members(field: SetField, subject: Subject, was: Members, now: Members) -> Judgement:
    removed, added = now.lacks(was.always), was.lacks(now.always)
    more_removed, more_added = unlisted_changes(was, now, len(removed), len(added))
    gone = Change(Direction.REMOVED, field.removed, removed, more_removed)
    come = Change(Direction.ADDED, field.added.when_added, added, more_added)
    findings = (*gone.findings(subject), *come.findings(subject))
    unsure = was.sometimes | now.sometimes
    cell = Cell(
        value=_count(field, now, (gone, come)),
        state=_state(findings, unsure),
        detail=(*gone.detail(subject), *come.detail(subject), *signed(ours("~"), sorted(unsure)), *_notes(now)),
    )
    return Judgement(cell, findings, _rules(field), unsure)


def _flip(field: SetField, change: Change, subject: Subject, value: Redacted) -> Judgement:
    if subject.is_off(change.rule):
        detail = (switched_off(change.rule),)
        return Judgement(Cell(value=value, state=CellState.SAME, detail=detail), settled=_rules(field))
    is_removed = change.direction is Direction.REMOVED
    expected, actual = (_PRESENT, _MISSING) if is_removed else (_MISSING, _PRESENT)
    finding = subject.finding(change.rule, expected, actual)
    state = CellState.REMOVED if is_removed else CellState.ADDED
    return Judgement(Cell(value=value, state=state), (finding,), _rules(field))


def _is_present(field: SetField, check: Check) -> bool | None:
    """Tell whether the set is there at all; None where it comes and goes, or where no fact says so."""
    if field.presence is None:
        return None
    is_there: bool = getattr(check.facts, field.presence)
    unsteady = frozenset(check.varying.get(field.name, ()))
    if not unsteady:
        return is_there
    steady = frozenset(getattr(check.facts, field.name)) - unsteady
    return True if is_there and steady else None


def _are_equal(field: SetField, before: Check, after: Check) -> bool:
    names = (name for name in (field.name, field.total, field.digest) if name is not None)
    varies = field.name in before.varying or field.name in after.varying
    return not varies and all(getattr(before.facts, name) == getattr(after.facts, name) for name in names)


def _rules(field: SetField) -> frozenset[str]:
    return frozenset({field.removed.name, field.added.name})


def _state(findings: Collection[Finding], unsure: Collection[Redacted]) -> CellState:
    removed = any(finding.actual is None for finding in findings)
    added = any(finding.expected is None for finding in findings)
    match removed, added:
        case True, True:
            return CellState.DIFFERS
        case True, False:
            return CellState.REMOVED
        case False, True:
            return CellState.ADDED
        case _:
            return CellState.NOISY if unsure else CellState.SAME


def _count(field: SetField, members: Members, changes: Collection[Change]) -> Redacted:
    counts = [phrase("{}{}", ours(change.direction), change.count) for change in changes if change.count]
    if members.sometimes:
        counts.append(phrase("~{}", len(members.sometimes)))
    number = members.listed if members.total is None else members.total
    total = phrase("{} {}" if number == 1 else "{} {}s", number, ours(field.noun))
    return phrase("{} ({})", total, in_order(counts)) if counts else total


def _notes(members: Members) -> Iterator[Redacted]:
    if members.last is not None:
        yield phrase("the list is cut; compared by name as far as it goes, and past that by count")
    if members.redacted:
        yield phrase("{} names are redacted, in whole or in part; those that look alike count as one", members.redacted)
