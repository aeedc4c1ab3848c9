"""What a run may write into a folder of reports: nothing that lets an earlier one say what is not so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.inputs import counted
from envcheck.errors import StorageError
from envcheck.paths import Found
from envcheck.store import COMPARISON_STEM, comparison_in, found_in, set_aside

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.places import Location

_VERDICTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "json": f"{COMPARISON_STEM}.json",
        "markdown": f"{COMPARISON_STEM}.md",
        "html": f"{COMPARISON_STEM}.html",
        "checklist": "checklist.md",
        "junit": "junit.xml",
    }
)
"""What a folder of reports is gone by, and the format that writes it."""


@dataclass(frozen=True, slots=True)
class ThisRun:
    """What decides whether a run's reports may take the place of an earlier one's."""

    environments: Collection[str]
    is_partial: bool
    """Whether it was told which environments of the file to probe."""
    is_tracked: bool
    """Whether it is held against an earlier comparison."""


def spared(console: Console, how: Presentation, this_run: ThisRun) -> Presentation:
    """Write no reports into the default folder where they would take the place of what a nightly run goes by.

    That is where the folder's comparison was held against an earlier one, as every night, and this run is not, or was
    told to probe only some of the environments that it covers. A folder that the user names with `-o` is the user's
    choice.
    """
    if how.folder is None or how.folder_is_given:
        return how
    there = comparison_in(how.folder)
    if there is None or not there.is_tracked:
        return how
    if this_run.is_partial and set(there.environments).difference(this_run.environments):
        covered = counted(len(there.environments), "environment")
        why = f"covers {covered}, and this run probes {len(this_run.environments)} of them"
    elif not this_run.is_tracked:
        why = "is what runs with --against go by, and this run has no --against"
    else:
        return how
    console.complain(
        f"{how.folder}: the comparison there {why}; no reports are written, name a folder with -o for them"
    )
    return replace(how, folder=None)


def is_there(place: Location) -> bool:
    """Tell whether anything is at a place; storage that does not say takes no reports either, which is told then."""
    try:
        return found_in(place) is not Found.NOTHING
    except StorageError:
        return False


def without_stale_verdicts(console: Console, how: Presentation) -> None:
    """Set aside a comparison or a checklist that a run which writes reports does not replace.

    It would be taken for that run's: somebody would sign what is no longer so.
    """
    for form, name in _VERDICTS.items():
        if how.folder is None or form in how.formats:
            continue
        stale = how.folder / name
        if not is_there(stale):
            continue
        aside = set_aside(stale)
        kept = "remove it" if aside is None else f"it is kept as {aside.name}"
        console.complain(f"{stale}: is of an earlier run, and this one writes none in its place; {kept}")
