"""The main job's second half on made-up evidence, for who has no gateway, no key and no file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from envcheck.cli.jobs.changes import changes_since
from envcheck.cli.jobs.inputs import earlier_comparison
from envcheck.cli.jobs.present import present
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import compare
from envcheck.compare.news import known_from
from envcheck.comparison.news import Known
from envcheck.config.problems import shown
from envcheck.demo.sample import sample_evidences, without_chat
from envcheck.errors import ConfigError
from envcheck.policy import FailOn, Policy
from envcheck.store import try_folder

if TYPE_CHECKING:
    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.run_options import RunOptions
    from envcheck.errors import ExitCode


def show_sample(console: Console, how: Presentation, options: RunOptions) -> ExitCode:
    """Do the main job's second half on made-up evidence, without network, key or file.

    What says how evidence is judged and shown holds as in a run; what says how it is gathered has nothing to act on.
    """
    asked = options.overrides
    options.check_alone()
    options = options.settled(None)
    evidences = sample_evidences()
    names = [evidence.environment for evidence in evidences]
    baseline = asked.baseline or names[0]
    unknown = [name for name in (*asked.environments, baseline) if name not in names]
    if unknown:
        has = ", ".join(names)
        raise ConfigError([f"{shown(name)}: is not an environment of the sample, which has {has}" for name in unknown])
    kept = [each for each in evidences if not asked.environments or each.environment in {*asked.environments, baseline}]
    if asked.skip_chat:
        kept = [without_chat(evidence) for evidence in kept]
    try_folder(how.folder, remedy="name another folder with -o, or leave it out")
    folder = None if options.against is None else options.against.folder
    earlier = None if folder is None else earlier_comparison(folder, console, into=None)
    made = evidences[0].generated_at
    known = Known() if earlier is None else known_from(earlier, made.date())
    how = replace(how, changes=changes_since(known, options.reminding, made.date()))
    comparison = compare(
        sorted(kept, key=lambda evidence: evidence.environment != baseline),
        baseline=baseline,
        policy=Policy(
            fail_on=asked.fail_on or FailOn.WARN,
            only_new_count=asked.only_new_count,
            fail_on_undecided=asked.fail_on_undecided,
        ),
        earlier=earlier,
        generated_at=made,
        today=made.date(),
    )
    with wound_up_when_signalled() as interruption:
        return present(console, how, comparison, kept, interruption)
