"""Rendering a result in every format that was asked for, checking all of it, and only then writing any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.errors import ReportError
from envcheck.render import FORMATS
from envcheck.store import write_as_named, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Result
    from envcheck.places import Location

Report = tuple["Location", str]


def reports_of(folder: Location, formats: Sequence[str], result: Result) -> Iterator[Report]:
    """Give the files of each format whose texts are files."""
    for form in (FORMATS[name] for name in formats):
        for file, text in () if form.elsewhere else form.files(result):
            yield folder / file, text


def write_reports(reports: Sequence[Report], console: Console) -> bool:
    """Write them all, and say whether that went well; one that cannot be written does not keep back the others.

    Raises:
        LeakError: the tripwire found a known secret in one of them; none is written.

    """
    for _, text in reports:
        console.check(text)
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
