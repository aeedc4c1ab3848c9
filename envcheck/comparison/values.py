"""Typed values: what stands in a cell, in which state, and what to know about it. `render` has the words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import FailFast, Field

from envcheck.model import Outcome
from envcheck.record import ColumnName, Count, FailureNameField, Milliseconds, Record, WordOfOurs
from envcheck.redact import SafeText


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
    CACHED = "cached"
    """A cache answered, on one side at least."""
    DIFFERENT_RUNS = "different_runs"
    """Samples of different runs were not taken side by side."""
    OTHER_MODEL = "other_model"
    OTHER_PROMPT = "other_prompt"
    OTHER_FACT = "other_fact"
    """The fact `word` is another one, so that this one proves nothing."""
    ONE_ANSWER = "one_answer"
    """Each question has one single answer, however often it was asked."""
    ONE_ANSWER_THERE = "one_answer_there"
    """The same, on the other side."""
    NO_ANSWERS = "no_answers"
    """Most answers, on both sides, are none of those that were asked for."""
    REDACTED = "redacted"
    """`number` names are redacted, in whole or in part."""
    REDACTED_ALIKE = "redacted_alike"
    """Names that are redacted look alike in both files, and nobody can tell whether they are."""
    NOT_LISTED = "not_listed"
    """A side has members that it does not list, and nobody can tell any more which they are."""
    CUT = "cut"
    """The list is longer than what is kept of it: compared by name as far as it goes, and past that by count."""
    UNREAD = "unread"
    """`number` records could not be read, and are left out."""
    SHARD_MISSING = "shard_missing"
    """Of the shards that were to be put together, shard `number` is not there."""
    SHARD_TWICE = "shard_twice"
    """Shard `number` is there more than once, and the newest counts."""
    SHARD_OTHER_CONFIGURATION = "shard_other_configuration"
    """A shard `number` is of another configuration than the others, and is left out."""
    SHARD_OLDER = "shard_older"
    """A shard `number` is of an earlier time than the others, and is left out."""
    BASELINE_VARIES = "baseline_varies"
    """The baseline's fact `word` was another one in `number` shards than in the one that is shown."""
    SAID_BY_ONE = "said_by_one"
    """One side alone states it."""
    UNLISTED = "unlisted"
    """The model is not in the gateway's own list."""
    DAYS_LEFT = "days_left"
    """It is `number` days until then."""
    DAYS_AGO = "days_ago"
    NO_FACTS = "no_facts"
    NO_PROBE = "no_probe"
    """The probe `word` is none that is here: it is of a plug-in that is not loaded, or of a newer release."""
    PLUGIN_BROKE = "plugin_broke"
    """The plug-in that the probe is of says of its facts what they are not."""
    NOT_PROBED_THERE = "not_probed_there"
    FAILED_THERE = "failed_there"
    SAYS_NOTHING = "says_nothing"
    """The value of one side is one from which nothing follows."""
    UNSUPPORTED_THERE = "unsupported_there"
    NOT_ASKED = "not_asked"
    """Only the other side was asked for this probe."""
    NOT_PROBED = "not_probed"
    """The probe was not asked at all."""
    SKIPPED = "skipped"
    """The probe was skipped, because another one failed."""
    FAILED = "failed"
    """The probe failed, so that it learnt nothing."""
    UNSUPPORTED = "unsupported"
    """The gateway says that it does without what the probe asks for."""
    NOT_SAID = "not_said"
    """The gateway says nothing of it, or there is no such thing, as no certificate where there is no TLS."""
    SAYS_TOO_LITTLE = "says_too_little"
    """The value is one from which nothing follows."""
    VARIES = "varies"
    """Some samples say so and some do not."""
    FEW_SAMPLES = "few_samples"
    """Of `number` samples nobody can tell, unless they are off by a factor of two."""
    NAMED_IN_PART = "named_in_part"
    """The list does not name everything that was served."""
    TOO_LONG = "too_long"
    """The value is too long to be held against a pattern."""
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
    OTHER_RELEASE = "other_release"
    """Another release of envcheck made the earlier record, and may have read a reply in another way."""
    DOWN = "down"
    """Every probe fails, for `number` runs, the first of which was on `day`."""
    ANSWERS_AGAIN = "answers_again"
    """A probe passes again, after `number` runs in which none did, the first of which was on `day`."""
    GONE = "gone"
    """The earlier comparison has it, and it takes no part in this one."""
    FEW_NIGHTS = "few_nights"
    """A median of only `number` nights is known, and a trend takes at least twelve."""
    SINCE = "since"
    """From `day` on it is another one than in the nights before."""


INCOMPLETE: Final = (
    Why.SHARD_MISSING,
    Why.SHARD_OLDER,
    Why.SHARD_OTHER_CONFIGURATION,
    Why.SHARD_TWICE,
    Why.UNREAD,
)
"""What makes a comparison one that is not of all that it should be of, the gravest first."""


class Note(Record):
    """One thing to know about a cell or a comparison."""

    why: Why
    number: Count | None = None
    word: WordOfOurs | None = None
    day: date | None = None


Scalar: TypeAlias = bool | int | float | SafeText | None
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
    """To the baseline's median, or for a trend to that of the nights before."""
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
    """By what was asked and what was answered: `number.17`."""
    p: Annotated[float, Field(ge=0, le=1)] | None = None
    """After Holm's correction, where it was held against another."""


class VectorValue(Record):
    """A few numbers that stand for a vector."""

    kind: Literal["vector"] = "vector"
    components: Annotated[tuple[Annotated[float, Field(ge=-1, le=1)], ...], Field(max_length=16), FailFast()]
    cosine: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Of the angle to the baseline's: 1 for the same direction."""


Typed: TypeAlias = Annotated[
    OutcomeValue | MembersValue | DurationValue | SeveralValue | DayValue | TallyValue | VectorValue,
    Field(discriminator="kind"),
]

Value: TypeAlias = Typed | bool | int | float | SafeText | None


class Cell(Record):
    """One environment's value of one field."""

    value: Value
    state: CellState
    expected: Value = None
    """What it was in the earlier run, where environments are held against themselves, or before a trend."""
    notes: Annotated[tuple[Note, ...], FailFast()] = ()


class Row(Record):
    """One field, side by side."""

    probe: WordOfOurs
    field: WordOfOurs
    cells: Annotated[Mapping[ColumnName, Cell], FailFast()]
    """Baseline first, then in the file's order."""
