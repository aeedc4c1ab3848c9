"""One direction of a difference between two sets: what was removed, or what was added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from envcheck.judge.judgement import Measured, switched_off
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Finding, Note
    from envcheck.judge.judgement import Subject
    from envcheck.redact import Redacted
    from envcheck.rules import Rule

MAX_NAMED: Final = 200
"""Members named for each direction of a field in an environment; the rest are one more finding, with their number."""


class Direction(StrEnum):
    """Which way a member went, as a cell marks it."""

    REMOVED = "-"
    ADDED = "+"

    @property
    def numbers(self) -> Measured:
        """Say it in a finding."""
        return Measured(change="removed" if self is Direction.REMOVED else "added")


@dataclass(frozen=True, slots=True)
class Change:
    """The members that went one way."""

    direction: Direction
    rule: Rule
    members: Sequence[Redacted] = ()
    unlisted: int = 0
    """How many more there must be that no list names."""
    needed: frozenset[str] | None = None
    """Members that matter as much as the rule says, where others only are worth knowing."""

    @property
    def named(self) -> Sequence[Redacted]:
        """The members that have a finding each."""
        return self.members[:MAX_NAMED]

    @property
    def unnamed(self) -> int:
        """How many members are not named."""
        return self.count - len(self.named)

    @property
    def count(self) -> int:
        """How many members went this way, named or not."""
        return len(self.members) + self.unlisted

    def is_off(self, subject: Subject) -> bool:
        """Whether the user has switched its rule off."""
        return subject.is_off(self.rule)

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Make one finding for each member, and one for all those that are not named."""
        if self.is_off(subject):
            return
        for member in self.named:
            expected, actual = (member, None) if self.direction is Direction.REMOVED else (None, member)
            yield subject.finding(self._rule_of(member), expected, actual, numbers=self.direction.numbers)
        if self.unnamed:
            known_by = (self.direction, str(self.unlisted), *self.members[MAX_NAMED:])
            numbers = replace(self.direction.numbers, unnamed=self.unnamed)
            yield subject.finding(self._rule_of(*self.members[MAX_NAMED:]), numbers=numbers, known_by=known_by)

    def notes(self, subject: Subject) -> Iterator[Note]:
        """Say why there is a change and no finding of it."""
        if self.count and self.is_off(subject):
            yield switched_off(self.rule)

    def _rule_of(self, *members: Redacted) -> Rule:
        is_needed = self.needed is None or not self.needed.isdisjoint(members)  # what is needed is always listed
        return self.rule if is_needed else replace(self.rule, severity=Severity.INFO)
