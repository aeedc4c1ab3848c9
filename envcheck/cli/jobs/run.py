"""The main job: read the file, probe, compare, show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.cli.jobs.dates import now, today
from envcheck.cli.jobs.files_at_once import make_room
from envcheck.cli.jobs.inputs import counted, earlier_comparison, variables_with
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.probing import probe_all
from envcheck.cli.jobs.reports import evidence_reports, write_reports
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import compare
from envcheck.config import read
from envcheck.config.problems import shown
from envcheck.errors import ConfigError, ExitCode
from envcheck.policy import FailOn, Policy
from envcheck.redact import Redactor
from envcheck.sample import sample_evidences, without_chat
from envcheck.store import try_folder
from envcheck.twins import twins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.config import Config, Overrides
    from envcheck.evidence import Evidence


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says about a run."""

    config: Path
    overrides: Overrides
    concurrency: int
    against: Path | None
    env_file: Path | None


def run_job(console: Console, how: Presentation, options: RunOptions) -> ExitCode:
    """Probe the file's environments side by side, show what differs, write reports."""
    _check_fail_on_new(options)
    variables = variables_with(options.env_file, console.variables)
    plan = read(options.config, variables=variables, overrides=options.overrides)
    redactor = Redactor.for_run(plan.environments)
    console.guard(redactor)
    earlier = None if options.against is None else earlier_comparison(options.against, console)
    for warning in plan.warnings:
        console.note(f"warning: {warning}")
    make_room(len(plan.environments), options.concurrency)
    with wound_up_when_signalled() as interruption:
        try_folder(how.evidence_dir, remedy="name another folder with -o, or none with --no-reports")
        requests = sum(environment.planned_requests for environment in plan.environments)
        console.note(f"sending {counted(requests, 'request')} to {counted(len(plan.environments), 'environment')}")
        probed = probe_all(plan.environments, redactor, options.concurrency, console, interruption)
        evidences = [probed.by_name[each.name] for each in plan.environments if each.name in probed.by_name]
        if not probed.complete:
            _keep_what_is_finished(console, how, evidences, plan)
            return interruption.code or ExitCode.FAULT
        comparison = compare(
            evidences,
            baseline=plan.baseline,
            policy=plan.policy,
            twins=twins(plan.environments, plan.baseline),
            earlier=earlier,
            generated_at=now(),
            today=today(),
        )
        return present(console, how, comparison, evidences, interruption)


def show_sample(console: Console, how: Presentation, options: RunOptions) -> ExitCode:
    """Do the main job's second half on made-up evidence, without network, key or file.

    What says how evidence is judged and shown holds as in a run; what says how it is gathered has nothing to act on.
    """
    asked = options.overrides
    _check_fail_on_new(options)
    evidences = sample_evidences()
    known = [evidence.environment for evidence in evidences]
    baseline = asked.baseline or known[0]
    unknown = [name for name in (*asked.environments, baseline) if name not in known]
    if unknown:
        has = ", ".join(known)
        raise ConfigError([f"{shown(name)}: is not an environment of the sample, which has {has}" for name in unknown])
    kept = [each for each in evidences if not asked.environments or each.environment in {*asked.environments, baseline}]
    if asked.skip_chat:
        kept = [without_chat(evidence) for evidence in kept]
    made = evidences[0].generated_at
    comparison = compare(
        sorted(kept, key=lambda evidence: evidence.environment != baseline),
        baseline=baseline,
        policy=Policy(fail_on=asked.fail_on or FailOn.WARN, only_new_count=asked.only_new_count),
        earlier=None if options.against is None else earlier_comparison(options.against, console),
        generated_at=made,
        today=made.date(),
    )
    with wound_up_when_signalled() as interruption:
        return present(console, how, comparison, kept, interruption)


def _check_fail_on_new(options: RunOptions) -> None:
    if options.overrides.only_new_count and options.against is None:
        raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR")


def _keep_what_is_finished(console: Console, how: Presentation, evidences: Sequence[Evidence], plan: Config) -> None:
    finished = f"{len(evidences)} of {counted(len(plan.environments), 'environment')} finished"
    if how.evidence_dir is None:
        console.complain(f"stopped by a signal: {finished}")
        return
    write_reports(list(evidence_reports(how.evidence_dir, how.formats, evidences)), console)
    console.complain(f"stopped by a signal: {finished}, with reports in {how.evidence_dir}; nothing was compared")
