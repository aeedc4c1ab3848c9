"""What the command line says about a run, and whether it goes together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from envcheck.cli.options import Earlier
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.cli.jobs.changes import Reminding
    from envcheck.cli.jobs.waiting import Waiting
    from envcheck.config import Overrides


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says about a run."""

    config: Path
    overrides: Overrides
    concurrency: int
    against: Earlier | None
    env_file: Path | None
    waiting: Waiting | None = None
    """For how long is waited until nothing counts; None for a single round."""
    wait_for_lock_s: float = 0.0
    removes_gone: bool = False
    """Whether reports of environments that are gone from the file are removed."""
    reminding: Reminding | None = None
    """What is told again where only changes are told; None where all is told."""
    shard: str | None = None
    """Which part of the environments is probed: `K/N`, or nothing where an engine's variables say so. None for all."""
    vantage: str | None = None
    """Where this looks from; None where nobody said."""

    def check_alone(self) -> None:
        """Check what can be checked before the file is read.

        Raises:
            ConfigError: the options do not go together.

        """
        if self.shard is not None and (self._goes_by_an_earlier_run or self.removes_gone):
            raise ConfigError(
                "--shard: a part cannot be held against an earlier run of all, nor say who is gone; leave --against,"
                " --fail-on-new, --changes-only and --prune to `envcheck merge`, or out"
            )
        if self.overrides.only_new_count and self.against is None and self.reminding is None:
            raise ConfigError("--fail-on-new: there is nothing to be new against; add --against DIR, or --against last")

    @property
    def _goes_by_an_earlier_run(self) -> bool:
        return self.against is not None or self.overrides.only_new_count or self.reminding is not None

    def settled(self, history: Path | None) -> RunOptions:
        """Say what the run is held against, now that it is known whether there is a history.

        What changed is what changed since the last run of it, unless the command line names another one.

        Raises:
            ConfigError: the last run of a history is asked for, and none is named.

        """
        if self.reminding is not None and self.against is None:
            if history is None:
                raise ConfigError(
                    "--changes-only: no earlier run is named, from which anything could have changed; add --history"
                    " FILE, or --against DIR"
                )
            return replace(self, against=Earlier(None))
        if self.against is not None and self.against.folder is None and history is None:
            raise ConfigError(
                "--against last: no history is named that would have the last run; add --history FILE, or [history]"
                " path in the file; a folder of this name is ./last"
            )
        return self
