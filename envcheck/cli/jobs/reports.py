"""Rendering a result in every format that was asked for, checking all of it, and only then writing any of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from envcheck.api import texts_of
from envcheck.cli.faults import tell_fault
from envcheck.errors import PluginError, ReportError
from envcheck.render import FORMATS
from envcheck.store import write_as_named, write_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Result
    from envcheck.places import Location

Report = tuple["Location", str]


@dataclass(slots=True)
class Rendered:
    """The reports that were made, and whether those of a plug-in's format are missing."""

    reports: list[Report] = field(default_factory=list)
    is_whole: bool = True


def reports_of(folder: Location, formats: Sequence[str], result: Result, console: Console) -> Rendered:
    """Make the files of each format whose texts are files; a plug-in that breaks costs its format's, and is told.

    Raises:
        LeakError: the tripwire found a known secret in one of ours.

    """
    rendered = Rendered()
    for form in (FORMATS[name] for name in formats):
        try:
            files = () if form.elsewhere else texts_of(form, result, console.check)
        except PluginError as error:
            tell_fault(console, error, where=f"; -f {form.name} has written nothing")
            rendered.is_whole = False
        else:
            rendered.reports += ((folder / file, text) for file, text in files)
    return rendered


def write_reports(reports: Sequence[Report], console: Console) -> bool:
    """Write them all, and say whether that went well; one that cannot be written does not keep back the others."""
    failures = write_files(reports)
    # What keeps one file from being written keeps most of them: for each reason the first says what, and how many more.
    by_reason: dict[str, list[Location]] = {}
    for failure in failures:
        by_reason.setdefault(failure.why, []).append(failure.path)
    for why, paths in by_reason.items():
        others = f" (and {len(paths) - 1} more like it)" if len(paths) > 1 else ""
        console.complain(f"{paths[0]}: {why}{others}")
    return not failures


def write_out(out: Path, report: str, console: Console) -> bool:
    """Write the one report that has a place of its own, and say whether that went well.

    Raises:
        LeakError: the tripwire found a known secret in it; it is not written.

    """
    console.check(report)
    try:
        write_as_named(out, report)
    except ReportError as error:
        console.complain(str(error))
        return False
    return True
