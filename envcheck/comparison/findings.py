"""Findings: what differs or failed, in names and numbers, and what a reader has to know besides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import FailFast, Field, StringConstraints

from envcheck.comparison.values import Note, Scalar
from envcheck.record import AT, ColumnName, Count, FailureNameField, Milliseconds, Record, WordOfOurs
from envcheck.redact import SafeText
from envcheck.rules import Severity


class Twin(NamedTuple):
    """A candidate that shares its base URL or its key with the baseline; known in memory alone."""

    rule: str
    """`target.same_endpoint` or `target.same_key`."""
    environment: str


class FindingState(StrEnum):
    """Where a finding stands: known and accepted, or against an earlier comparison."""

    OPEN = "open"
    """Found; there was no earlier comparison to hold it against."""
    NEW = "new"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    """Found by the earlier comparison, not by this one: resolved. Never counted."""
    ACCEPTED = "accepted"


STOOD_OPEN: Final = frozenset({FindingState.OPEN, FindingState.NEW, FindingState.UNCHANGED})
"""What is there and not accepted. An accepted one is not: when its acceptance ends, it is news."""


class HeldAgainst(StrEnum):
    """What the environments of a comparison are held against."""

    BASELINE = "baseline"
    ITSELF_EARLIER = "itself_earlier"
    """Each against the environment of the same name in an earlier run; a cell has both values."""
    NOTHING = "nothing"
    """A single environment, which is shown and not compared."""


class Finding(Record):
    """One difference, or one failed probe.

    `environment` and `baseline` are the same where an environment is held against itself in an earlier run, and in a
    failed probe of the baseline, or of an environment that is not compared.
    """

    rule: WordOfOurs
    severity: Severity
    environment: ColumnName
    baseline: ColumnName
    field: WordOfOurs
    """Probe and fact, such as `models.model_ids`."""
    expected: Scalar
    """The baseline's value; for a member of a set, the member that is missing from the candidate."""
    actual: Scalar
    """The candidate's value; for a member of a set, the member that was added."""
    change: Literal["removed", "added"] | None = None
    """Which way a member of a set went, or the whole set."""
    unnamed: Count | None = None
    """How many members this stands for that no list names."""
    expected_ms: Milliseconds | None = None
    actual_ms: Milliseconds | None = None
    ratio: float | None = None
    failed: Annotated[Mapping[FailureNameField, Count], FailFast()] = {}
    """For `probe.unreliable`: the failures by class; `n` is of how many."""
    cosine: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Of the angle between two vectors: 1 for the same direction."""
    note: Note | None = None
    """Why it is undecided, what is likely behind it, or what makes it a finding."""
    n: Count
    """How many samples of the candidate it rests on; for a trend, how many nights since it changed."""
    p: Annotated[float, Field(ge=0, le=1)] | None = None
    """After Holm's correction, where significance was judged; for a trend, in its one series."""
    state: FindingState = FindingState.OPEN
    reason: SafeText | None = None
    """Of the `[[accept]]` that covers it."""
    expires: date | None = None
    """The last day on which that `[[accept]]` holds; None where it says none."""
    counted: bool = False
    """Whether it is at or above the threshold, and neither accepted nor absent."""
    first_seen: date | None = None
    """The day of the first of the comparisons in a row that have it."""
    runs: Count | None = None
    """How many comparisons in a row have it, this one among them; None where nobody knows any more."""
    held_against: HeldAgainst | None = None
    """`itself_earlier` where the environment is held against itself as it was last seen, beside what the comparison
    as a whole is held against; None for all that the comparison says of itself."""
    against_day: date | None = None
    """The day of that earlier record."""
    fingerprint: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
    """The same difference has the same one in every run: made of names and facts, never of prose."""

    @property
    def value(self) -> str | None:
        """What an `[[accept]]` names: what is there, or for a removed member the one that is not."""
        value = self.expected if self.actual is None else self.actual
        return None if value is None or self.expected_ms is not None else str(value)

    @property
    def is_a_change(self) -> bool:
        """Whether it says what changed since the environment was last seen, beside what the comparison is about."""
        return self.held_against is HeldAgainst.ITSELF_EARLIER

    @property
    def is_of_another_vantage(self) -> bool:
        """Whether it is held against the same environment, as it looks from somewhere else."""
        same = self.environment.partition(AT)[0] == self.baseline.partition(AT)[0]
        return same and self.environment != self.baseline

    @property
    def is_undecided(self) -> bool:
        """Whether it says that nothing could be said."""
        return self.rule.endswith(".undecided")


class AcceptNotice(Record):
    """An `[[accept]]` that did nothing, or soon will not: it should be removed or renewed."""

    rule: WordOfOurs
    environment: ColumnName
    field: WordOfOurs | None = None
    value: SafeText | None = None
    reason: SafeText
    problem: Literal["expired", "unused", "expires_soon"]
    expires: date | None = None
    position: Count = 0
    """Which `[[accept]]` of the file it is, counted from 1."""


class Notice(Record):
    """What a reader has to know that is no finding, such as an environment that could not be held against anything."""

    environment: ColumnName | None
    """None where it is about the comparison as a whole."""
    note: Note | None = None
    """None in a record of 0.1.0, which had a sentence here."""
