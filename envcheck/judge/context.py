"""What a field needs to know to judge itself, beside the checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from envcheck.judge.judgement import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from envcheck.judge.columns import Column
    from envcheck.judge.names import Names
    from envcheck.policy import Policy


class Question(NamedTuple):
    """One thing whose significance is asked: whether neither of two samples tends to be larger."""

    environment: str
    field: str
    """Probe and fact, such as `chat.latency`."""
    before: Sequence[float]
    after: Sequence[float]


class Chance(NamedTuple):
    """The answer to a question."""

    p: float
    """After Holm's correction."""
    among: int
    """How many questions it was corrected for."""


@dataclass(frozen=True, slots=True)
class Context:
    """One comparison's circumstances, as the fields of one probe see them."""

    probe: str
    policy: Policy
    today: date
    shows_earlier: bool = False
    """Whether each environment is held against itself in an earlier run, which has no column of its own."""
    side_by_side: bool = True
    """Whether both sides' samples were taken in one run, so that their latencies may be judged."""
    chances: Mapping[tuple[str, str], Chance] = field(default_factory=lambda: MappingProxyType({}))
    """By environment and field: the answers to the fields' questions."""
    names: Mapping[str, Mapping[str, Names]] | None = None
    """By environment, then by the fact's full name: what is known in memory of the names that a server gave. None
    where nobody can tell any more, as of saved evidence."""

    def named(self, fact: str) -> str:
        """Give the full name of one of the probe's facts."""
        return f"{self.probe}.{fact}"

    def subject(self, column: Column, fact: str, n: int) -> Subject:
        """Give what findings about a fact of an environment are about."""
        return Subject(column.name, column.baseline, self.named(fact), n, self.policy.severity)

    def names_of(self, subject: Subject) -> tuple[Names, Names] | None:
        """Give what is known of the baseline's and the candidate's names; None where nobody can tell any more."""
        if self.names is None:
            return None
        before = self.names.get(subject.baseline, {}).get(subject.field)
        after = self.names.get(subject.environment, {}).get(subject.field)
        return None if before is None or after is None else (before, after)
