"""Who is held against whom: the columns of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from envcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.evidence import Check, Evidence


class Pair(NamedTuple):
    """A probe that passed on both sides."""

    before: Check
    after: Check


@dataclass(frozen=True, slots=True)
class Against:
    """What a candidate is held against."""

    name: str
    evidence: Evidence | None
    """None where an earlier run did not have this environment."""


@dataclass(frozen=True, slots=True)
class Column:
    """One environment of a comparison."""

    name: str
    evidence: Evidence | None
    """None where only the earlier run had this environment."""
    against: Against | None = None
    """None for the baseline itself, and for an environment that is not compared."""

    @property
    def baseline(self) -> str:
        """The name that its findings give as their baseline."""
        return self.name if self.against is None else self.against.name

    def pair(self, probe: str) -> Pair | None:
        """Give the two checks to hold together; None unless the probe passed on both sides."""
        before, after = self.expected_check(probe), self.check(probe)
        if before is None or after is None:
            return None
        return Pair(before, after) if before.outcome is after.outcome is Outcome.PASS else None

    def check(self, probe: str) -> Check | None:
        """Give this environment's check of a probe; None where it was not probed, or skipped."""
        return _done(self.evidence, probe)

    @property
    def asked_for(self) -> tuple[int, int]:
        """How many samples the other side was asked for, and this one; 0 where a side is not there."""
        before = None if self.against is None else self.against.evidence
        return _samples(before), _samples(self.evidence)

    def expected_check(self, probe: str) -> Check | None:
        """Give the check that this environment's is held against; None where there is none."""
        return None if self.against is None else _done(self.against.evidence, probe)


def _done(evidence: Evidence | None, probe: str) -> Check | None:
    check = None if evidence is None else evidence.check(probe)
    return None if check is None or check.outcome is Outcome.SKIPPED else check


def _samples(evidence: Evidence | None) -> int:
    return 0 if evidence is None else evidence.target.samples


def evidences_of(columns: Sequence[Column]) -> Iterator[Evidence]:
    """Give every record that there is, on both sides."""
    for column in columns:
        if column.evidence is not None:
            yield column.evidence
        if column.against is not None and column.against.evidence is not None:
            yield column.against.evidence
