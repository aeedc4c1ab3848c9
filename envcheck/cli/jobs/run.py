"""The main job: read the file, probe, compare, show."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.api import Before, compared, load, second_batch
from envcheck.api.dates import today
from envcheck.cli.jobs.changes import changes_since
from envcheck.cli.jobs.files_at_once import make_room
from envcheck.cli.jobs.gone import refuse_in_storage, remove_gone
from envcheck.cli.jobs.inputs import counted, variables_with
from envcheck.cli.jobs.nights_before import nights_before
from envcheck.cli.jobs.past import kept, past_of
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.probing import Work, probe_all
from envcheck.cli.jobs.report_folder import ThisRun, is_there, spared
from envcheck.cli.jobs.reports import reports_of, write_reports
from envcheck.cli.jobs.sharing import folder_of, say_which, shard_asked_for, shared_out
from envcheck.cli.jobs.waiting import Round, until_ready, without_samples
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.comparison import Result
from envcheck.config.problems import listed
from envcheck.errors import ExitCode
from envcheck.model import Unplanned
from envcheck.probes import most_in_flight, planned_requests
from envcheck.store import COMPARISON_STEM, held, try_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.past import Past
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.probing import Probed
    from envcheck.cli.jobs.run_options import RunOptions
    from envcheck.cli.jobs.waiting import Waiting
    from envcheck.cli.signals import Interruption
    from envcheck.comparison import Shard
    from envcheck.config import Config
    from envcheck.evidence import Evidence
    from envcheck.model import Environment


_UNPLANNED: Final[Mapping[Unplanned, str]] = MappingProxyType(
    {
        Unplanned.RESENT: "sent twice, for the gateway had closed the connection",
        Unplanned.RETAKEN: "taken again, for this machine stood still meanwhile",
        Unplanned.ASKED_AGAIN: "asked again after a failure that may pass",
        Unplanned.CONFIRMING: "to see a second time what was slow",
        Unplanned.REFUSED_IN_PART: "sent again without what was refused",
    }
)


def run_job(console: Console, how: Presentation, options: RunOptions) -> ExitCode:
    """Probe the file's environments side by side, show what differs, write reports."""
    options.check_alone()
    if options.removes_gone:
        refuse_in_storage(how.folder)
    variables = variables_with(options.env_file, console)
    whole = load(options.config, variables=variables, overrides=options.overrides)
    console.guard(whole.redactor)
    shard = shard_asked_for(options.shard, whole, variables)
    how = folder_of(how, shard)
    plan = shared_out(whole, shard)
    options = options.settled(plan.keeping.path)
    for warning in plan.warnings:
        console.note(f"warning: {warning}")
    at_once = min(len(plan.environments), options.concurrency)
    make_room(at_once, connections=most_in_flight(plan.environments), option="--concurrency")
    names = [each.name for each in plan.environments]
    this_run = ThisRun(names, plan.is_partial, is_tracked=options.against is not None)
    say_which(shard, whole, console)
    how = spared(console, how.of_rollout(plan.rollout), this_run)
    if how.folder is None:
        return _run(console, how, options, plan, shard)
    try_folder(how.folder, remedy="name another folder with -o, or none with --no-reports")
    with held(how.folder, wait_s=options.wait_for_lock_s):
        return _run(console, how, options, plan, shard)


def _run(console: Console, how: Presentation, options: RunOptions, plan: Config, shard: Shard | None) -> ExitCode:
    past = past_of(plan, options, console, into=how.folder)
    how = replace(how, changes=changes_since(past.known, options.reminding, today()))
    with wound_up_when_signalled() as interruption:
        console.note(_plan_in_words(plan.environments, options.waiting))
        look = partial(_round, console, options, plan, past, interruption)
        if options.waiting is None:
            latest = look(plan.environments)
        else:
            latest = until_ready(options.waiting, plan.environments, look, console, interruption)
        if latest.comparison is None:
            _keep_what_is_finished(console, how, latest.evidences, plan)
            return interruption.code or ExitCode.FAULT
        _say_whether_it_was_cut(console, latest.probed)
        _say_what_was_not_announced(console, latest.evidences)
        before = nights_before(console, how, plan)
        comparison = latest.comparison.model_copy(update={"shard": shard})
        code = present(console, how, comparison, latest.evidences, interruption, before)
        if options.removes_gone and isinstance(how.folder, Path):
            remove_gone(how.folder, plan.known, console)
        if not kept(plan, past, comparison, latest.evidences, console):
            code = ExitCode.NOT_WRITTEN
        return interruption.code or code


def _round(  # noqa: PLR0913, PLR0917 - what stays the same in every round, and whom it asks
    console: Console,
    options: RunOptions,
    plan: Config,
    past: Past,
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
    before = Before(past.earlier, past.itself_earlier, past.nights_with(evidences))
    comparison = compared(plan, environments, evidences, probed.names, before)
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
    rendered = reports_of(folder, how.formats, Result(evidences), console)
    if write_reports(rendered.reports, console) and rendered.is_whole:
        console.complain(f"stopped by a signal: {done} and are written to {folder} ({names}); nothing was compared")
    else:
        console.complain(f"stopped by a signal: {done} ({names}), and not all could be written; nothing was compared")
    if is_there(folder / f"{COMPARISON_STEM}.json"):
        console.complain(f"{folder}: its comparison, and the reports of the others, are of an earlier run")
