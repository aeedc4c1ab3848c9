"""One run from each of several places: every environment against the baseline there, and against itself elsewhere.

Columns are named by environment and vantage, `staging@eu-west`. What both say of an environment is told once: a
difference that the comparison with the baseline names already is not named again between vantages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.compare.assembly import Occasion, assemble
from envcheck.compare.elsewhere import facts_apart
from envcheck.compare.grid import Circumstances, judge
from envcheck.compare.in_the_clear import judge_schemes
from envcheck.comparison import Cell, CellState, Elsewhere, HeldAgainst, Row
from envcheck.errors import ConfigError
from envcheck.judge.columns import Against, Column
from envcheck.judge.judgement import Judgement
from envcheck.record import AT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from envcheck.compare.grid import Grid
    from envcheck.comparison import AcceptNotice, Comparison, Finding
    from envcheck.evidence import Evidence
    from envcheck.policy import Policy

_PLACE: Final = "elsewhere"
"""Where a grid holds what is found between vantages; it is no row of the table, and has a section of its own."""


def column_of(evidence: Evidence) -> str:
    """Return the name of a record's column: its environment at its vantage."""
    return f"{evidence.environment}{AT}{evidence.vantage}"


def compare_vantages(  # noqa: PLR0913 - by name, everything that an answer depends on
    evidences: Sequence[Evidence],
    *,
    baseline: str,
    policy: Policy,
    generated_at: datetime,
    today: date,
    earlier: Comparison | None = None,
    judge_latency: bool = True,
) -> Comparison:
    """Hold each environment against the baseline of its vantage, and then against itself at the first vantage.

    Args:
        evidences: each with its vantage, and of each vantage one record for each environment.
        baseline: the environment that is the baseline everywhere.
        policy: as of the file, with names of environments in what is accepted and expected.
        generated_at: when the comparison is made.
        today: for what has expired.
        earlier: an earlier comparison of the same vantages.
        judge_latency: whether the records of each vantage were made in one run.

    Raises:
        ConfigError: the baseline is nowhere among the environments.

    """
    by_vantage: dict[str, dict[str, Evidence]] = {}
    for evidence in evidences:
        by_vantage.setdefault(str(evidence.vantage), {})[evidence.environment] = evidence
    if not any(baseline in of_one for of_one in by_vantage.values()):
        raise ConfigError(f"baseline: {baseline} is not among the environments compared")
    columns = [column for of_one in by_vantage.values() for column in _columns(of_one, baseline)]
    there = _at_each_vantage(policy, [column.name for column in columns])
    grid = judge(columns, Circumstances(there, today, side_by_side=judge_latency))
    grid |= judge_schemes(columns, there)
    of_each = {name: _of_one(name, by_vantage) for name in dict.fromkeys(each.environment for each in evidences)}
    apart = {name: facts_apart(held, there, today) for name, held in of_each.items() if len(held) > 1}
    whole = assemble(
        columns,
        grid | _found_elsewhere(grid, apart, columns),
        Occasion(there, HeldAgainst.BASELINE, generated_at, today, earlier, judge_latency, baseline=baseline),
    )
    sections = tuple(Elsewhere(environment=name, rows=tuple(_rows(of_it))) for name, of_it in apart.items())
    return whole.model_copy(
        update={"elsewhere": sections, "accept_notices": tuple(_accept_notices(whole.accept_notices, columns))}
    )


def _columns(of_one_vantage: Mapping[str, Evidence], baseline: str) -> Iterator[Column]:
    reference = of_one_vantage.get(baseline)
    if reference is not None:
        yield Column(column_of(reference), reference)
    for name, evidence in of_one_vantage.items():
        if name != baseline:
            yield Column(column_of(evidence), evidence, Against(f"{baseline}{AT}{evidence.vantage}", reference))


def _of_one(environment: str, by_vantage: Mapping[str, Mapping[str, Evidence]]) -> list[Column]:
    """Give an environment's columns, each held against the first vantage that has it."""
    first, *others = [of_one[environment] for of_one in by_vantage.values() if environment in of_one]
    reference = Against(column_of(first), first)
    return [Column(reference.name, first), *(Column(column_of(each), each, reference) for each in others)]


def _at_each_vantage(policy: Policy, columns: Sequence[str]) -> Policy:
    """Let what the file says of an environment hold at every vantage."""
    named: dict[str, list[str]] = {}
    for column in columns:
        named.setdefault(column.partition(AT)[0], []).append(column)
    return replace(
        policy,
        accept=tuple(
            replace(each, environment=column, position=each.position or place)
            for place, each in enumerate(policy.accept, start=1)
            for column in named.get(each.environment, ())
        ),
        expect=tuple(
            replace(
                each, environments=tuple(column for name in each.environments for column in named.get(name, (name,)))
            )
            for each in policy.expect
        ),
    )


def _found_elsewhere(grid: Grid, apart: Mapping[str, Grid], columns: Sequence[Column]) -> Grid:
    """Give what differs between vantages and is not said already, where it is accepted and counted as all else is."""
    known = {_said(each) for row in grid.values() for judgement in row.values() for each in judgement.findings}
    found: dict[str, list[Finding]] = {column.name: [] for column in columns}
    for of_it in apart.values():
        for row in of_it.values():
            for name, judgement in row.items():
                found[name] += [each for each in judgement.findings if _said(each) not in known and _is_sure(each)]
    nothing = Cell(value=None, state=CellState.SAME)
    return {(_PLACE, "facts"): {name: Judgement(nothing, tuple(of_it)) for name, of_it in found.items()}}


def _is_sure(finding: Finding) -> bool:
    """Tell whether something was found: what redaction hides in saved files is hidden between all of them."""
    return not finding.is_undecided


def _said(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.environment, finding.field, finding.expected, finding.actual, finding.unnamed


def _rows(apart: Grid) -> Iterator[Row]:
    for (probe, field), row in apart.items():
        cells = {name.partition(AT)[2]: judgement.cell for name, judgement in row.items()}
        if any(cell.value is not None for cell in cells.values()):
            yield Row(probe=probe, field=field, cells=cells)


def _accept_notices(notices: Sequence[AcceptNotice], columns: Sequence[Column]) -> Iterator[AcceptNotice]:
    """Tell of an entry once; that it covered nothing only where that is so at every vantage."""
    alike: dict[tuple[int, str], list[AcceptNotice]] = {}
    for notice in notices:
        alike.setdefault((notice.position, notice.problem), []).append(notice)
    for (_, problem), group in alike.items():
        name = group[0].environment.partition(AT)[0]
        everywhere = sum(column.name.partition(AT)[0] == name for column in columns)
        if problem != "unused" or len(group) == everywhere:
            yield group[0].model_copy(update={"environment": name})
