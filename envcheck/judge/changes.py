"""One direction of a difference between two sets: what was removed, or what was added."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from envcheck.judge.wording import ours, phrase, switched_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Finding
    from envcheck.judge.findings import Subject
    from envcheck.probes.base import Rule
    from envcheck.redact import Redacted

MAX_NAMED: Final = 200
"""Members named for each direction of a field in an environment; the rest are one more finding, with their number."""


class Direction(StrEnum):
    """Which way a member went, as a cell marks it."""

    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class Change:
    """The members that went one way."""

    direction: Direction
    rule: Rule
    members: Sequence[Redacted] = ()
    unlisted: int = 0
    """How many more there must be that no list names."""

    @property
    def count(self) -> int:
        """How many members went this way, named or not."""
        return len(self.members) + self.unlisted

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Make one finding for each member, and one for all those that are not named."""
        if subject.is_off(self.rule):
            return
        for member in self.members[:MAX_NAMED]:
            yield self._finding(subject, member)
        rest = self.members[MAX_NAMED:]
        unnamed = len(rest) + self.unlisted
        if unnamed:
            words = phrase("and {} more", unnamed) if self.members else phrase("{} that cannot be named", unnamed)
            yield self._finding(subject, words, known_by=(self.direction, str(self.unlisted), *rest))

    def _finding(self, subject: Subject, value: Redacted, known_by: Sequence[str] | None = None) -> Finding:
        expected, actual = (value, None) if self.direction is Direction.REMOVED else (None, value)
        return subject.finding(self.rule, expected, actual, known_by=known_by)

    def detail(self, subject: Subject) -> Iterator[Redacted]:
        """Name the members that there are findings of."""
        if self.count and subject.is_off(self.rule):
            yield switched_off(self.rule)
            return
        yield from signed(ours(self.direction), self.members)


def signed(sign: Redacted, members: Sequence[Redacted]) -> Iterator[Redacted]:
    """Name members with the sign of what became of them, as many as are named at all."""
    yield from (phrase("{}{}", sign, member) for member in members[:MAX_NAMED])
