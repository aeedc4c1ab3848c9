"""Which of the shards that somebody gathered make up one fleet: what is missing, doubled, of another time or file.

Nothing is left out in silence. What does not belong is named, each with what became of it, and so is what is not there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from envcheck.comparison import Note, Why
from envcheck.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from envcheck.comparison import Comparison, Shard
    from envcheck.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Part:
    """What one shard left behind."""

    where: str
    """The folder that it is in, as somebody named it."""
    shard: Shard
    comparison: Comparison
    evidences: Mapping[str, Evidence]
    """By environment, as far as they could be read; the baseline's always."""

    @property
    def probed_at(self) -> datetime:
        """When the newest of its records was made."""
        return max(evidence.generated_at for evidence in self.evidences.values())


class Trouble(NamedTuple):
    """What is wrong with a shard."""

    note: Note
    part: Part | None
    """None for one that is not there."""
    instead: Part | None = None
    """The one that counts in its place, or that shows it to be out of place."""
    environments: tuple[str, ...] = ()
    """Those of a shard that is not there."""


class Sifted(NamedTuple):
    """Shards of one fleet, each once, and what is wrong with the rest."""

    parts: list[Part]
    """In the order of their numbers."""
    troubles: list[Trouble]
    not_probed: tuple[str, ...]
    """The environments of all shards that are missing, in the file's order."""


def sift(parts: Sequence[Part], *, within: timedelta) -> Sifted:
    """Keep the shards that belong together.

    The configuration that most of them have counts, of two that are equally many the one that ran last. A shard whose
    newest record is older than the newest of all by more than `within` is of an earlier time. Of one that is there
    twice the newer counts.

    Raises:
        EvidenceError: there are none.

    """
    if not parts:
        raise EvidenceError("there is no shard to put together; name the report folders of runs with --shard")
    kept, troubles = _of_one_configuration(parts)
    latest = max(kept, key=lambda part: part.probed_at)
    older = [part for part in kept if latest.probed_at - part.probed_at > within]
    troubles += [Trouble(_note(Why.SHARD_OLDER, part), part, latest) for part in older]
    by_number: dict[int, Part] = {}
    # The sort is stable, so that of two of the same moment the one named first counts.
    for part in sorted((each for each in kept if each not in older), key=lambda part: part.probed_at, reverse=True):
        counts = by_number.setdefault(part.shard.number, part)
        if counts is not part:
            troubles.append(Trouble(_note(Why.SHARD_TWICE, part), part, counts))
    troubles += _missing(latest.shard, by_number)
    absent = {name for trouble in troubles for name in trouble.environments}
    return Sifted(
        [by_number[number] for number in sorted(by_number)],
        troubles,
        tuple(name for name in latest.shard.fleet if name in absent),
    )


def _of_one_configuration(parts: Sequence[Part]) -> tuple[list[Part], list[Trouble]]:
    shared_by = Counter(_configuration(part) for part in parts)
    model = max(parts, key=lambda part: (shared_by[_configuration(part)], part.probed_at))
    others = [part for part in parts if _configuration(part) != _configuration(model)]
    kept = [part for part in parts if part not in others]
    return kept, [Trouble(_note(Why.SHARD_OTHER_CONFIGURATION, part), part, model) for part in others]


def _configuration(part: Part) -> tuple[int, str, str | None]:
    """Say what shards of one fleet have in common; a fleet that is looked at from two places is two."""
    return part.shard.of, part.shard.configuration, part.evidences[part.shard.baseline].vantage


def _missing(shard: Shard, there: Mapping[int, Part]) -> Iterator[Trouble]:
    for number in range(1, shard.of + 1):
        if number not in there:
            _, *own = shard.model_copy(update={"number": number}).environments()
            yield Trouble(Note(why=Why.SHARD_MISSING, number=number), None, environments=tuple(own))


def _note(why: Why, part: Part) -> Note:
    return Note(why=why, number=part.shard.number)
