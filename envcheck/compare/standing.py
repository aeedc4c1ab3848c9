"""Whether there was enough to judge at all, and what a reader has to be told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.compare.grid import probes_of
from envcheck.compare.strange import notices_of_strangers
from envcheck.comparison import Note, Notice, Why
from envcheck.judge.columns import evidences_of
from envcheck.judge.samples import LEAST_SAMPLES
from envcheck.model import FailureClass, Outcome
from envcheck.record import FailureName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.evidence import Evidence
    from envcheck.judge.columns import Column

_OF_ONE_PROBE_ALONE: Final = frozenset({FailureName(FailureClass.NOT_REFUSED), FailureName(FailureClass.PLUGIN)})


class Standing(NamedTuple):
    """What the comparison rests on."""

    is_conclusive: bool
    """False where a baseline failed, or an environment that did not fail was held against nothing."""
    was_reached: bool
    """Whether any probe passed anywhere."""
    notices: tuple[Notice, ...]


def standing_of(columns: Sequence[Column], *, against_earlier: bool, judges_latency: bool) -> Standing:
    """Look for what stands in the way of a verdict."""
    probes = probes_of(columns)
    candidates = [column for column in columns if column.against is not None]
    matched = [column for column in candidates if _is_on_both_sides(column)]
    is_stopped = any(_reference_failed(column) or _is_held_against_nothing(column, probes) for column in matched)
    return Standing(
        is_conclusive=not is_stopped and bool(matched or not candidates),
        was_reached=any(_has_passed(evidence) for evidence in evidences_of(columns)),
        notices=(
            *(
                Notice(environment=column.name, note=Note(why=why))
                for column in candidates
                for why in _whys(column, probes, against_earlier=against_earlier)
            ),
            *(_latency_not_judged(candidates) if judges_latency else ()),
            *notices_of_strangers(columns, probes),
        ),
    )


def _whys(column: Column, probes: Sequence[str], *, against_earlier: bool) -> Iterator[Why]:
    if column.evidence is None:
        yield Why.ONLY_EARLIER
    elif not _is_on_both_sides(column):
        yield Why.NOT_PROBED_THERE
    elif _reference_failed(column):
        if against_earlier:  # a baseline has a column and a finding of its own
            yield Why.FAILED_THERE
    elif _is_held_against_nothing(column, probes):
        yield Why.NOTHING_PASSED
    if against_earlier:
        yield from changes_of_target(column)


def changes_of_target(column: Column) -> Iterator[Why]:
    """Tell what makes an environment another one than it was in the earlier run."""
    before = None if column.against is None else column.against.evidence
    after = column.evidence
    if before is None or after is None:
        return
    if before.target.base_url != after.target.base_url:
        yield Why.URL_CHANGED
    if before.target.selected_model != after.target.selected_model:
        yield Why.MODEL_CHANGED
    if before.safety.prompt_source != after.safety.prompt_source:
        yield Why.PROMPT_CHANGED


def _latency_not_judged(candidates: Sequence[Column]) -> Iterator[Notice]:
    """Say that too few samples were asked for: once, where that holds for all that is held against something."""
    matched = {column.name: min(column.asked_for) for column in candidates if _is_on_both_sides(column)}
    few = {name: asked for name, asked in matched.items() if asked < LEAST_SAMPLES}
    if few and len(few) == len(matched):
        yield Notice(environment=None, note=Note(why=Why.LATENCY_NOT_JUDGED, number=max(few.values())))
        return
    for name, asked in few.items():
        yield Notice(environment=name, note=Note(why=Why.LATENCY_NOT_JUDGED, number=asked))


def _is_on_both_sides(column: Column) -> bool:
    return column.evidence is not None and column.against is not None and column.against.evidence is not None


def _reference_failed(column: Column) -> bool:
    return column.against is not None and _has_failed(column.against.evidence)


def _is_held_against_nothing(column: Column, probes: Sequence[str]) -> bool:
    return not _has_failed(column.evidence) and not any(column.pair(probe) for probe in probes)


def _has_failed(evidence: Evidence | None) -> bool:
    """Tell whether a probe failed by a cause after which nothing else of its environment can be gone by.

    Being served what should have been refused is none, nor is somebody's plug-in that broke.
    """
    return evidence is not None and any(
        check.outcome is Outcome.FAIL and check.failure_class not in _OF_ONE_PROBE_ALONE for check in evidence.checks
    )


def _has_passed(evidence: Evidence) -> bool:
    return any(check.outcome is Outcome.PASS for check in evidence.checks)
