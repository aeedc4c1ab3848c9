"""The report folders that `merge` is pointed at: what each shard left behind, and what cannot be read of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from envcheck.cli.jobs.inputs import is_of_its_reports
from envcheck.compare.shards import Part
from envcheck.errors import ConfigError, EvidenceError, StorageError
from envcheck.paths import Found
from envcheck.store import COMPARISON_STEM, found_in, load_comparison, load_record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison, Shard
    from envcheck.evidence import Evidence
    from envcheck.places import Location


@dataclass(slots=True)
class SavedShards:
    """What was found."""

    parts: list[Part] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Why folders and records were left out: a sentence each."""
    unread: int = 0
    """How many records of environments could not be read, of shards that count all the same."""


def saved_shards(folders: Sequence[Location]) -> SavedShards:
    """Read the folders of some shards.

    A shard that left nothing that can be used is told and left out, and so is missing: it was not run, or not to its
    end.

    Raises:
        ConfigError: one of them is no folder, or of a run that was no shard.
        EvidenceError: none of them can be used.

    """
    _refuse_what_is_no_folder(folders)
    saved = SavedShards()
    of_no_shard: list[str] = []
    for folder in folders:
        try:
            comparison = _comparison_in(folder)
        except (EvidenceError, StorageError) as error:
            saved.left_out.append(f"{error} (left out)")
            continue
        if comparison.shard is None:
            of_no_shard.append(f"{folder}: is of a run without --shard, so it is no part of anything; leave it out")
            continue
        _add(folder, comparison, comparison.shard, saved)
    if of_no_shard:
        raise ConfigError(of_no_shard)
    if not saved.parts:
        raise EvidenceError(*saved.left_out, "no shard is left that could be put together; run them again")
    return saved


def _refuse_what_is_no_folder(folders: Sequence[Location]) -> None:
    found = {folder: found_in(folder) for folder in folders}
    if problems := [
        f"{folder}: is {kind.value}; name the report folder of a shard"
        for folder, kind in found.items()
        if kind not in {Found.FOLDER, Found.NOTHING}
    ]:
        raise ConfigError(problems)


def _comparison_in(folder: Location) -> Comparison:
    file = folder / f"{COMPARISON_STEM}.json"
    if found_in(file) is Found.NOTHING:
        raise EvidenceError(f"{folder}: holds no comparison, so its shard was not run to the end; run it again")
    try:
        comparison = load_comparison(file)
    except ConfigError as error:
        raise EvidenceError(str(error)) from None
    if not is_of_its_reports(folder, comparison):
        raise EvidenceError(
            f"{folder}: its comparison is of another run than the reports beside it, so its shard was cut short; run it"
            " again"
        )
    shard = comparison.shard
    if shard is not None and set(comparison.environments) != set(shard.environments()):
        raise EvidenceError(
            f"{folder}: its comparison is of other environments than shard {shard.number} of {shard.of} has; run it"
            " again"
        )
    return comparison


def _add(folder: Location, comparison: Comparison, shard: Shard, saved: SavedShards) -> None:
    evidences: dict[str, Evidence] = {}
    unread: list[str] = []
    for name in comparison.environments:
        try:
            evidences[name] = load_record(folder / f"{name}.json")
        except (ConfigError, EvidenceError, StorageError) as error:
            unread.append(f"{error} (left out)")
    saved.left_out += unread
    if shard.baseline not in evidences:
        saved.left_out.append(f"{folder}: the record of its baseline is missing, so nothing of it can be compared")
        return
    saved.unread += len(unread)
    saved.parts.append(Part(str(folder), shard, comparison, evidences))
