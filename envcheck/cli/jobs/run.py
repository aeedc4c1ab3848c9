"""The main job: read the file, probe, compare, show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.dates import now, today
from envcheck.cli.jobs.files_at_once import make_room
from envcheck.cli.jobs.inputs import counted, earlier_comparison, variables_with
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.probing import Work, probe_all
from envcheck.cli.jobs.report_folder import ThisRun, is_there, spared
from envcheck.cli.jobs.reports import reports_of, write_reports
from envcheck.cli.jobs.sharing import folder_of, say_which, shard_asked_for, shared_out
from envcheck.cli.jobs.waiting import Round, until_ready, without_samples
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import Memory, compare, suspects
from envcheck.comparison import Result
from envcheck.config import read
from envcheck.config.problems import listed, shown
from envcheck.demo.sample import sample_evidences, without_chat
from envcheck.errors import ConfigError, ExitCode
from envcheck.model import Unplanned
from envcheck.policy import FailOn, Policy
from envcheck.probes import most_in_flight, planned_requests
from envcheck.run.runner import Second
from envcheck.run.same_target import twins
from envcheck.store import COMPARISON_STEM, held, try_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.probing import Probed
    from envcheck.cli.jobs.waiting import Waiting
    from envcheck.cli.signals import Interruption
    from envcheck.comparison import Comparison, Shard
    from envcheck.config import Config, Overrides
    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.model import Environment
    from envcheck.places import Location


_UNPLANNED: Final[Mapping[Unplanned, str]] = MappingProxyType(
    {
        Unplanned.RESENT: "sent twice, for the gateway had closed the connection",
        Unplanned.RETAKEN: "taken again, for this machine stood still meanwhile",
        Unplanned.ASKED_AGAIN: "asked again after a failure that may pass",
        Unplanned.CONFIRMING: "to see a second time what was slow",
        Unplanned.REFUSED_IN_PART: "sent again without what was refused",
    }
)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says about a run."""

    config: Path
    overrides: Overrides
    concurrency: int
    against: Location | None
    env_file: Path | None
    waiting: Waiting | None = None
    """For how long is waited until nothing counts; None for a single round."""
    wait_for_lock_s: float = 0.0
    shard: str | None = None
    """Which part of the environments is probed: `K/N`, or nothing where an engine's variables say so. None for all."""
    vantage: str | None = None
    """Where this looks from; None where nobody said."""


def run_job(console: Console, how: Presentation, options: RunOptions) -> ExitCode:
    """Probe the file's environments side by side, show what differs, write reports."""
    _check_fail_on_new(options)
    variables = variables_with(options.env_file, console)
    whole = read(options.config, variables=variables, overrides=options.overrides)
    console.guard(whole.redactor)
    shard = shard_asked_for(options.shard, whole, variables)
    how = folder_of(how, shard)
    plan = shared_out(whole, shard)
    for warning in plan.warnings:
        console.note(f"warning: {warning}")
    at_once = min(len(plan.environments), options.concurrency)
    make_room(at_once, connections=most_in_flight(plan.environments), option="--concurrency")
    names = [each.name for each in plan.environments]
    this_run = ThisRun(names, bool(options.overrides.environments), is_tracked=options.against is not None)
    say_which(shard, console)
    how = spared(console, how.of_rollout(plan.rollout), this_run)
    if how.folder is None:
        return _run(console, how, options, plan, shard)
    try_folder(how.folder, remedy="name another folder with -o, or none with --no-reports")
    with held(how.folder, wait_s=options.wait_for_lock_s):
        return _run(console, how, options, plan, shard)


def _run(console: Console, how: Presentation, options: RunOptions, plan: Config, shard: Shard | None) -> ExitCode:
    earlier = None if options.against is None else earlier_comparison(options.against, console, into=how.folder)
    with wound_up_when_signalled() as interruption:
        console.note(_plan_in_words(plan.environments, options.waiting))
        look = partial(_round, console, options, plan, earlier, interruption)
        if options.waiting is None:
            latest = look(plan.environments)
        else:
            latest = until_ready(options.waiting, plan.environments, look, console, interruption)
        if latest.comparison is None:
            _keep_what_is_finished(console, how, latest.evidences, plan)
            return interruption.code or ExitCode.FAULT
        _say_whether_it_was_cut(console, latest.probed)
        _say_what_was_not_announced(console, latest.evidences)
        comparison = latest.comparison.model_copy(update={"shard": shard})
        return present(console, how, comparison, latest.evidences, interruption)


