"""What a run may write into a folder of reports: nothing that lets an earlier one say what is not so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.inputs import counted
from envcheck.paths import Found, found_at
from envcheck.store import COMPARISON_STEM, comparison_in, set_aside

if TYPE_CHECKING:
    from collections.abc import Collection

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation

_JSON: Final = "json"


def spared(console: Console, how: Presentation, environments: Collection[str], *, is_tracked: bool) -> Presentation:
    """Write no reports into the default folder where they would take the place of what a nightly run goes by.

    That is where this run probes only some of the environments that the folder's comparison covers, or is not held
    against an earlier one although that comparison was. A folder that the user names with `-o` is the user's choice.
    """
    if how.folder is None or how.folder_is_given:
        return how
    there = comparison_in(how.folder)
    if there is None:
        return how
    missing = set(there.environments).difference(environments)
    if missing:
        why = f"covers {counted(len(there.environments), 'environment')}, and this run probes {len(environments)}"
    elif there.is_tracked and not is_tracked:
        why = "is what a run with --against goes by, and this run has no --against"
    else:
        return how
    console.complain(f"{how.folder}: its comparison {why}; no reports are written, name a folder with -o for them")
    return replace(how, folder=None)


def without_stale_comparison(console: Console, how: Presentation) -> None:
    """Set a comparison aside that this run does not replace: it would be taken for this run's."""
    if how.folder is None or _JSON in how.formats:
        return
    stale = how.folder / f"{COMPARISON_STEM}.json"
    if found_at(stale) is Found.NOTHING:
        return
    aside = set_aside(stale)
    if aside is not None:
        console.complain(f"{stale}: is of an earlier run and no report of this one; it is kept as {aside.name}")
