"""From judgements to the record: what is accepted, what is new, what counts, and what it all comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.compare.acceptance import accepted, in_force, notices, with_accepted
from envcheck.compare.expectations import judgements_of, told_before, told_of
from envcheck.compare.itself import changes_in, notices_of, told_once, with_what_is_known
from envcheck.compare.outages import outages
from envcheck.compare.standing import standing_of
from envcheck.compare.tracking import carried, gone, resolved, since_last_run, tagged
from envcheck.compare.verdict import counts, summary_of
from envcheck.comparison import CellState, Comparison, FindingState, HeldAgainst, Note, Notice, Row, Settings, Why
from envcheck.judge.columns import evidences_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from envcheck.compare.expectations import Told
    from envcheck.compare.grid import Grid
    from envcheck.comparison import Finding
    from envcheck.judge.columns import Column
    from envcheck.judge.judgement import Judgement
    from envcheck.policy import Accept, Policy


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a comparison depends on beside the evidence."""

    policy: Policy
    held_against: HeldAgainst
    generated_at: datetime
    today: date
    earlier: Comparison | None
    judges_latency: bool
    baseline: str | None = None
    """The name that the baselines of several vantages have in common; None for the first column's."""
    told: Mapping[str, list[Told]] | None = None
    """What came of the expectations, where that is known; None to judge them."""


def assemble(
    columns: Sequence[Column], grid: Grid, occasion: Occasion, seen_before: Sequence[Column] = ()
) -> Comparison:
    """Put the record together; `seen_before` are the environments of it that are held against themselves as well."""
    policy = occasion.policy
    is_there = occasion.held_against is HeldAgainst.BASELINE
    baseline = (occasion.baseline or columns[0].name) if is_there else None
    ground = standing_of(
        columns,
        against_earlier=occasion.held_against is HeldAgainst.ITSELF_EARLIER,
        judges_latency=occasion.judges_latency,
    )
    expected = told_of(columns, policy) if occasion.told is None else occasion.told
    grid = _with_accepted(grid | judgements_of(expected, columns), in_force(policy.accept, occasion.today))
    findings = [finding for column in columns for row in grid.values() for finding in row[column.name].findings]
    history = _history(occasion, baseline, is_made_up=_is_made_up(columns))
    unjudged: list[Finding] = []
    told: list[Notice] = []
    if history is not None:
        by_field = _by_field(grid)
        unjudged = carried(findings, history, by_field)
        findings = [*tagged(findings, history), *resolved(findings, history, by_field)]
        told += gone(history, [column.name for column in columns])
        told += outages(columns, history, occasion.today)
    elif occasion.earlier is None and occasion.held_against is HeldAgainst.ITSELF_EARLIER:
        findings = since_last_run(findings, columns, _by_field(grid), told_before(columns, policy))
    elif occasion.earlier is not None:
        why = Why.OTHER_QUESTION if occasion.earlier.made_up == _is_made_up(columns) else Why.EARLIER_MADE_UP
        told.append(Notice(environment=None, note=Note(why=why)))
        if why is Why.OTHER_QUESTION:
            told += gone(occasion.earlier, [column.name for column in columns])
    changes = _changes(seen_before, findings, occasion)
    told += notices_of(seen_before, changes)
    findings = [*findings, *changes]
    findings = [_placed(finding, occasion) for finding in findings]
    run_ids = {evidence.run_id for evidence in evidences_of(columns)}
    return Comparison(
        generated_at=occasion.generated_at,
        run_id=run_ids.pop() if len(run_ids) == 1 else None,
        made_up=_is_made_up(columns),
        held_against=occasion.held_against,
        vantages=tuple(dict.fromkeys(_vantages(columns))),
        baseline=baseline,
        environments=tuple(column.name for column in columns),
        rows=tuple(_rows(grid)),
        findings=tuple(findings),
        carried=tuple(unjudged),
        accept_notices=tuple(notices(policy.accept, occasion.today, findings, _judged(grid))),
        notices=(*ground.notices, *told),
        settings=Settings(
            latency_ratio=policy.latency_ratio,
            latency_floor_ms=policy.latency_floor_ms,
            confirm_over_s=policy.confirm_over_s,
            tls_days=policy.tls_days,
            severity=dict(policy.severity),
        ),
        expectations=tuple(each.expectation for of_one in expected.values() for each in of_one),
        summary=summary_of(findings, columns, ground, policy, frozenset(column.name for column in seen_before)),
    )


def _changes(seen_before: Sequence[Column], findings: Sequence[Finding], occasion: Occasion) -> list[Finding]:
    """Find what changed since each environment was last seen, aside from what the findings name already."""
    in_place = in_force(occasion.policy.accept, occasion.today)
    changes = [accepted(each, in_place) for each in changes_in(seen_before, occasion.policy, occasion.today)]
    return with_what_is_known(told_once(changes, findings), occasion.earlier)


def _placed(finding: Finding, occasion: Occasion) -> Finding:
    """Say whether a finding counts, since when it is there, and in how many runs."""
    placed: dict[str, object] = {"counted": counts(finding, occasion.policy)}
    if finding.first_seen is None:
        is_first = finding.state is not FindingState.UNCHANGED
        placed |= {"first_seen": occasion.today, "runs": 1 if is_first else None}
    return finding.model_copy(update=placed)


def _history(occasion: Occasion, baseline: str | None, *, is_made_up: bool) -> Comparison | None:
    """Give the earlier comparison where it asked the same question, so that findings can be held together."""
    earlier = occasion.earlier
    question = occasion.held_against, baseline, is_made_up
    if earlier is None or (earlier.held_against, earlier.baseline, earlier.made_up) != question:
        return None
    return earlier


def _vantages(columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        if column.evidence is not None and column.evidence.vantage is not None:
            yield column.evidence.vantage


def _is_made_up(columns: Sequence[Column]) -> bool:
    return any(evidence.made_up for evidence in evidences_of(columns))


def _with_accepted(grid: Grid, accepts: Sequence[Accept]) -> Grid:
    return {
        place: {name: with_accepted(judgement, accepts) for name, judgement in row.items()}
        for place, row in grid.items()
    }


def _by_field(grid: Grid) -> dict[tuple[str, str], Judgement]:
    return {
        (name, f"{probe}.{field}"): judgement for (probe, field), row in grid.items() for name, judgement in row.items()
    }


def _judged(grid: Grid) -> frozenset[tuple[str, str]]:
    return frozenset(
        (rule, name) for row in grid.values() for name, judgement in row.items() for rule in judgement.settled
    )


def _rows(grid: Grid) -> Iterator[Row]:
    for (probe, field), judgements in grid.items():
        cells = {name: judgement.cell for name, judgement in judgements.items()}
        if any(cell.value is not None or cell.state is CellState.UNDECIDED for cell in cells.values()):
            yield Row(probe=probe, field=field, cells=cells)
