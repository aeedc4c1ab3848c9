"""Shards: the parts of a fleet that several machines probe, and what a comparison of all was put together of."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Final

from pydantic import FailFast, Field, StringConstraints

from envcheck.record import Count, EnvironmentName, Record, RunId

MOST_SHARDS: Final = 10_000
"""As large as AWS Batch makes an array: https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html."""
_BYTES: Final = 8

ShardNumber = Annotated[int, Field(ge=1, le=MOST_SHARDS)]
Configuration = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]


def shard_of(environment: str, of: int) -> int:
    """Return which of so many shards, counted from 1, probes an environment.

    It depends on the name alone, so that an environment that is added to the file moves none of the others.
    """
    digest = hashlib.sha256(environment.encode()).digest()
    return int.from_bytes(digest[:_BYTES]) % of + 1


class Shard(Record):
    """Which part of a fleet a run probed."""

    number: ShardNumber
    """Counted from 1."""
    of: ShardNumber
    """How many there are."""
    configuration: Configuration
    """A hash of who is in the fleet, what is asked of each, and how it is judged; of no secret, and of no prompt."""
    baseline: EnvironmentName
    """The environment that every shard probes."""
    fleet: Annotated[tuple[EnvironmentName, ...], FailFast()]
    """All environments of all shards: the baseline first, then in the file's order."""

    def environments(self) -> tuple[str, ...]:
        """Return those of the fleet that this shard probes: the baseline, and those that are its own."""
        own = (name for name in self.fleet if name != self.baseline and shard_of(name, self.of) == self.number)
        return (self.baseline, *own)


class MergedShard(Record):
    """A shard that counts in a comparison of all of them."""

    number: ShardNumber
    run_id: RunId | None = None
    probed_at: datetime
    """When the newest of its records was made."""
    environments: Count
    """How many environments it probed beside the baseline."""


class Merged(Record):
    """What a comparison of all shards was put together of."""

    of: ShardNumber
    configuration: Configuration
    shards: Annotated[tuple[MergedShard, ...], FailFast()]
    baseline_from: ShardNumber
    """The shard whose record of the baseline is shown. Each environment is held against that of its own shard."""
    not_probed: Annotated[tuple[EnvironmentName, ...], FailFast()] = ()
    """Environments of the fleet whose shard is missing."""
