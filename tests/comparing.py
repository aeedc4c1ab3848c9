"""Comparisons of evidence made by hand, and the parts of them that a test looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from evidences import TODAY, WHEN, evidence

from envcheck.compare import Memory, compare
from envcheck.judge.names import Names
from envcheck.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from envcheck.comparison import Cell, Comparison, Finding
    from envcheck.evidence import Check, Evidence
    from envcheck.judge.trend import Nights


class How(TypedDict, total=False):
    """What a comparison depends on beside the evidence."""

    baseline: str
    policy: Policy
    memory: Memory | None
    earlier: Comparison | None
    judge_latency: bool
    today: date
    nights: Sequence[Nights]
    seen_before: Sequence[Evidence]
    """The records of earlier, that environments are held against beside the baseline."""


def compared(*records: Evidence, **how: Unpack[How]) -> Comparison:
    """Compare records of one run, the first of them the baseline unless another is named."""
    return compare(
        records,
        baseline=how.get("baseline"),
        policy=how.get("policy", Policy()),
        memory=how.get("memory"),
        earlier=how.get("earlier"),
        judge_latency=how.get("judge_latency", True),
        generated_at=WHEN,
        today=how.get("today", TODAY),
        nights=how.get("nights", ()),
        itself_earlier={record.environment: record for record in how.get("seen_before", ())},
    )


def held(before: Check, after: Check, **how: Unpack[How]) -> Comparison:
    """Hold one check of staging against production's."""
    return compared(evidence("production", before), evidence("staging", after), **how)


def remembered(
    fact: str,
    before: Sequence[str],
    after: Sequence[str],
    hidden: Collection[str] = (),
    hidden_after: Collection[str] | None = None,
) -> Memory:
    """Remember the raw names of a fact in production and staging, of which some are not shown as they are."""
    behind = hidden if hidden_after is None else hidden_after
    return Memory(names={"production": {fact: _names(before, hidden)}, "staging": {fact: _names(after, behind)}})


def _names(raw: Sequence[str], hidden: Collection[str]) -> Names:
    return Names(frozenset(raw), frozenset(raw), frozenset(raw).intersection(hidden))


def cell(comparison: Comparison, field: str, name: str = "staging", probe: str | None = None) -> Cell:
    """Give one environment's cell of the first row of a field."""
    return next(
        row.cells[name] for row in comparison.rows if row.field == field and (probe is None or row.probe == probe)
    )


def whys(cell: Cell) -> list[tuple[str, int | None]]:
    """Give why there is something to say about a cell, each with its number."""
    return [(note.why.value, note.number) for note in cell.notes]


def told(comparison: Comparison) -> list[tuple[object, ...]]:
    """Give what each finding says."""
    return [(each.rule, each.severity.value, each.expected, each.actual) for each in comparison.findings]


def states(comparison: Comparison) -> list[tuple[str, str | None, str]]:
    """Give where each finding stands."""
    return [(each.rule, each.value, each.state.value) for each in comparison.findings]


def by_rule(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Give the findings by their rules; the last one of each."""
    return {finding.rule: finding for finding in findings}
