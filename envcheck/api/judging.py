"""Holding what a run brought back, or what was saved, against the baseline."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck import compare as comparing
from envcheck.api.dates import now, today
from envcheck.policy import Policy
from envcheck.run.runner import Second
from envcheck.run.same_target import twins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Comparison
    from envcheck.config import Config
    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.judge.trend import Nights
    from envcheck.model import Environment

_BY_DEFAULT: Final = Policy()


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the runs before one."""

    earlier: Comparison | None = None
    """An earlier comparison that findings are tagged new or unchanged against."""
    itself_earlier: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))
    """By name, each environment as it was when it last answered."""
    nights: Sequence[Nights] = ()
    """The latencies of many nights, this one among them, in which trends are looked for."""


_NOTHING_BEFORE: Final = Before()


def compared(
    config: Config,
    environments: Sequence[Environment],
    evidences: Sequence[Evidence],
    names: Mapping[str, Mapping[str, Names]],
    before: Before = _NOTHING_BEFORE,
) -> Comparison:
    """Compare what a run of these environments brought back, with all that is known of it in memory.

    Args:
        config: how it is judged, and by which baseline.
        environments: those that were asked.
        evidences: a record of each of them.
        names: what the run told of names, by environment and fact.
        before: what is known of the runs before it.

    """
    return comparing.compare(
        evidences,
        baseline=config.baseline,
        policy=config.policy,
        memory=comparing.Memory(twins(environments, config.baseline), names),
        earlier=before.earlier,
        itself_earlier=before.itself_earlier,
        nights=before.nights,
        generated_at=now(),
        today=today(),
    )


def compare(
    evidences: Sequence[Evidence],
    *,
    baseline: str | None = None,
    policy: Policy = _BY_DEFAULT,
    earlier: Comparison | None = None,
) -> Comparison:
    """Compare saved evidence; latencies are judged where all of it is of one run, for they were taken side by side.

    Args:
        evidences: a record of each environment.
        baseline: which of them the others are held against; None for the first.
        policy: how it is judged, such as `Config.policy`.
        earlier: an earlier comparison that findings are tagged new or unchanged against.

    Raises:
        ConfigError: the baseline is none of the environments.
        EvidenceError: there is no evidence, two records are of one environment, or some are made up and some are not.

    """
    runs = {evidence.run_id for evidence in evidences}
    return comparing.compare(
        evidences,
        baseline=baseline,
        policy=policy,
        earlier=earlier,
        judge_latency=len(runs) == 1 and None not in runs,
        generated_at=now(),
        today=today(),
    )


def second_batch(config: Config) -> Second | None:
    """Say when a latency is sampled a second time: where there is a baseline to hold it against."""
    if config.baseline is None or config.policy.confirm_over_s == 0:
        return None
    judged = partial(_suspects, config.baseline, config.policy)
    return Second(judged, config.baseline, config.policy.confirm_over_s)


def _suspects(
    baseline: str, policy: Policy, evidences: Sequence[Evidence], names: Mapping[str, Mapping[str, Names]]
) -> list[tuple[str, str]]:
    return comparing.suspects(evidences, baseline=baseline, policy=policy, names=names)
