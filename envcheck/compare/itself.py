"""What changed in each environment since it was last seen, so that what all of them lost together is told too.

Each is held against itself, the baseline too, by the rules that hold it against the baseline. What is about an
environment by itself is found without this, and latencies of different nights are for `trends`. Names that are redacted
cannot be told apart across runs; that is so every night, and no change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.compare.grid import Circumstances, judge
from envcheck.compare.standing import changes_of_target
from envcheck.comparison import STOOD_OPEN, FindingState, HeldAgainst, Note, Notice, Why
from envcheck.judge.columns import Against, Column, evidences_of
from envcheck.probes import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from envcheck.comparison import Comparison, Finding, Scalar
    from envcheck.evidence import Evidence
    from envcheck.policy import Policy

    _Known: TypeAlias = tuple[str, str, str, str | None, bool]
    _Turned: TypeAlias = tuple[str, str, Scalar, Scalar]

_NAMES_IT: Final = frozenset({FindingState.OPEN, FindingState.NEW, FindingState.ACCEPTED})
"""States in which a finding is news, or known on purpose; one that is unchanged was there before the change."""


def columns_of(columns: Sequence[Column], earlier: Mapping[str, Evidence]) -> list[Column]:
    """Give a column for each environment that takes part now and was seen before, the baseline too."""
    return [
        Column(column.name, column.evidence, Against(column.name, earlier[column.name]))
        for column in columns
        if column.name in earlier
    ]


def changes_in(columns: Sequence[Column], policy: Policy, today: date) -> list[Finding]:
    """Find what each environment lost, gained or answers differently; `columns` are those of `columns_of`.

    A change is news by nature, and its finding names the environment as its own baseline.
    """
    grid = judge(columns, Circumstances(policy, today, shows_earlier=True, side_by_side=False))
    of_itself = {rule.name for rule in rules().values() if rule.of_itself}
    return [
        finding.model_copy(
            update={
                "held_against": HeldAgainst.ITSELF_EARLIER,
                "against_day": column.against.evidence.generated_at.date(),
                "state": FindingState.NEW,
            }
        )
        for column in columns
        if column.against is not None and column.against.evidence is not None
        for row in grid.values()
        for finding in row[column.name].findings
        if finding.rule not in of_itself and not finding.is_undecided
    ]


def told_once(changes: Sequence[Finding], others: Sequence[Finding]) -> list[Finding]:
    """Leave out the changes that a finding about the baseline names: one that is news or accepted, or one that is gone.

    That staging lost a model is said where production still has it, and that it gained one where it had lacked it.
    """
    named = {_known(each) for each in others if each.state in _NAMES_IT}
    undone = {_turned(each) for each in others if each.state is FindingState.ABSENT and _says_what(each)}
    return [
        each
        for each in changes
        if _known(each) not in named
        and not (_says_what(each) and (each.environment, each.field, each.expected, each.actual) in undone)
    ]


def _says_what(finding: Finding) -> bool:
    return finding.unnamed is None and not finding.is_undecided


def _known(finding: Finding) -> _Known:
    return finding.environment, finding.rule, finding.field, finding.value, finding.unnamed is not None


def _turned(finding: Finding) -> _Turned:
    """Give the change that undoes a difference from the baseline."""
    return finding.environment, finding.field, finding.actual, finding.expected


def with_what_is_known(changes: Sequence[Finding], earlier: Comparison | None) -> list[Finding]:
    """Tag what the earlier comparison told of already: the environment did not answer since, so it is no news twice."""
    known = {} if earlier is None else {_told(each): each for each in earlier.findings}
    return [_still(each, known.get(_told(each))) for each in changes]


def _told(change: Finding) -> tuple[str, str, date | None]:
    return change.rule, change.fingerprint, change.against_day


def _still(change: Finding, before: Finding | None) -> Finding:
    if before is None:
        return change
    state = FindingState.UNCHANGED if change.state in STOOD_OPEN else change.state
    runs = None if before.runs is None else before.runs + 1
    return change.model_copy(update={"state": state, "first_seen": before.first_seen, "runs": runs})


def notices_of(columns: Sequence[Column], changes: Sequence[Finding]) -> Iterator[Notice]:
    """Say what may be behind the changes: that something else was asked, or that another release read the replies."""
    changed = {change.environment for change in changes}
    behind = [column for column in columns if column.name in changed]
    for column in behind:
        yield from (Notice(environment=column.name, note=Note(why=why)) for why in changes_of_target(column))
    if any(_is_of_another_release(column) for column in behind):
        yield Notice(environment=None, note=Note(why=Why.OTHER_RELEASE))


def _is_of_another_release(column: Column) -> bool:
    return len({evidence.tool.version for evidence in evidences_of([column])}) > 1
