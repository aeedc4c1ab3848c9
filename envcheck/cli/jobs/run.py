"""The main job: read the file, probe, compare, show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from envcheck.cli.jobs.inputs import counted, earlier_comparison, variables_with
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.probing import probe_all
from envcheck.cli.jobs.reports import evidence_reports, write_reports
from envcheck.compare import compare
from envcheck.config import read
from envcheck.errors import ConfigError
from envcheck.policy import Policy
from envcheck.redact import Redactor
from envcheck.sample import sample_evidences
from envcheck.twins import twins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.config import Config, Overrides
    from envcheck.errors import ExitCode
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
    if options.overrides.only_new_count and options.against is None:
        raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR")
    variables = variables_with(options.env_file, console.variables)
    plan = read(options.config, variables=variables, overrides=options.overrides)
    redactor = Redactor.for_run(plan.environments)
    console.guard(redactor)
    earlier = None if options.against is None else earlier_comparison(options.against, console)
    requests = sum(environment.planned_requests for environment in plan.environments)
    console.note(f"sending {counted(requests, 'request')} to {counted(len(plan.environments), 'environment')}")
    probed = probe_all(plan.environments, redactor, options.concurrency, console)
    evidences = [probed.by_name[each.name] for each in plan.environments if each.name in probed.by_name]
    if probed.stopped is not None:
        _keep_what_is_finished(console, how, evidences, plan)
        return probed.stopped
    comparison = compare(
        evidences,
        baseline=plan.baseline,
        policy=plan.policy,
        twins=twins(plan.environments, plan.baseline),
        earlier=earlier,
        generated_at=datetime.now(UTC).replace(microsecond=0),
        today=datetime.now().astimezone().date(),
    )
    return present(console, how, comparison, evidences)


def show_sample(console: Console, how: Presentation) -> ExitCode:
    """Do the main job's second half on made-up evidence, without network, key or file."""
    evidences = sample_evidences()
    made = evidences[0].generated_at
    comparison = compare(
        evidences, baseline=evidences[0].environment, policy=Policy(), generated_at=made, today=made.date()
    )
    return present(console, how, comparison, evidences)


def _keep_what_is_finished(console: Console, how: Presentation, evidences: Sequence[Evidence], plan: Config) -> None:
    finished = f"{len(evidences)} of {counted(len(plan.environments), 'environment')} finished"
    if how.evidence_dir is None:
        console.complain(f"stopped by a signal: {finished}")
        return
    write_reports(list(evidence_reports(how.evidence_dir, how.formats, evidences)), console)
    console.complain(f"stopped by a signal: {finished}, with reports in {how.evidence_dir}; nothing was compared")
