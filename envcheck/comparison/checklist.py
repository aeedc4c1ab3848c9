"""The checklist of a rollout: what was promised, what was seen, and what only a person can say, one item each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from envcheck.comparison.values import Note, Scalar, Value
from envcheck.record import ColumnName, Count, Record, WordOfOurs
from envcheck.redact import SafeText
from envcheck.rules import Severity


class Answer(StrEnum):
    """What came of an `[[expect]]` in one environment."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    """It could not be told, which is never met."""


class Expectation(Record):
    """One `[[expect]]`, judged for one environment by itself."""

    title: SafeText
    """The user's own, or made of the rest."""
    environment: ColumnName
    field: WordOfOurs
    """Probe and fact, such as `models.model_ids`."""
    condition: SafeText
    """In words: `contains gpt-4o-mini, o3`."""
    severity: Severity
    answer: Answer
    actual: Value = None
    missing: tuple[SafeText, ...] = ()
    """Members that should be there and are not."""
    unwanted: tuple[SafeText, ...] = ()
    """Members that are there and should not be."""
    note: Note | None = None
    """Why it could not be told."""
    fingerprint: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
    """The same one in every run, and that of its finding where there is one."""


class ItemState(StrEnum):
    """How far an item of the checklist is."""

    DONE = "done"
    OPEN = "open"
    UNKNOWN = "unknown"
    """It could not be told, so somebody has to look."""
    MANUAL = "manual"
    """Only a person can say."""
    ACCEPTED = "accepted"


READY: Final = frozenset({ItemState.DONE, ItemState.ACCEPTED, ItemState.MANUAL})
"""A rollout is ready where every item is in one of these: what is a person's to tick is not ours to wait for."""


class ChecklistHead(Record):
    """What stands above the items, and is needed to write the same list again."""

    title: SafeText
    environments: tuple[ColumnName, ...]
    """Who is rolled out."""
    probed_at: datetime
    """When the newest of the evidence was gathered."""
    samples: Count | None = None
    """How many were asked for of each probe, of the environments the fewest; None where nobody knows any more."""


class Item(Record):
    """One line of the checklist. Title and detail are words for people, made in `render`; the rest is for tools."""

    id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
    """The same item has the same one in every run."""
    title: SafeText
    environment: ColumnName | None = None
    """None where it is about the rollout as a whole."""
    state: ItemState
    detail: SafeText | None = None
    """What was seen, and what to do about it."""
    probe: WordOfOurs | None = None
    """None for an item that is a person's to tick."""
    rule: WordOfOurs | None = None
    severity: Severity | None = None
    expected: Scalar = None
    actual: Scalar = None
    seconds: Annotated[float, Field(ge=0)] | None = None
    """How long the probe's exchange took."""
