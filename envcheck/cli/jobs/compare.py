"""The comparison over saved evidence: files side by side, or one night with another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from envcheck.api.dates import now, today
from envcheck.cli.jobs.inputs import earlier_comparison, guard_storage
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.runs import newest, said
from envcheck.cli.jobs.saved_runs import saved_runs
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import compare, compare_runs, with_unread
from envcheck.compare.vantages import column_of, compare_vantages
from envcheck.config import Judging, Overrides, read_judging
from envcheck.config.problems import suggestion
from envcheck.errors import ConfigError, EvidenceError
from envcheck.paths import Found, found_at
from envcheck.policy import NO_CHECKLIST, FailOn, Policy
from envcheck.record import AT
from envcheck.store import try_folder

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.runs import SavedRuns
    from envcheck.comparison import Comparison
    from envcheck.errors import ExitCode
    from envcheck.evidence import Evidence
    from envcheck.places import Location
    from envcheck.policy import Rollout


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What the command line says about what is compared."""

    paths: tuple[Location, ...]
    config: Path
    config_is_given: bool
    """Whether the user named the file, so that it has to be there."""
    baseline: str | None
    fail_on: FailOn | None
    against: Location | None
    only_new_count: bool
    fail_on_undecided: bool
    judge_latency: bool
    any_order: bool


def compare_job(console: Console, how: Presentation, options: CompareOptions) -> ExitCode:
    """Compare saved evidence and show what differs; nothing is sent."""
    guard_storage(console)
    try_folder(how.folder, remedy="name another folder with -o, or leave it out")
    file = _file_to_judge_by(options)
    judging = _judging(file, options)
    earlier = None if options.against is None else earlier_comparison(options.against, console, into=how.folder)
    runs = saved_runs(options.paths, any_order=options.any_order)
    _check(runs, options)
    for sentence in runs.left_out:
        console.complain(f"{sentence} (left out)")
    for sentence in runs.warnings:
        console.complain(f"warning: {sentence}")
    _say_what_is_compared(console, runs, None if options.config_is_given else file)
    comparison = _compared(runs, judging, earlier, options)
    if runs.left_out:
        comparison = with_unread(comparison, len(runs.left_out))
    elif alone := _without_baseline(runs, comparison.baseline):
        for vantage in alone:
            console.complain(
                f"{vantage}: there is no record of {comparison.baseline}, so nothing there is held against it; run it"
                " there too"
            )
        comparison = with_unread(comparison, len(alone))
    with wound_up_when_signalled() as interruption:
        return present(
            console, how.of_rollout(_at_each_vantage(judging.rollout, runs)), comparison, _as_shown(runs), interruption
        )


def _without_baseline(runs: SavedRuns, baseline: str | None) -> list[str]:
    """Name the vantages where nothing can be held against the baseline."""
    there = {record.vantage for record in runs.after if record.environment == baseline}
    return [vantage for vantage in runs.vantages if vantage not in there]


def _at_each_vantage(rollout: Rollout, runs: SavedRuns) -> Rollout:
    """Roll out at every vantage what the file rolls out."""
    if not runs.vantages:
        return rollout
    columns = (f"{name}{AT}{vantage}" for vantage in runs.vantages for name in rollout.environments)
    return replace(rollout, environments=tuple(columns))


def _as_shown(runs: SavedRuns) -> list[Evidence]:
    """Give the records under the names of their columns."""
    if not runs.vantages:
        return list(runs.after)
    return [record.model_copy(update={"environment": column_of(record)}) for record in runs.after]


def _compared(runs: SavedRuns, judging: Judging, earlier: Comparison | None, options: CompareOptions) -> Comparison:
    judge_latency = options.judge_latency or runs.is_one_run
    if runs.before:
        return compare_runs(
            runs.before,
            runs.after,
            policy=judging.policy,
            earlier=earlier,
            judge_latency=judge_latency,
            generated_at=now(),
            today=today(),
        )
    if runs.vantages:
        return compare_vantages(
            runs.after,
            baseline=options.baseline or _baseline(runs, judging) or runs.after[0].environment,
            policy=judging.policy,
            earlier=earlier,
            judge_latency=judge_latency,
            generated_at=now(),
            today=today(),
        )
    return compare(
        runs.after,
        baseline=options.baseline or _baseline(runs, judging),
        policy=judging.policy,
        earlier=earlier,
        judge_latency=judge_latency,
        generated_at=now(),
        today=today(),
    )


def _baseline(runs: SavedRuns, judging: Judging) -> str | None:
    """Give the baseline of a folder's run, else the file's; the first of some files where none is named."""
    names = {record.environment for record in runs.after}
    if runs.baseline is not None and runs.baseline not in names:
        raise EvidenceError(
            f"{runs.baseline}: the record of the run's baseline is missing; name another with --baseline"
        )
    of_file = judging.baseline if runs.is_of_folder and judging.baseline in names else None
    return runs.baseline or of_file


def _check(runs: SavedRuns, options: CompareOptions) -> None:
    if runs.before and options.baseline is not None:
        raise ConfigError("--baseline: in two runs each environment is held against itself; leave it out")
    if len(runs.baselines) > 1 and options.baseline is None:
        raise ConfigError(f"PATH: the runs had different baselines ({', '.join(runs.baselines)}); say --baseline NAME")
    names = [record.environment for record in runs.after]
    if options.baseline is not None and options.baseline not in names:
        raise ConfigError(f"--baseline: is not among the environments compared; {suggestion(options.baseline, names)}")
    if options.only_new_count and options.against is None and not runs.before:
        raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR, or give two runs")


def _say_what_is_compared(console: Console, runs: SavedRuns, found: Path | None) -> None:
    """Say how old the evidence is, and which file is gone by although nobody named it."""
    where = f" from {', '.join(runs.vantages)}" if runs.vantages else ""
    with_those = f" with those of {said(newest(runs.after))}" if runs.before else ""
    judged = "" if found is None else f", judged by {found} as `envcheck run` does"
    console.note(f"comparing reports of {said(newest(runs.before or runs.after))}{where}{with_those}{judged}")


def _file_to_judge_by(options: CompareOptions) -> Path | None:
    """Give the configuration file where there is one, or has to be."""
    there = options.config_is_given or found_at(options.config) is not Found.NOTHING
    return options.config if there else None


def _judging(file: Path | None, options: CompareOptions) -> Judging:
    """Judge by the configuration file where there is one, as `run` does."""
    overrides = Overrides(
        fail_on=options.fail_on,
        only_new_count=options.only_new_count,
        fail_on_undecided=options.fail_on_undecided,
    )
    if file is not None:
        return read_judging(file, overrides=overrides)
    policy = Policy(
        fail_on=options.fail_on or FailOn.WARN,
        only_new_count=options.only_new_count,
        fail_on_undecided=options.fail_on_undecided,
    )
    return Judging(policy, NO_CHECKLIST, baseline=None)
