"""The runs that `compare` is pointed at: which records are of which side, and which cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.runs import SavedRuns, newest, said
from envcheck.cli.jobs.saved_vantages import are_of_several, each_at_its_own, missing_from, of_vantages, vantages_of
from envcheck.errors import ConfigError, EnvcheckError, EvidenceError
from envcheck.paths import Found
from envcheck.store import COMPARISON_STEM, comparison_in, found_in, load_evidence, load_record, read_ahead, records_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from envcheck.evidence import Evidence
    from envcheck.places import Location

_PAIR: Final = 2
_WHAT_TO_GIVE: Final = (
    "PATH: give one report folder, two of them with the earlier run first, or evidence files; or one folder of each of"
    " several vantages (run --vantage)"
)


def saved_runs(paths: Sequence[Location], *, any_order: bool) -> SavedRuns:
    """Read what the paths name: evidence files, one report folder, or an earlier and a later one.

    Raises:
        ConfigError: they name nothing that can be compared.
        EvidenceError: none of the records can be read, or the earlier run is the later one.

    """
    found = {path: found_in(path) for path in paths}
    missing = [path for path in paths if found[path] is Found.NOTHING]
    if missing:
        raise ConfigError(
            [f"{path}: there is no such file or folder; name reports that envcheck wrote" for path in missing]
        )
    folders = [path for path in paths if found[path] is Found.FOLDER]
    if not folders:
        return _of_files(paths, any_order=any_order)
    if len(folders) != len(paths):
        raise ConfigError(_WHAT_TO_GIVE)
    if len(folders) == 1:
        return _of_folder(folders[0])
    found_there = [_read(load_record, records_in(folder)) for folder in folders]
    if are_of_several([record for records, _ in found_there for record in records]):
        return of_vantages(folders, found_there)
    if len(folders) > _PAIR:
        raise ConfigError(_WHAT_TO_GIVE)
    (before, left_out), (after, also_left_out) = found_there
    runs = SavedRuns(
        after,
        before,
        left_out=left_out + also_left_out,
        warnings=(*_of_several_runs(folders[0], before), *_of_several_runs(folders[1], after)),
    )
    return _in_order(runs, any_order=any_order)


def _of_folder(folder: Location) -> SavedRuns:
    records, left_out = _read(load_record, records_in(folder))
    comparison = comparison_in(folder)
    missing = () if comparison is None else missing_from(folder, comparison)
    runs = SavedRuns(
        records,
        baseline=None if comparison is None else comparison.baseline,
        is_of_folder=True,
        left_out=(*left_out, *missing),
        warnings=tuple(_of_several_runs(folder, records)),
    )
    return _not_alone(runs)


def _of_files(paths: Sequence[Location], *, any_order: bool) -> SavedRuns:
    files = [path for path in paths if path.stem != COMPARISON_STEM]  # a shell's `reports/*.json` names that too
    if len(files) < _PAIR:
        raise ConfigError("PATH: one record has nothing to be compared with; give two or more, or a folder")
    records, left_out = _read(load_evidence, files, unfit=(EvidenceError,))
    if are_of_several(records):
        return SavedRuns(each_at_its_own(records), left_out=left_out, vantages=vantages_of(records))
    if len(records) == _PAIR and records[0].environment == records[1].environment:
        return _in_order(SavedRuns(records[1:], records[:1], left_out=left_out), any_order=any_order)
    return _not_alone(SavedRuns(records, left_out=left_out))


def _not_alone(runs: SavedRuns) -> SavedRuns:
    """Refuse a record that is alone because the others cannot be read."""
    if runs.left_out and len(runs.after) < _PAIR:
        raise EvidenceError(*runs.left_out, "one record is left, and has nothing to be compared with")
    return runs


def _of_several_runs(folder: Location, records: Sequence[Evidence]) -> Iterator[str]:
    """Say that a folder's records were not made together."""
    by_run: dict[str | None, list[Evidence]] = {}
    for record in records:
        by_run.setdefault(record.run_id, []).append(record)
    if len(by_run) > 1:
        told = ", ".join(f"{len(alike)} of {said(newest(alike))}" for alike in by_run.values())
        yield (
            f"{folder}: its reports are of {len(by_run)} runs ({told}), so they were not made side by side;"
            " run again with a folder for each run"
        )


def _read(
    load: Callable[[Location], Evidence],
    files: Sequence[Location],
    unfit: tuple[type[EnvcheckError], ...] = (EvidenceError, ConfigError),
) -> tuple[list[Evidence], tuple[str, ...]]:
    """Read what can be read; one bad record does not stop the rest.

    `unfit` is what leaves a file out: one that is a link or a pipe lies in a folder for some reason, and is a mistake
    where it was named.
    """
    records: list[Evidence] = []
    left_out: list[str] = []
    read_ahead(files)
    for file in files:
        try:
            records.append(load(file))
        except unfit as error:
            left_out.append(str(error))
    if not records:
        raise EvidenceError(*left_out or ["there is no evidence to compare"])
    return records, tuple(left_out)


def _in_order(runs: SavedRuns, *, any_order: bool) -> SavedRuns:
    """Refuse an earlier run that is the later one: what was removed would be read as added."""
    if not any_order and newest(runs.before) > newest(runs.after):
        raise ConfigError(
            f"PATH: the first run is of {said(newest(runs.before))} and the second one of {said(newest(runs.after))};"
            " give the earlier one first, or --any-order"
        )
    return runs
