"""The comparison over saved evidence: files side by side, or one night with another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.dates import now, today
from envcheck.cli.jobs.inputs import earlier_comparison
from envcheck.cli.jobs.present import present
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import compare, compare_runs
from envcheck.config import Overrides, read_policy
from envcheck.errors import ConfigError
from envcheck.paths import Found, found_at
from envcheck.policy import FailOn, Policy
from envcheck.store import load_evidence, load_folder, try_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.errors import ExitCode
    from envcheck.evidence import Evidence

_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What the command line says about a comparison."""

    paths: tuple[Path, ...]
    config: Path | None
    baseline: str | None
    fail_on: FailOn | None
    against: Path | None
    only_new_count: bool
    judge_latency: bool


def compare_job(console: Console, how: Presentation, options: CompareOptions) -> ExitCode:
    """Compare saved evidence and show what differs; nothing is sent."""
    try_folder(how.folder, remedy="name another folder with -o, or leave it out")
    policy = _policy(options)
    earlier = None if options.against is None else earlier_comparison(options.against, console)
    moment, day = now(), today()
    before, after = _two_runs(options)
    if options.only_new_count and options.against is None and not before:
        raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR, or give two runs")
    if before:
        comparison = compare_runs(
            before,
            after,
            policy=policy,
            earlier=earlier,
            judge_latency=options.judge_latency,
            generated_at=moment,
            today=day,
        )
    else:
        comparison = compare(
            after,
            baseline=options.baseline,
            policy=policy,
            earlier=earlier,
            judge_latency=options.judge_latency,
            generated_at=moment,
            today=day,
        )
    with wound_up_when_signalled() as interruption:
        return present(console, how, comparison, after, interruption)


def _policy(options: CompareOptions) -> Policy:
    overrides = Overrides(fail_on=options.fail_on, only_new_count=options.only_new_count)
    if options.config is not None:
        return read_policy(options.config, overrides=overrides)
    return Policy(fail_on=options.fail_on or FailOn.WARN, only_new_count=options.only_new_count)


def _two_runs(options: CompareOptions) -> tuple[Sequence[Evidence], Sequence[Evidence]]:
    """Give an earlier run and a later one; nothing as the earlier where the paths are environments of one run."""
    found = {path: found_at(path) for path in options.paths}
    missing = [path for path in options.paths if found[path] is Found.NOTHING]
    if missing:
        raise ConfigError(
            [f"{path}: there is no such file or folder; name reports that envcheck wrote" for path in missing]
        )
    folders = [path for path in options.paths if found[path] is Found.FOLDER]
    if not folders:
        evidences = [load_evidence(path) for path in options.paths]
        if len(evidences) == _TWO and evidences[0].environment == evidences[1].environment:
            return evidences[:1], evidences[1:]
        if len(evidences) < _TWO:
            raise ConfigError("PATH: one record has nothing to be compared with; give two or more")
        return (), evidences
    if len(folders) != _TWO or len(options.paths) != _TWO:
        raise ConfigError("PATH: give two folders, the earlier run first, or two and more evidence files")
    if options.baseline is not None:
        raise ConfigError("--baseline: in two folders each environment is held against itself; leave it out")
    earlier, later = folders
    return load_folder(earlier), load_folder(later)
