"""The comparison record: every environment's evidence held against one baseline, and the one list of findings.

Table, JSON, Markdown and exit code are all read from here; none of them judges anything again. Values are typed: a
count is a number, a duration is one too, and no word here is a sentence. Words for people are made in `render`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from pydantic import FailFast, Field, StringConstraints

from envcheck.model import Outcome
from envcheck.record import Count, EnvironmentName, FailureNameField, Milliseconds, Record, RunId, Tool, WordOfOurs
from envcheck.redact import SafeText
from envcheck.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Evidence

SCHEMA_VERSION: Final = "envcheck.comparison/1"


class CellState(StrEnum):
    """What one environment's value of a field says when it is held against the baseline's."""

    SAME = "same"
    """Judged, and no rule in force tells it from the baseline's; also the baseline's own, and all of a single one."""
    DIFFERS = "differs"
    ADDED = "added"
    REMOVED = "removed"
    NOISY = "noisy"
    """It varies within one environment, so it proves nothing."""
    UNDECIDED = "undecided"
    """There is something to say, and too little to say it."""
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


STOOD_OPEN: Final = frozenset({FindingState.OPEN, FindingState.NEW, FindingState.UNCHANGED})
"""What is there and not accepted. An accepted one is not: when its acceptance ends, it is news."""


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


class HeldAgainst(StrEnum):
    """What the environments of a comparison are held against."""

    BASELINE = "baseline"
    ITSELF_EARLIER = "itself_earlier"
    """Each against the environment of the same name in an earlier run; a cell has both values."""
    NOTHING = "nothing"
    """A single environment, which is shown and not compared."""


class Why(StrEnum):
    """Why something was not judged, or what a reader has to know about a value. `render` has the words."""

    SWITCHED_OFF = "switched_off"
    """The user set the rule `word` to `none`."""
    FEW_ASKED = "few_asked"
    """Fewer latency samples were asked for than can be judged."""
    TOO_FEW = "too_few"
    """Apart, and of the samples that were asked for too few could be used; `number` of them could tell."""
    FEW_LEFT = "few_left"
    """Too few samples could be used, and those that could do not look apart."""
    NOT_SIGNIFICANT = "not_significant"
    """It may be chance; `number` samples could tell."""
    NOT_SEEN_TWICE = "not_seen_twice"
    """Slower at first, and not when it was sampled again."""
    NOT_CONFIRMED = "not_confirmed"
    """Slower, and there is no second batch of samples."""
    DRIFTING = "drifting"
    """Slower twice, and by no more than gateways whose samples hang together drift; `number` samples may tell."""
    VOIDED = "voided"
    """`number` samples are void: this machine was busy while they ran."""
    COLD_AND_WARM = "cold_and_warm"
    CACHED = "cached"
    """A cache answered, on one side at least."""
    DIFFERENT_RUNS = "different_runs"
    """Samples of different runs were not taken side by side."""
    OTHER_MODEL = "other_model"
    OTHER_PROMPT = "other_prompt"
    REDACTED = "redacted"
    """`number` names are redacted, in whole or in part."""
    REDACTED_ALIKE = "redacted_alike"
    """Names that are redacted look alike in both files, and nobody can tell whether they are."""
    CUT = "cut"
    """The list is longer than what is kept of it: compared by name as far as it goes, and past that by count."""
    SAID_BY_ONE = "said_by_one"
    """One side alone states it."""
    NOT_LISTED = "not_listed"
    DAYS_LEFT = "days_left"
    """It is `number` days until then."""
    DAYS_AGO = "days_ago"
    NO_FACTS = "no_facts"
    NOT_PROBED_THERE = "not_probed_there"
    FAILED_THERE = "failed_there"
    UNSUPPORTED_THERE = "unsupported_there"
    NOT_ASKED = "not_asked"
    """Only the other side was asked for this probe."""
    ONLY_EARLIER = "only_earlier"
    """Probed in the earlier run only."""
    NOTHING_PASSED = "nothing_passed"
    """No probe passed on both sides."""
    EARLIER_MADE_UP = "earlier_made_up"
    """One of the two comparisons is of made-up evidence and the other is not, so nothing is called new or unchanged."""
    OTHER_QUESTION = "other_question"
    """The earlier comparison was held against something else, so nothing is called new or unchanged."""
    LATENCY_NOT_JUDGED = "latency_not_judged"
    """`number` samples were asked for, and at least five are needed."""
    MODEL_CHANGED = "model_changed"
    PROMPT_CHANGED = "prompt_changed"
    URL_CHANGED = "url_changed"
    GONE = "gone"
    """The earlier comparison has it, and it takes no part in this one."""


class Note(Record):
    """One thing to know about a cell or a comparison."""

    why: Why
    number: Count | None = None
    word: WordOfOurs | None = None


Scalar: TypeAlias = "bool | int | float | SafeText | None"
"""A fact with one value."""


class OutcomeValue(Record):
    """How a probe ended."""

    kind: Literal["outcome"] = "outcome"
    outcome: Outcome
    failure_class: FailureNameField | None = None
    http_status: int | None = None
    detail: SafeText | None = None
    failed: Annotated[Mapping[FailureNameField, Count], FailFast()] = {}
    """Requests that failed although the probe passed, by class."""
    taken: Count = 0
    """Of how many."""


class MembersValue(Record):
    """A set, and what changed of it."""

    kind: Literal["members"] = "members"
    noun: WordOfOurs
    """What one member is."""
    total: Count | None
    """None where the set is not there at all."""
    removed: Annotated[tuple[SafeText, ...], FailFast()] = ()
    added: Annotated[tuple[SafeText, ...], FailFast()] = ()
    varying: Annotated[tuple[SafeText, ...], FailFast()] = ()
    """Those that come and go."""
    unnamed_removed: Count = 0
    unnamed_added: Count = 0
    """Changes that no list names: redacted, or past the end of a cut list."""


class DurationValue(Record):
    """A latency."""

    kind: Literal["duration"] = "duration"
    median_ms: Milliseconds
    half_iqr_ms: Milliseconds | None = None
    """Half the interquartile range: half of the samples lie about that near to the median."""
    n: Count
    ratio: float | None = None
    """To the baseline's median."""
    p: Annotated[float, Field(ge=0, le=1)] | None = None
    """After Holm's correction, where significance was judged."""


