"""Saved records of several vantages: which of them there are, and what keeps them from being held together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.runs import SavedRuns
from envcheck.errors import ConfigError
from envcheck.paths import Found
from envcheck.store import comparison_in, found_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence
    from envcheck.places import Location

_SEVERAL: Final = 2


def vantages_of(records: Sequence[Evidence]) -> tuple[str, ...]:
    """Name where records were looked from, in their order, as far as they say."""
    return tuple(dict.fromkeys(record.vantage for record in records if record.vantage is not None))


def are_of_several(records: Sequence[Evidence]) -> bool:
    """Tell whether records are of more than one vantage."""
    return len(vantages_of(records)) >= _SEVERAL


def each_at_its_own(records: Sequence[Evidence]) -> list[Evidence]:
    """Return the records.

    Raises:
        ConfigError: one does not say its vantage, or two are of the same environment at the same one.

    """
    seen: set[tuple[str, str | None]] = set()
    problems: list[str] = []
    for record in records:
        if record.vantage is None:
            problems.append(
                f"{record.environment}: a record of it does not say its vantage, and others do; leave it out"
            )
        elif (record.environment, record.vantage) in seen:
            problems.append(f"{record.environment}: two records of it are of {record.vantage}; leave one of them out")
        seen.add((record.environment, record.vantage))
    if problems:
        raise ConfigError(problems)
    return list(records)


def of_vantages(folders: Sequence[Location], found: Sequence[tuple[list[Evidence], tuple[str, ...]]]) -> SavedRuns:
    """Give what the report folders of several vantages hold, one of each.

    Args:
        folders: as somebody named them.
        found: the records of each, and why others were left out.

    Raises:
        ConfigError: a folder is of no vantage or of several, or two are of the same one.

    """
    problems: list[str] = []
    there: dict[str, Location] = {}
    baselines: dict[str, Location] = {}
    missing: list[str] = []
    for folder, (records, _) in zip(folders, found, strict=True):
        own = {record.vantage for record in records}
        vantage = next(iter(own))
        if len(own) > 1 or vantage is None:
            problems.append(f"{folder}: is not of one vantage, and others are; run again with --vantage NAME and -o")
        elif vantage in there:
            problems.append(f"{folder}: is of {vantage}, as {there[vantage]} is; give one folder of each vantage")
        else:
            there[vantage] = folder
        comparison = comparison_in(folder)
        if comparison is None:
            continue
        if comparison.baseline is not None:
            baselines.setdefault(comparison.baseline, folder)
        missing += missing_from(folder, comparison)
    if problems:
        raise ConfigError(problems)
    return SavedRuns(
        [record for records, _ in found for record in records],
        baseline=next(iter(baselines)) if len(baselines) == 1 else None,
        is_of_folder=True,
        left_out=(*(sentence for _, left_out in found for sentence in left_out), *missing),
        vantages=tuple(there),
        baselines=tuple(baselines),
    )


def missing_from(folder: Location, comparison: Comparison) -> Iterator[str]:
    """Name the records that a folder's comparison speaks of and that are not there: nobody knows what they said."""
    for name in comparison.environments:
        file = folder / f"{name}.json"
        if found_in(file) is Found.NOTHING:
            yield f"{file}: is missing, and the comparison beside it speaks of it"
