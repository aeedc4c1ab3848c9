"""Whether there was enough to judge at all, and what a reader has to be told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from envcheck.comparison import Notice
from envcheck.judge.columns import evidences_of, probes_of
from envcheck.judge.wording import phrase
from envcheck.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Evidence
    from envcheck.judge.columns import Column
    from envcheck.judge.wording import Manner
    from envcheck.redact import Redacted


class Standing(NamedTuple):
    """What the comparison rests on."""

    is_conclusive: bool
    """False where a baseline failed, or an environment that did not fail was held against nothing."""
    was_reached: bool
    """Whether any probe passed anywhere."""
    notices: tuple[Notice, ...]


def standing_of(columns: Sequence[Column], manner: Manner) -> Standing:
    """Look for what stands in the way of a verdict."""
    probes = probes_of(columns)
    candidates = [column for column in columns if column.against is not None]
    matched = [column for column in candidates if _is_on_both_sides(column)]
    is_stopped = any(_reference_failed(column) or _is_held_against_nothing(column, probes) for column in matched)
    notices = ((column.name, _notice(column, probes, manner)) for column in candidates)
    return Standing(
        is_conclusive=not is_stopped and bool(matched or not candidates),
        was_reached=any(_has_passed(evidence) for evidence in evidences_of(columns)),
        notices=tuple(Notice(environment=name, text=text) for name, text in notices if text is not None),
    )


def _notice(column: Column, probes: Sequence[str], manner: Manner) -> Redacted | None:
    if column.evidence is None:
        return phrase("probed in the earlier run only, so not compared")
    if not _is_on_both_sides(column):
        return phrase("{}, so not compared", manner.not_probed_there)
    if _reference_failed(column):
        return manner.notice_of_failure
    return (
        phrase("no probe passed on both sides, so not compared") if _is_held_against_nothing(column, probes) else None
    )


def _is_on_both_sides(column: Column) -> bool:
    return column.evidence is not None and column.against is not None and column.against.evidence is not None


def _reference_failed(column: Column) -> bool:
    return column.against is not None and _has_failed(column.against.evidence)


def _is_held_against_nothing(column: Column, probes: Sequence[str]) -> bool:
    return not _has_failed(column.evidence) and not any(column.pair(probe) for probe in probes)


def _has_failed(evidence: Evidence | None) -> bool:
    return evidence is not None and any(check.outcome is Outcome.FAIL for check in evidence.checks)


def _has_passed(evidence: Evidence) -> bool:
    return any(check.outcome is Outcome.PASS for check in evidence.checks)
