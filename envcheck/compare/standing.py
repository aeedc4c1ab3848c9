"""Whether there was enough to judge at all, and what a reader has to be told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from envcheck.compare.columns import evidences_of, probes_of
from envcheck.compare.wording import phrase
from envcheck.comparison import Notice
from envcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.compare.columns import Column
    from envcheck.compare.wording import Manner
    from envcheck.evidence import Evidence


class Standing(NamedTuple):
    """What the comparison rests on."""

    is_conclusive: bool
    """False where a baseline failed, or an environment that did not fail was held against nothing."""
    was_reached: bool
    """Whether any probe passed anywhere."""
    notices: tuple[Notice, ...]


def standing_of(columns: Sequence[Column], manner: Manner) -> Standing:
    """Look for what stands in the way of a verdict."""
    candidates = [column for column in columns if column.against is not None]
    matched = [column for column in candidates if _is_on_both_sides(column)]
    stopped = [column for column in matched if _reference_failed(column) or _is_held_against_nothing(column, columns)]
    return Standing(
        is_conclusive=not stopped and bool(matched or not candidates),
        was_reached=any(_has_passed(evidence) for evidence in evidences_of(columns)),
        notices=tuple(_notices(columns, manner)),
    )


def _notices(columns: Sequence[Column], manner: Manner) -> Iterator[Notice]:
    for column in columns:
        if column.against is None:
            continue
        if column.evidence is None:
            yield Notice(environment=column.name, text=phrase("probed in the earlier run only, so not compared"))
        elif column.against.evidence is None:
            yield Notice(environment=column.name, text=phrase("{}, so not compared", manner.not_probed_there))
        elif _reference_failed(column):
            # A baseline that failed has a finding and a column of its own; an earlier run has neither.
            if column.against.name == column.name:
                text = phrase("a probe failed in the earlier run, so not all is compared")
                yield Notice(environment=column.name, text=text)
        elif _is_held_against_nothing(column, columns):
            yield Notice(environment=column.name, text=phrase("no probe passed on both sides, so not compared"))


def _is_on_both_sides(column: Column) -> bool:
    return column.evidence is not None and column.against is not None and column.against.evidence is not None


def _reference_failed(column: Column) -> bool:
    return column.against is not None and _has_failed(column.against.evidence)


def _is_held_against_nothing(column: Column, columns: Sequence[Column]) -> bool:
    return not _has_failed(column.evidence) and not any(column.pair(probe) for probe in probes_of(columns))


def _has_failed(evidence: Evidence | None) -> bool:
    return evidence is not None and any(check.outcome is Outcome.FAIL for check in evidence.checks)


def _has_passed(evidence: Evidence) -> bool:
    return any(check.outcome is Outcome.PASS for check in evidence.checks)
