"""The record as a whole: the rows, the findings, and what it all comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import FailFast, Field

from envcheck.comparison.checklist import ChecklistHead, Expectation, Item
from envcheck.comparison.findings import AcceptNotice, Finding, HeldAgainst, Notice
from envcheck.comparison.sharding import Merged, Shard
from envcheck.comparison.values import Row
from envcheck.record import AT, ColumnName, Count, Record, RunId, Tool, VantageName, WordOfOurs
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Evidence
    from envcheck.past import Past

SCHEMA_VERSION: Final = "envcheck.comparison/1"


class Verdict(StrEnum):
    """The comparison in one word."""

    SAME = "same"
    DIFFERS = "differs"
    FAILED = "failed"
    """A candidate failed a probe."""
    INCONCLUSIVE = "inconclusive"
    """The baseline failed a probe, so nothing can be held against it."""


class Standing(StrEnum):
    """One environment of a comparison in one word."""

    SAME = "same"
    UNDECIDED = "undecided"
    """No difference was found, and not all of it could be decided."""
    DIFFERS = "differs"
    FAILED = "failed"
    NOT_COMPARED = "not_compared"


class EnvironmentSummary(Record):
    """One environment in one line."""

    verdict: Standing
    err: Count
    warn: Count
    info: Count
    accepted: Count
    worst_rule: WordOfOurs | None
    changed: Count | None = None
    """What changed since it was last seen, aside from what is accepted; None where there was no earlier record of it.
    No part of the other numbers, nor of the verdict."""


class ComparisonSummary(Record):
    """The verdict, and what it counts."""

    verdict: Verdict
    counted: Count
    """Findings at or above the threshold that are neither accepted nor absent."""
    err: Count
    warn: Count
    info: Count
    accepted: Count
    undecided: Count = 0
    changed: Count = 0
    """What changed in any environment since it was last seen; no part of the severities' numbers."""
    by_environment: Annotated[Mapping[ColumnName, EnvironmentSummary], FailFast()] = {}
    fail_on: Literal["err", "warn", "info", "never"]
    exit_code: Annotated[int, Field(ge=0, le=6)]
    """What the comparison alone asks for; a fault or an unwritten report can still go before it."""


class Settings(Record):
    """What it was judged by."""

    latency_ratio: float
    latency_floor_ms: float
    confirm_over_s: float
    tls_days: Count | None = None
    """None in a record of an older release."""
    severity: Annotated[Mapping[WordOfOurs, Severity], FailFast()] = {}


class Elsewhere(Record):
    """One environment, as it looks from several vantages."""

    environment: ColumnName
    rows: Annotated[tuple[Row, ...], FailFast()]
    """By vantage, held against the first of them: facts alone, for latencies of different places are only shown."""


class Comparison(Record):
    """Every environment of a run held against its baseline."""

    schema_version: Literal["envcheck.comparison/1"] = SCHEMA_VERSION
    generated_at: datetime
    tool: Tool = Tool()
    run_id: RunId | None = None
    """Of the run that it was made of; None where the evidence is of several."""
    made_up: bool = False
    shard: Shard | None = None
    """Which part of a fleet it is about; None where it is about all that was to be probed."""
    merged: Merged | None = None
    """The shards that it was put together of; None where it is of one run."""
    is_tracked: bool = False
    """Whether it was held against an earlier comparison, as a nightly run is, or would have been had there been one."""
    held_against: HeldAgainst = HeldAgainst.BASELINE
    vantages: Annotated[tuple[VantageName, ...], FailFast()] = ()
    """Where was looked from, as far as anybody said; where there is more than one, a column's name says which."""
    baseline: ColumnName | None
    """None where there is none: a single environment, or each held against itself in an earlier run. Of several
    vantages each has its own, by this name at that vantage."""
    environments: Annotated[tuple[ColumnName, ...], FailFast()]
    """Baseline first, then in the file's order."""
    rows: Annotated[tuple[Row, ...], FailFast()]
    findings: Annotated[tuple[Finding, ...], FailFast()]
    carried: Annotated[tuple[Finding, ...], FailFast()] = ()
    """Of an earlier comparison: neither found nor gone, for they could not be judged now. Never counted."""
    accept_notices: Annotated[tuple[AcceptNotice, ...], FailFast()] = ()
    notices: Annotated[tuple[Notice, ...], FailFast()] = ()
    settings: Settings | None = None
    elsewhere: Annotated[tuple[Elsewhere, ...], FailFast()] = ()
    """Each environment's vantages held against each other; empty where there are not several."""
    expectations: Annotated[tuple[Expectation, ...], FailFast()] = ()
    """Every `[[expect]]` in every environment that it is about."""
    checklist: Annotated[tuple[Item, ...], FailFast()] = ()
    """What somebody who rolls out has to see to, in the order to read it; empty where nobody asked for one."""
    checklist_head: ChecklistHead | None = None
    """None where there is no checklist."""
    summary: ComparisonSummary

    def is_baseline(self, column: str) -> bool:
        """Tell whether a column is the baseline's, at whatever vantage."""
        return self.baseline is not None and column.partition(AT)[0] == self.baseline

    def baseline_of(self, column: str) -> str | None:
        """Return the column that another one is held against: the baseline at the same vantage."""
        _, at, vantage = column.partition(AT)
        return None if self.baseline is None else f"{self.baseline}{at}{vantage}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a format is handed: evidences, and their comparison where there is one."""

    evidences: Sequence[Evidence]
    comparison: Comparison | None = None
    past: Past | None = None
    """The last nights of these environments; None where no history is kept."""
