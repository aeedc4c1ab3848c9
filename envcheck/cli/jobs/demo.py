"""The main job against the embedded gateways, which also says whether it found what was put into them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.api.dates import now
from envcheck.cli.jobs.files_at_once import make_room
from envcheck.cli.jobs.inputs import counted
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.probing import Work, probe_all
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import Memory, compare
from envcheck.config import probes_of_flag
from envcheck.config.secrets import secrets_of
from envcheck.demo import BASELINE, demo_gateways, differences, environments, expected
from envcheck.errors import ExitCode
from envcheck.model import DEFAULT_CONCURRENCY
from envcheck.policy import Policy
from envcheck.probes import most_in_flight
from envcheck.redact import Redactor
from envcheck.run.same_target import twins
from envcheck.store import try_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.probing import Probed
    from envcheck.cli.signals import Interruption
    from envcheck.model import Environment


def demo_job(console: Console, how: Presentation, probes: Sequence[str]) -> ExitCode:
    """Probe the demo's gateways over loopback; the exit code is 0 when exactly the known differences were found.

    `probes` are names of probes and of sets of them, asked beside the usual ones.
    """
    more = probes_of_flag(probes)
    with wound_up_when_signalled() as interruption, demo_gateways() as gateways:
        try_folder(how.folder, remedy="name another folder with -o, or none with --no-reports")
        targets = environments(gateways, more)
        # Both ends of each connection are in this process.
        make_room(2 * len(targets), connections=most_in_flight(targets))
        redactor = Redactor(secrets_of(targets))
        console.guard(redactor)
        console.note(f"probing {counted(len(targets), 'small gateway')} on loopback that differ in known ways")
        probed = probe_all(Work(targets, redactor, DEFAULT_CONCURRENCY, made_up=True), console, interruption)
        if not probed.complete:
            console.complain("stopped by a signal")
            return interruption.code or ExitCode.FAULT
        return _shown(console, how, targets, probed, interruption)


def _shown(
    console: Console, how: Presentation, targets: Sequence[Environment], probed: Probed, interruption: Interruption
) -> ExitCode:
    moment = now()
    evidences = [probed.by_name[each.name] for each in targets]
    comparison = compare(
        evidences,
        baseline=BASELINE,
        policy=Policy(),
        memory=Memory(twins(targets, BASELINE), probed.names),
        generated_at=moment,
        today=moment.date(),
    )
    code = present(console, how, comparison, evidences, interruption)
    if code is ExitCode.NOT_WRITTEN or interruption.code is not None:
        return code
    known = expected(targets[0].probes)
    if differences(comparison) != known:
        console.complain("the demo did not find exactly the differences that were put into its gateways")
        return ExitCode.FAULT
    console.note(f"all {len(known)} known differences were found (envcheck run would exit {code})")
    return ExitCode.OK
