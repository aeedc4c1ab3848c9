"""Sharing a fleet out: what one shard of a run probes, where it writes, and what it says of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.engines import part_of
from envcheck.comparison import Shard
from envcheck.config.configuration import configuration_of
from envcheck.errors import ConfigError
from envcheck.policy import NOTHING_KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.config import Config
    from envcheck.places import Location

_JSON: Final = "json"


def shard_asked_for(said: str | None, plan: Config, variables: Mapping[str, str]) -> Shard | None:
    """Return the shard that a run is; None where it probes everything.

    Raises:
        ConfigError: `--shard` says nothing that can be done.

    """
    if said is None:
        return None
    part = part_of(said, variables)
    if plan.baseline is None:
        raise ConfigError("--shard: one environment alone cannot be shared out; leave it out")
    return Shard(
        number=part.number,
        of=part.of,
        configuration=configuration_of(plan),
        baseline=plan.baseline,
        fleet=tuple(environment.name for environment in plan.environments),
    )


def shared_out(plan: Config, shard: Shard | None) -> Config:
    """Keep what a shard probes.

    All that the file says was read before, and samples are as many as the whole fleet takes: latencies are judged once
    more where the shards are put together. A history has whole runs, so that a shard keeps none.
    """
    if shard is None:
        return plan
    own = frozenset(shard.environments())
    kept = tuple(environment for environment in plan.environments if environment.name in own)
    return replace(plan, environments=kept, keeping=NOTHING_KEPT)


def folder_of(how: Presentation, shard: Shard | None) -> Presentation:
    """Give each shard a folder of its own where the user named none.

    Raises:
        ConfigError: reports are written, and not in the format that `envcheck merge` reads.

    """
    if shard is None or how.folder is None:
        return how
    if _JSON not in how.formats:
        raise ConfigError("--shard: `envcheck merge` reads JSON; add -f json, or write no reports with --no-reports")
    return how if how.folder_is_given else replace(how, folder=_own_folder(how.folder, shard), folder_is_given=True)


def _own_folder(folder: Location, shard: Shard) -> Location:
    return folder / f"shard-{shard.number}-of-{shard.of}"


def say_which(shard: Shard | None, whole: Config, console: Console) -> None:
    """Say which part is probed, and how all of it is kept."""
    if shard is not None:
        if whole.keeping.path is not None:
            console.note("a shard keeps no history; keep what `envcheck merge` writes, with `envcheck history import`")
        own = len(shard.environments()) - 1
        console.note(
            f"shard {shard.number} of {shard.of}: {own:,} of {len(shard.fleet) - 1:,} environments, held against"
            f" {shard.baseline}"
        )
