"""The comparison record: every environment's evidence held against one baseline, and the one list of findings.

Table, JSON, Markdown and exit code are all read from here; none of them judges anything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import FailFast, Field, StringConstraints

from envcheck.evidence import EnvironmentName, Record, Tool, WordOfOurs
from envcheck.probes.base import Severity
from envcheck.redact import Redacted, SafeText

SCHEMA_VERSION: Final = "envcheck.comparison/1"


class CellState(StrEnum):
    """What one environment's value of a field says when it is held against the baseline's."""

    SAME = "same"
    """No rule in force tells it from the baseline's; also the baseline's own, and all of a single environment."""
    DIFFERS = "differs"
    ADDED = "added"
    REMOVED = "removed"
    NOISY = "noisy"
    """It varies within one environment, so it proves nothing."""
    ACCEPTED = "accepted"
    """A difference, every part of which an `[[accept]]` covers."""
    NOT_PROBED = "not_probed"
    ERROR = "error"
    INCOMPARABLE = "incomparable"


class FindingState(StrEnum):
    """Where a finding stands: known and accepted, or against an earlier comparison."""

    OPEN = "open"
    """Found; there was no earlier comparison to hold it against."""
    NEW = "new"
    UNCHANGED = "unchanged"
    ABSENT = "absent"
    """Found by the earlier comparison, not by this one: resolved. Never counted."""
    ACCEPTED = "accepted"


class Verdict(StrEnum):
    """The comparison in one word."""

    SAME = "same"
    DIFFERS = "differs"
    FAILED = "failed"
    """A candidate failed a probe."""
    INCONCLUSIVE = "inconclusive"
    """The baseline failed a probe, so nothing can be held against it."""


class HeldAgainst(StrEnum):
    """What the environments of a comparison are held against."""

    BASELINE = "baseline"
    ITSELF_EARLIER = "itself_earlier"
    """Each against the environment of the same name in an earlier run; a cell shows `earlier → now`."""
    NOTHING = "nothing"
    """A single environment, which is shown and not compared."""


class Cell(Record):
    """One environment's value of one field."""

    value: SafeText | None
    """For people: a number, a word, a class, a count with what was added and removed."""
    state: CellState
    detail: Annotated[tuple[SafeText, ...], FailFast()] = ()
    """What stands behind it, such as `-o3` and `+gpt-5` for a list of models, or why it was not judged."""


class Row(Record):
    """One field, side by side."""

    probe: WordOfOurs
    field: WordOfOurs
    cells: Annotated[Mapping[EnvironmentName, Cell], FailFast()]
    """Baseline first, then in the file's order."""


class Finding(Record):
    """One difference, or one failed probe.

    `environment` and `baseline` are the same where an environment is held against itself in an earlier run, and in a
    failed probe of the baseline, or of an environment that is not compared.
    """

    rule: WordOfOurs
    severity: Severity
    environment: EnvironmentName
    baseline: EnvironmentName
    field: WordOfOurs
    """Probe and fact, such as `models.model_ids`."""
    expected: SafeText | None
    """The baseline's value; for a member of a set, the member that is missing from the candidate."""
    actual: SafeText | None
    """The candidate's value; for a member of a set, the member that was added."""
    n: Annotated[int, Field(ge=0)]
    """How many samples of the candidate it rests on."""
    p: Annotated[float, Field(ge=0, le=1)] | None = None
    """After Holm's correction, where significance was judged."""
    state: FindingState = FindingState.OPEN
    reason: SafeText | None = None
    """Of the `[[accept]]` that covers it."""
    fingerprint: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
    """The same difference has the same one in every run: made of names and facts, never of prose."""

    @property
    def value(self) -> Redacted | None:
        """What an `[[accept]]` names: what is there, or for a removed member the one that is not."""
        return self.expected if self.actual is None else self.actual


class AcceptNotice(Record):
    """An `[[accept]]` that did nothing, and should be removed or renewed."""

    rule: WordOfOurs
    environment: EnvironmentName
    reason: SafeText
    problem: Literal["expired", "unused"]
    expires: date | None = None


class Notice(Record):
    """What a reader has to know that is no finding, such as an environment that could not be held against anything."""

    environment: EnvironmentName | None
    """None where it is about the comparison as a whole."""
    text: SafeText


class ComparisonSummary(Record):
    """The verdict, and what it counts."""

    verdict: Verdict
    counted: Annotated[int, Field(ge=0)]
    """Findings at or above the threshold that are neither accepted nor absent."""
    err: Annotated[int, Field(ge=0)]
    warn: Annotated[int, Field(ge=0)]
    info: Annotated[int, Field(ge=0)]
    accepted: Annotated[int, Field(ge=0)]
    fail_on: Literal["err", "warn", "info", "never"]
    exit_code: Annotated[int, Field(ge=0, le=6)]
    """What the comparison alone asks for; a fault or an unwritten report can still go before it."""


class Comparison(Record):
    """Every environment of a run held against its baseline."""

    schema_version: Literal["envcheck.comparison/1"] = SCHEMA_VERSION
    generated_at: datetime
    tool: Tool = Tool()
    held_against: HeldAgainst = HeldAgainst.BASELINE
    baseline: EnvironmentName | None
    """None where there is none: a single environment, or each held against itself in an earlier run."""
    environments: Annotated[tuple[EnvironmentName, ...], FailFast()]
    """Baseline first, then in the file's order."""
    rows: Annotated[tuple[Row, ...], FailFast()]
    findings: Annotated[tuple[Finding, ...], FailFast()]
    carried: Annotated[tuple[Finding, ...], FailFast()] = ()
    """Of an earlier comparison: neither found nor gone, for they could not be judged now. Never counted."""
    accept_notices: Annotated[tuple[AcceptNotice, ...], FailFast()] = ()
    notices: Annotated[tuple[Notice, ...], FailFast()] = ()
    summary: ComparisonSummary