class SeveralValue(Record):
    """A fact that took several values in one environment."""

    kind: Literal["several"] = "several"
    values: Annotated[tuple[Scalar, ...], FailFast()]


class DayValue(Record):
    """A date."""

    kind: Literal["day"] = "day"
    day: date


class TallyValue(Record):
    """How often each of a closed list of words was counted."""

    kind: Literal["tally"] = "tally"
    counts: Annotated[Mapping[WordOfOurs, Count], FailFast()]


Typed: TypeAlias = Annotated[
    OutcomeValue | MembersValue | DurationValue | SeveralValue | DayValue | TallyValue, Field(discriminator="kind")
]
Value: TypeAlias = "Typed | bool | int | float | SafeText | None"


class Cell(Record):
    """One environment's value of one field."""

    value: Value
    state: CellState
    expected: Value = None
    """What it was in the earlier run, where environments are held against themselves."""
    notes: Annotated[tuple[Note, ...], FailFast()] = ()


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
    note: Note | None = None
    """Why it is undecided, or what makes it a finding."""
    n: Count
    """How many samples of the candidate it rests on."""
    p: Annotated[float, Field(ge=0, le=1)] | None = None
    """After Holm's correction, where significance was judged."""
    state: FindingState = FindingState.OPEN
    reason: SafeText | None = None
    """Of the `[[accept]]` that covers it."""
    counted: bool = False
    """Whether it is at or above the threshold, and neither accepted nor absent."""
    first_seen: date | None = None
    """The day of the first of the comparisons in a row that have it."""
    fingerprint: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
    """The same difference has the same one in every run: made of names and facts, never of prose."""

    @property
    def value(self) -> str | None:
        """What an `[[accept]]` names: what is there, or for a removed member the one that is not."""
        value = self.expected if self.actual is None else self.actual
        return None if value is None or self.expected_ms is not None else str(value)

    @property
    def is_undecided(self) -> bool:
        """Whether it says that nothing could be said."""
        return self.rule.endswith(".undecided")


class AcceptNotice(Record):
    """An `[[accept]]` that did nothing, or soon will not: it should be removed or renewed."""

    rule: WordOfOurs
    environment: EnvironmentName
    field: WordOfOurs | None = None
    value: SafeText | None = None
    reason: SafeText
    problem: Literal["expired", "unused", "expires_soon"]
    expires: date | None = None
    position: Count = 0
    """Which `[[accept]]` of the file it is, counted from 1."""


class Notice(Record):
    """What a reader has to know that is no finding, such as an environment that could not be held against anything."""

    environment: EnvironmentName | None
    """None where it is about the comparison as a whole."""
    note: Note | None = None
    """None in a record of 0.1.0, which had a sentence here."""


class EnvironmentSummary(Record):
    """One environment in one line."""

    verdict: Standing
    err: Count
    warn: Count
    info: Count
    accepted: Count
    worst_rule: WordOfOurs | None


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
    by_environment: Annotated[Mapping[EnvironmentName, EnvironmentSummary], FailFast()] = {}
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


class Comparison(Record):
    """Every environment of a run held against its baseline."""

    schema_version: Literal["envcheck.comparison/1"] = SCHEMA_VERSION
    generated_at: datetime
    tool: Tool = Tool()
    run_id: RunId | None = None
    """Of the run that it was made of; None where the evidence is of several."""
    made_up: bool = False
    is_tracked: bool = False
    """Whether it was held against an earlier comparison, as a nightly run is, or would have been had there been one."""
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
    settings: Settings | None = None
    summary: ComparisonSummary


@dataclass(frozen=True, slots=True)
class Result:
    """What a format is handed: evidences, and their comparison where there is one."""

    evidences: Sequence[Evidence]
    comparison: Comparison | None = None
