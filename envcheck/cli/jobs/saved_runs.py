"""The runs that `compare` is pointed at: which records are of which side, and which cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from envcheck.errors import ConfigError, EvidenceError
from envcheck.paths import Found, found_at
from envcheck.store import COMPARISON_STEM, comparison_in, load_evidence, load_record, records_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from envcheck.evidence import Evidence

_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class SavedRuns:
    """What is compared."""

    after: Sequence[Evidence]
    before: Sequence[Evidence] = ()
    """An earlier run; nothing where the records are environments of one run."""
    baseline: str | None = None
    """The one that the run had, where a folder says so."""
    left_out: tuple[str, ...] = ()
    """Why records were left out: a sentence each."""

    @property
    def is_one_run(self) -> bool:
        """Whether all records were made together, so that their latencies were taken side by side."""
        ids = {evidence.run_id for evidence in self.after}
        return not self.before and len(ids) == 1 and None not in ids


def saved_runs(paths: Sequence[Path], *, any_order: bool) -> SavedRuns:
    """Read what the paths name: evidence files, one report folder, or an earlier and a later one.

    Raises:
        ConfigError: they name nothing that can be compared.
        EvidenceError: none of the records can be read, or the earlier run is the later one.

    """
    found = {path: found_at(path) for path in paths}
    missing = [path for path in paths if found[path] is Found.NOTHING]
    if missing:
        raise ConfigError(
            [f"{path}: there is no such file or folder; name reports that envcheck wrote" for path in missing]
        )
    folders = [path for path in paths if found[path] is Found.FOLDER]
    if not folders:
        return _of_files(paths, any_order=any_order)
    if len(folders) != len(paths) or len(folders) > _PAIR:
        raise ConfigError("PATH: give one report folder, two of them with the earlier run first, or evidence files")
    if len(folders) == 1:
        records, left_out = _in_folder(folders[0])
        return SavedRuns(records, baseline=_baseline_of(folders[0], records), left_out=left_out)
    (before, left_out), (after, also_left_out) = map(_in_folder, folders)
    return _in_order(SavedRuns(after, before, left_out=left_out + also_left_out), any_order=any_order)


def _of_files(paths: Sequence[Path], *, any_order: bool) -> SavedRuns:
    # A shell's `reports/*.json` names the comparison too.
    records, left_out = _read(load_evidence, [path for path in paths if path.stem != COMPARISON_STEM])
    if len(records) == _PAIR and records[0].environment == records[1].environment:
        return _in_order(SavedRuns(records[1:], records[:1], left_out=left_out), any_order=any_order)
    if len(records) + len(left_out) < _PAIR:
        raise ConfigError("PATH: one record has nothing to be compared with; give two or more, or a folder")
    return SavedRuns(records, left_out=left_out)


def _in_folder(folder: Path) -> tuple[list[Evidence], tuple[str, ...]]:
    return _read(load_record, records_in(folder))


def _read(load: Callable[[Path], Evidence], files: Sequence[Path]) -> tuple[list[Evidence], tuple[str, ...]]:
    """Read what can be read; one bad record does not stop the rest."""
    records: list[Evidence] = []
    left_out: list[str] = []
    for file in files:
        try:
            records.append(load(file))
        except (ConfigError, EvidenceError) as error:
            left_out.append(str(error))
    if not records:
        raise EvidenceError("\n".join(left_out) or "there is no evidence to compare")
    return records, tuple(left_out)


def _baseline_of(folder: Path, records: Sequence[Evidence]) -> str | None:
    """Give the baseline that the folder's own run had, where its record is still there."""
    comparison = comparison_in(folder)
    baseline = None if comparison is None else comparison.baseline
    return baseline if any(record.environment == baseline for record in records) else None


def _in_order(runs: SavedRuns, *, any_order: bool) -> SavedRuns:
    """Refuse an earlier run that is the later one: what was removed would be read as added."""
    if not any_order and newest(runs.before) > newest(runs.after):
        raise ConfigError(
            f"PATH: the first run is of {said(newest(runs.before))} and the second one of {said(newest(runs.after))};"
            " give the earlier one first, or --any-order"
        )
    return runs


def newest(records: Sequence[Evidence]) -> datetime:
    """Give when the last of these records was made."""
    return max(record.generated_at for record in records)


def said(moment: datetime) -> str:
    """Say a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
