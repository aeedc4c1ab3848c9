"""Texts of a format that are no reports: for the page that a CI shows of a step, and for its log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from envcheck.errors import ReportError
from envcheck.render import FORMATS, Place
from envcheck.store import append_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.cli.console import Console
    from envcheck.comparison import Result

STEP_SUMMARY_VARIABLE: Final = "GITHUB_STEP_SUMMARY"
"""The path of the page: https://docs.github.com/actions/reference/workflows-and-actions/variables"""
_REMEDY: Final = f"look at the disk, or unset {STEP_SUMMARY_VARIABLE}"


def texts_elsewhere(formats: Sequence[str], result: Result) -> dict[Place, str]:
    """Give what each place is to be told; nothing for one that no format has anything for."""
    said = dict.fromkeys(Place, "")
    for form in (FORMATS[name] for name in formats):
        for name, text in form.files(result) if form.elsewhere else ():
            said[form.elsewhere[name]] += text
    return {place: text for place, text in said.items() if text}


def add_to_step_summary(text: str, console: Console) -> bool:
    """Add to the step's page where there is one, and say whether that went well."""
    page = console.variables.get(STEP_SUMMARY_VARIABLE)
    if not page:
        return True
    try:
        append_text(Path(page), text, remedy=_REMEDY)
    except ReportError as error:
        console.complain(f"{STEP_SUMMARY_VARIABLE}: {error}")
        return False
    return True
