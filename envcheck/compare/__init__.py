"""Evidence in, a comparison with its findings out: pure, so that the same evidence always gives the same answer.

The way through: `grid` has every field judge every environment, `acceptance` and `tracking` say where each finding
stands, `itself` what changed since each environment was last seen, and `standing` and `verdict` what it all comes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.compare.assembly import Occasion, assemble
from envcheck.compare.grid import Circumstances, judge
from envcheck.compare.in_the_clear import judge_schemes
from envcheck.compare.itself import columns_of
from envcheck.compare.targets import judge_targets
from envcheck.compare.tracking import was_there
from envcheck.compare.trends import judge_trends
from envcheck.comparison import HeldAgainst, Note, Notice, Verdict, Why
from envcheck.errors import ConfigError, EvidenceError, ExitCode
from envcheck.judge.columns import Against, Column

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from envcheck.comparison import Comparison, Twin
    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.judge.trend import Nights
    from envcheck.policy import Policy

__all__ = ["Memory", "compare", "compare_runs", "inconclusive", "suspects", "with_unread"]

_NEVER_SEEN: Final[Mapping[str, Evidence]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Memory:
    """What can be told in memory alone, while a run lasts, and stands in no record."""

    twins: Collection[Twin] = ()
    names: Mapping[str, Mapping[str, Names]] | None = None
    """By environment, then by fact."""


def compare(  # noqa: PLR0913 - by name, everything that an answer depends on
    evidences: Sequence[Evidence],
    *,
    baseline: str | None,
    policy: Policy,
    generated_at: datetime,
    today: date,
    memory: Memory | None = None,
    earlier: Comparison | None = None,
    judge_latency: bool = True,
    nights: Sequence[Nights] = (),
    itself_earlier: Mapping[str, Evidence] = _NEVER_SEEN,
) -> Comparison:
    """Hold each environment against the baseline; a single one is shown and not compared.

    `baseline` is a name, or None for the first. `memory` is None where there is none, as for saved evidence.
    `judge_latency` is for samples that were taken side by side, in one run. `nights` are the latencies that a history
    has of these environments, in which trends are looked for. `itself_earlier` has, by name, the record of each
    environment as it was last seen: it is held against that as well, and what changed is told beside all else.

    Raises:
        ConfigError: the baseline is none of the environments.
        EvidenceError: there is no evidence, two records are of the same environment, or some are made up and some not,
            the earlier ones too.

    """
    by_name = _by_name(evidences)
    _refuse_fiction_beside_fact([*evidences, *itself_earlier.values()])
    columns = _columns(by_name, baseline)
    names = None if memory is None else memory.names
    grid = judge(columns, Circumstances(policy, today, side_by_side=judge_latency, names=names))
    if memory is not None:
        grid |= judge_targets(columns, memory.twins, policy)
    grid |= judge_schemes(columns, policy)
    grid |= judge_trends(columns, nights, [] if earlier is None else was_there(earlier), policy, today)
    held_against = HeldAgainst.BASELINE if len(columns) > 1 else HeldAgainst.NOTHING
    occasion = Occasion(policy, held_against, generated_at, today, earlier, judge_latency)
    return assemble(columns, grid, occasion, columns_of(columns, itself_earlier))


def suspects(
    evidences: Sequence[Evidence], *, baseline: str | None, policy: Policy, names: Mapping[str, Mapping[str, Names]]
) -> list[tuple[str, str]]:
    """Name the environments, each with the probe, that would be found slower if they were so a second time."""
    columns = _columns(_by_name(evidences), baseline)
    grid = judge(columns, Circumstances(policy, evidences[0].generated_at.date(), names=names))
    return list(
        dict.fromkeys(
            (name, probe)
            for (probe, _), row in grid.items()
            for name, judgement in row.items()
            if any(note.why is Why.NOT_CONFIRMED for note in judgement.cell.notes)
        )
    )


def _columns(by_name: dict[str, Evidence], baseline: str | None) -> list[Column]:
    name = baseline or next(iter(by_name))
    if name not in by_name:
        raise ConfigError(f"baseline: {name} is not among the environments compared: {', '.join(by_name)}")
    reference = Against(name, by_name[name])
    return [
        Column(name, reference.evidence),
        *(Column(each, evidence, reference) for each, evidence in by_name.items() if each != name),
    ]


def compare_runs(  # noqa: PLR0913 - by name, everything that an answer depends on
    before: Sequence[Evidence],
    after: Sequence[Evidence],
    *,
    policy: Policy,
    generated_at: datetime,
    today: date,
    earlier: Comparison | None = None,
    judge_latency: bool = False,
) -> Comparison:
    """Hold each environment of a run against itself in an earlier one: last night against tonight.

    The columns are tonight's; a cell that changed shows `earlier → now`, and its finding names the environment as its
    own baseline. An environment that only one of the runs has is a column too, with a notice, and is not judged.

    Raises:
        EvidenceError: one of the runs has no evidence, or two records of the same environment, or is made up where the
            other is not.

    """
    was, now = _by_name(before), _by_name(after)
    _refuse_fiction_beside_fact([*before, *after])
    columns = [Column(name, now.get(name), Against(name, was.get(name))) for name in now | was]
    grid = judge(columns, Circumstances(policy, today, shows_earlier=True, side_by_side=judge_latency))
    grid |= judge_schemes(columns, policy)
    return assemble(
        columns, grid, Occasion(policy, HeldAgainst.ITSELF_EARLIER, generated_at, today, earlier, judge_latency)
    )


def with_unread(comparison: Comparison, number: int) -> Comparison:
    """Say that so many records are not in a comparison: what could not be read was not judged, nor is it the same."""
    return inconclusive(comparison, [Note(why=Why.UNREAD, number=number)])


def inconclusive(comparison: Comparison, whys: Sequence[Note]) -> Comparison:
    """Say why a comparison is not of all that it should be of, so that nobody takes it for one that is."""
    summary = comparison.summary.model_copy(
        update={"verdict": Verdict.INCONCLUSIVE, "exit_code": ExitCode.INCONCLUSIVE.value}
    )
    notices = (*(Notice(environment=None, note=note) for note in whys), *comparison.notices)
    return comparison.model_copy(update={"summary": summary, "notices": notices})


def _refuse_fiction_beside_fact(evidences: Sequence[Evidence]) -> None:
    made_up = [evidence.environment for evidence in evidences if evidence.made_up]
    if 0 < len(made_up) < len(evidences):
        raise EvidenceError(
            f"{made_up[0]}: the record is made up, as `demo` and `run --sample` do, and others are real; leave it out"
        )


def _by_name(evidences: Sequence[Evidence]) -> dict[str, Evidence]:
    by_name = {evidence.environment: evidence for evidence in evidences}
    if not by_name:
        raise EvidenceError("there is no evidence to compare")
    if len(by_name) < len(evidences):
        raise EvidenceError("two records are of the same environment; compare the folders they are in with each other")
    return by_name
