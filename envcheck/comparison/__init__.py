"""The comparison record: every environment's evidence held against one baseline, and the one list of findings.

Table, JSON, Markdown and exit code are all read from here; none of them judges anything again. Values are typed: a
count is a number, a duration is one too, and no word here is a sentence. Words for people are made in `render`.
"""

from envcheck.comparison.checklist import READY, Answer, ChecklistHead, Expectation, Item, ItemState
from envcheck.comparison.findings import (
    STOOD_OPEN,
    AcceptNotice,
    Finding,
    FindingState,
    Notice,
    Twin,
)
from envcheck.comparison.sharding import MOST_SHARDS, Merged, MergedShard, Shard, shard_of
from envcheck.comparison.values import (
    Cell,
    CellState,
    DayValue,
    DurationValue,
    MembersValue,
    Note,
    OutcomeValue,
    Row,
    Scalar,
    SeveralValue,
    TallyValue,
    Typed,
    Value,
    VectorValue,
    Why,
)
from envcheck.comparison.whole import (
    SCHEMA_VERSION,
    Comparison,
    ComparisonSummary,
    EnvironmentSummary,
    HeldAgainst,
    Result,
    Settings,
    Standing,
    Verdict,
)

__all__ = [
    "MOST_SHARDS",
    "READY",
    "SCHEMA_VERSION",
    "STOOD_OPEN",
    "AcceptNotice",
    "Answer",
    "Cell",
    "CellState",
    "ChecklistHead",
    "Comparison",
    "ComparisonSummary",
    "DayValue",
    "DurationValue",
    "EnvironmentSummary",
    "Expectation",
    "Finding",
    "FindingState",
    "HeldAgainst",
    "Item",
    "ItemState",
    "MembersValue",
    "Merged",
    "MergedShard",
    "Note",
    "Notice",
    "OutcomeValue",
    "Result",
    "Row",
    "Scalar",
    "Settings",
    "SeveralValue",
    "Shard",
    "Standing",
    "TallyValue",
    "Twin",
    "Typed",
    "Value",
    "VectorValue",
    "Verdict",
    "Why",
    "shard_of",
]
