"""Evidence in, a comparison with its findings out: pure, so that the same evidence always gives the same answer.

The way through: `columns` says who is held against whom, `grid` judges every field of every environment,
`acceptance` and `tracking` say where each finding stands, and `standing` and `verdict` what it all comes to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.compare.assembly import Occasion, assemble
from envcheck.compare.grid import judge
from envcheck.compare.targets import Twin, judge_targets
from envcheck.comparison import HeldAgainst
from envcheck.errors import ConfigError, EvidenceError
from envcheck.judge.columns import Against, Column
from envcheck.judge.latency import doubt_of_one_run, doubt_of_two_runs
from envcheck.judge.wording import AGAINST_BASELINE, AGAINST_EARLIER

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence
    from envcheck.policy import Policy

__all__ = ["Twin", "compare", "compare_runs"]


def compare(  # noqa: PLR0913 - by name, everything that an answer depends on
    evidences: Sequence[Evidence],
    *,
    baseline: str | None,
    policy: Policy,
    generated_at: datetime,
    today: date,
    twins: Collection[Twin] | None = None,
    earlier: Comparison | None = None,
    judge_latency: bool = True,
) -> Comparison:
    """Hold each environment against the baseline; a single one is shown and not compared.

    `baseline` is a name, or None for the first. `twins` is None where nobody could tell, as for saved evidence.
    `judge_latency` is for samples that were taken side by side, in one run.

    Raises:
        ConfigError: the baseline is none of the environments.
        EvidenceError: there is no evidence, or two records are of the same environment.

    """
    by_name = _by_name(evidences)
    name = baseline or evidences[0].environment
    if name not in by_name:
        raise ConfigError(f"baseline: {name} is not among the environments compared: {', '.join(by_name)}")
    reference = Against(name, by_name.pop(name))
    candidates = [Column(each, evidence, reference) for each, evidence in by_name.items()]
    columns = [Column(name, reference.evidence), *candidates]
    grid = judge(columns, policy, AGAINST_BASELINE, doubt_of_one_run if judge_latency else doubt_of_two_runs)
    if twins is not None:
        grid |= judge_targets(columns, twins, policy)
    held_against = HeldAgainst.BASELINE if candidates else HeldAgainst.NOTHING
    return assemble(columns, grid, Occasion(policy, AGAINST_BASELINE, held_against, generated_at, today, earlier))


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
        EvidenceError: one of the runs has no evidence, or two records of the same environment.

    """
    was, now = _by_name(before), _by_name(after)
    columns = [Column(name, now.get(name), Against(name, was.get(name))) for name in now | was]
    grid = judge(columns, policy, AGAINST_EARLIER, doubt_of_one_run if judge_latency else doubt_of_two_runs)
    held_against = HeldAgainst.ITSELF_EARLIER
    return assemble(columns, grid, Occasion(policy, AGAINST_EARLIER, held_against, generated_at, today, earlier))


def _by_name(evidences: Sequence[Evidence]) -> dict[str, Evidence]:
    by_name = {evidence.environment: evidence for evidence in evidences}
    if not by_name:
        raise EvidenceError("there is no evidence to compare")
    if len(by_name) < len(evidences):
        raise EvidenceError("two records are of the same environment; compare the folders they are in with each other")
    return by_name
