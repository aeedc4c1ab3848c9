"""From judgements to the record: what is accepted, what is new, and what it all comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.compare.acceptance import in_force, notices, with_accepted
from envcheck.compare.standing import standing_of
from envcheck.compare.tracking import carried, resolved, since_last_run, tagged
from envcheck.compare.verdict import summary_of
from envcheck.comparison import Comparison, HeldAgainst, Notice, Row
from envcheck.judge.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from envcheck.compare.grid import Grid
    from envcheck.comparison import Finding
    from envcheck.judge.columns import Column
    from envcheck.judge.findings import Judgement
    from envcheck.judge.wording import Manner
    from envcheck.policy import Accept, Policy


_LOST_HISTORY: Final = Notice(
    environment=None,
    text=phrase("the earlier comparison was held against something else, so no finding is tagged as new or unchanged"),
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a comparison depends on beside the evidence."""

    policy: Policy
    manner: Manner
    held_against: HeldAgainst
    generated_at: datetime
    today: date
    earlier: Comparison | None


def assemble(columns: Sequence[Column], grid: Grid, occasion: Occasion) -> Comparison:
    """Put the record together."""
    baseline = columns[0].name if occasion.held_against is HeldAgainst.BASELINE else None
    standing = standing_of(columns, occasion.manner)
    grid = _with_accepted(grid, in_force(occasion.policy.accept, occasion.today))
    findings = [finding for column in columns for row in grid.values() for finding in row[column.name].findings]
    history = _history(occasion, baseline)
    unjudged: list[Finding] = []
    if history is not None:
        by_field = _by_field(grid)
        unjudged = carried(findings, history, by_field)
        findings = [*tagged(findings, history), *resolved(findings, history, by_field)]
    elif occasion.earlier is None and occasion.held_against is HeldAgainst.ITSELF_EARLIER:
        findings = since_last_run(findings, columns)
    has_lost_history = occasion.earlier is not None and history is None
    return Comparison(
        generated_at=occasion.generated_at,
        held_against=occasion.held_against,
        baseline=baseline,
        environments=tuple(column.name for column in columns),
        rows=tuple(_rows(grid)),
        findings=tuple(findings),
        carried=tuple(unjudged),
        accept_notices=tuple(notices(occasion.policy.accept, occasion.today, findings, _judged(grid))),
        notices=(*standing.notices, *((_LOST_HISTORY,) if has_lost_history else ())),
        summary=summary_of(findings, standing, occasion.policy),
    )


def _history(occasion: Occasion, baseline: str | None) -> Comparison | None:
    """Give the earlier comparison where it asked the same question, so that findings can be held together."""
    earlier = occasion.earlier
    if earlier is None or (earlier.held_against, earlier.baseline) != (occasion.held_against, baseline):
        return None
    return earlier


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
        if any(cell.value is not None for cell in cells.values()):
            yield Row(probe=probe, field=field, cells=cells)