def _round(  # noqa: PLR0913, PLR0917 - what stays the same in every round, and whom it asks
    console: Console,
    options: RunOptions,
    plan: Config,
    earlier: Comparison | None,
    interruption: Interruption,
    environments: Sequence[Environment],
) -> Round:
    """Probe every environment and compare; nothing is shown or written."""
    probed = probe_all(
        Work(environments, plan.redactor, options.concurrency, second_batch(plan), vantage=options.vantage),
        console,
        interruption,
    )
    evidences = [probed.by_name[each.name] for each in environments if each.name in probed.by_name]
    if len(evidences) < len(environments):
        return Round(probed, evidences, None)
    comparison = compare(
        evidences,
        baseline=plan.baseline,
        policy=plan.policy,
        memory=Memory(twins(environments, plan.baseline), probed.names),
        earlier=earlier,
        generated_at=now(),
        today=today(),
    )
    return Round(probed, evidences, comparison.model_copy(update={"is_tracked": options.against is not None}))


def _plan_in_words(environments: Sequence[Environment], waiting: Waiting | None) -> str:
    most = max(environment.samples for environment in environments)
    samples = "" if most == 1 else f", {most} samples of each probe among them"
    whole = counted(sum(map(planned_requests, environments)), "request")
    if waiting is None:
        return f"sending {whole} to {counted(len(environments), 'environment')}{samples}"
    quick = counted(sum(map(planned_requests, without_samples(environments))), "request")
    last = f", and {whole} in the last round{samples}" if samples else ""
    return (
        f"sending {quick} to {counted(len(environments), 'environment')} every {waiting.every_s:g} s until nothing"
        f" counts, for up to {waiting.for_s:g} s{last}"
    )


def second_batch(plan: Config) -> Second | None:
    """Say when a latency is sampled a second time: where there is a baseline to hold it against."""
    if plan.baseline is None or plan.policy.confirm_over_s == 0:
        return None
    judged = partial(_suspects, plan.baseline, plan.policy)
    return Second(judged, plan.baseline, plan.policy.confirm_over_s)


def _suspects(
    baseline: str, policy: Policy, evidences: Sequence[Evidence], names: Mapping[str, Mapping[str, Names]]
) -> list[tuple[str, str]]:
    return suspects(evidences, baseline=baseline, policy=policy, names=names)


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
    try_folder(how.folder, remedy="name another folder with -o, or leave it out")
    made = evidences[0].generated_at
    comparison = compare(
        sorted(kept, key=lambda evidence: evidence.environment != baseline),
        baseline=baseline,
        policy=Policy(
            fail_on=asked.fail_on or FailOn.WARN,
            only_new_count=asked.only_new_count,
            fail_on_undecided=asked.fail_on_undecided,
        ),
        earlier=None if options.against is None else earlier_comparison(options.against, console, into=None),
        generated_at=made,
        today=made.date(),
    )
    with wound_up_when_signalled() as interruption:
        return present(console, how, comparison, kept, interruption)


def _check_fail_on_new(options: RunOptions) -> None:
    if options.shard is not None and (options.against is not None or options.overrides.only_new_count):
        raise ConfigError(
            "--shard: a part cannot be held against an earlier comparison of all; leave --against and --fail-on-new to"
            " `envcheck merge`"
        )
    if options.overrides.only_new_count and options.against is None:
        raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR")


def _say_whether_it_was_cut(console: Console, probed: Probed) -> None:
    if not probed.complete:
        console.complain("stopped by a signal while samples were taken; those that were taken are judged")


def _say_what_was_not_announced(console: Console, evidences: Sequence[Evidence]) -> None:
    """Say how many requests were really sent, and why, where there were any beyond the plan."""
    targets = [evidence.target for evidence in evidences]
    unplanned = sum((Counter(target.unplanned_requests) for target in targets), Counter[Unplanned]())
    if unplanned:
        sent = sum(target.sent_requests or 0 for target in targets)
        planned = sum(target.planned_requests for target in targets)
        told = ", ".join(f"{unplanned[why]} {words}" for why, words in _UNPLANNED.items() if unplanned[why])
        console.note(f"sent {counted(sent, 'request')} ({planned} announced), among them beyond the plan: {told}")


def _keep_what_is_finished(console: Console, how: Presentation, evidences: Sequence[Evidence], plan: Config) -> None:
    """Write the records that there are, and say what is there now and what is not."""
    folder = how.folder
    if not evidences:
        console.complain("stopped by a signal before any environment had finished; nothing was written")
        return
    done = f"{len(evidences)} of {counted(len(plan.environments), 'environment')} had finished"
    if folder is None:
        console.complain(f"stopped by a signal: {done}; nothing was compared, and with --no-reports nothing is kept")
        return
    names = listed([evidence.environment for evidence in evidences])
    if write_reports(list(reports_of(folder, how.formats, Result(evidences))), console):
        console.complain(f"stopped by a signal: {done} and are written to {folder} ({names}); nothing was compared")
    else:
        console.complain(f"stopped by a signal: {done} ({names}), and not all could be written; nothing was compared")
    if is_there(folder / f"{COMPARISON_STEM}.json"):
        console.complain(f"{folder}: its comparison, and the reports of the others, are of an earlier run")
