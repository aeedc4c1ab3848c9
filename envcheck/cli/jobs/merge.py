"""Putting shards together: what is wrong with them is said first, and decides about the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from envcheck.api.dates import now, today
from envcheck.cli.jobs.inputs import counted, earlier_comparison, guard_storage
from envcheck.cli.jobs.present import present
from envcheck.cli.jobs.runs import said
from envcheck.cli.jobs.saved_shards import saved_shards
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.compare import inconclusive
from envcheck.compare.merging import Counting, merge, whose_baseline_is_shown
from envcheck.compare.shards import sift
from envcheck.comparison import Note, Why
from envcheck.config.problems import listed
from envcheck.errors import ConfigError
from envcheck.policy import FailOn, Policy
from envcheck.render.checklist.again import rollout_of
from envcheck.store import held, try_folder

if TYPE_CHECKING:
    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.saved_shards import SavedShards
    from envcheck.compare.shards import Sifted, Trouble
    from envcheck.comparison import Comparison
    from envcheck.errors import ExitCode
    from envcheck.places import Location


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """What the command line says about the shards."""

    folders: tuple[Location, ...]
    within_s: float
    """A shard that ended so many seconds earlier than the last one is of an earlier run."""
    fail_on: FailOn | None
    against: Location | None
    only_new_count: bool
    fail_on_undecided: bool


def merge_job(console: Console, how: Presentation, options: MergeOptions) -> ExitCode:
    """Put the shards together and show what differs; nothing is sent."""
    if options.only_new_count and options.against is None:
        raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR")
    guard_storage(console)
    if how.folder is None:
        return _merged(console, how, options)
    _refuse_one_that_is_read(how.folder, options.folders)
    try_folder(how.folder, remedy="name another folder with -o, or leave it out")
    with held(how.folder, wait_s=0.0):
        return _merged(console, how, options)


def _merged(console: Console, how: Presentation, options: MergeOptions) -> ExitCode:
    earlier = None if options.against is None else earlier_comparison(options.against, console, into=how.folder)
    saved = saved_shards(options.folders)
    sifted = sift(saved.parts, within=timedelta(seconds=options.within_s))
    for sentence in (*saved.left_out, *map(_in_words, sifted.troubles)):
        console.complain(sentence)
    console.note(_what_is_put_together(sifted))
    comparison = _comparison_of(sifted, saved, earlier, options)
    shown = whose_baseline_is_shown(sifted.parts)
    console.note(
        f"each environment is held against the record of {shown.shard.baseline} of its own shard; the one of shard"
        f" {shown.shard.number} is shown"
    )
    evidences = {name: each for part in (*sifted.parts, shown) for name, each in part.evidences.items()}
    records = [evidences[name] for name in comparison.environments]
    rollout = rollout_of([part.comparison for part in sifted.parts])
    with wound_up_when_signalled() as interruption:
        return present(console, how.of_rollout(rollout), comparison, records, interruption)


def _comparison_of(sifted: Sifted, saved: SavedShards, earlier: Comparison | None, options: MergeOptions) -> Comparison:
    policy = Policy(
        fail_on=options.fail_on or FailOn.WARN,
        only_new_count=options.only_new_count,
        fail_on_undecided=options.fail_on_undecided,
    )
    comparison = merge(sifted.parts, Counting(policy, now(), today(), earlier), sifted.not_probed)
    comparison = comparison.model_copy(update={"is_tracked": options.against is not None})
    whys = [trouble.note for trouble in sifted.troubles]
    if saved.unread:
        whys.append(Note(why=Why.UNREAD, number=saved.unread))
    return inconclusive(comparison, whys) if whys else comparison


def _refuse_one_that_is_read(folder: Location, read: tuple[Location, ...]) -> None:
    if folder.resolve() in {each.resolve() for each in read}:
        raise ConfigError(f"{folder}: is a shard's own folder, whose comparison would be lost; name another with -o")


def _what_is_put_together(sifted: Sifted) -> str:
    shard = sifted.parts[0].shard
    probed = sum(len(part.evidences) - 1 for part in sifted.parts)
    return (
        f"putting {len(sifted.parts)} of {counted(shard.of, 'shard')} together: {probed:,} of"
        f" {counted(len(shard.fleet) - 1, 'environment')}, held against {shard.baseline}"
    )


def _in_words(trouble: Trouble) -> str:
    """Say what is wrong with a shard, and what became of it."""
    part, instead = trouble.part, trouble.instead
    if part is None or instead is None:
        number = trouble.note.number
        return f"shard {number} is missing{_with_whom(trouble.environments)}; run it again"
    which = f"shard {part.shard.number} of {part.shard.of}"
    match trouble.note.why:
        case Why.SHARD_TWICE:
            return (
                f"{part.where}: is {which} once more, of {said(part.probed_at)}; the one in {instead.where}, of"
                f" {said(instead.probed_at)}, counts; give each shard once"
            )
        case Why.SHARD_OLDER:
            return (
                f"{part.where}: is {which} of {said(part.probed_at)}, and {instead.where} is of"
                f" {said(instead.probed_at)}; it is left out, run it again, or allow for it with --within"
            )
        case _:
            return (
                f"{part.where}: is {which}, and of another configuration than {instead.where}, shard"
                f" {instead.shard.number} of {instead.shard.of}; it is left out, run it again with the same file and"
                " options"
            )


def _with_whom(environments: tuple[str, ...]) -> str:
    if not environments:
        return ", which has no environment but the baseline"
    return f", and with it {counted(len(environments), 'environment')}: {listed(environments)}"
