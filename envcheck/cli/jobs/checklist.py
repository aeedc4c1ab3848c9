"""The checklist of saved reports, printed, with an exit code that a pipeline can wait at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.cli.jobs.inputs import is_of_its_reports
from envcheck.errors import ConfigError, EvidenceError, ExitCode
from envcheck.paths import Found
from envcheck.policy import NO_CHECKLIST
from envcheck.render.checklist.document import document_of
from envcheck.render.checklist.items import with_checklist
from envcheck.render.checklist.page import is_ready, page_of
from envcheck.store import COMPARISON_STEM, found_in, load_comparison

if TYPE_CHECKING:
    from envcheck.cli.console import Console
    from envcheck.comparison import Comparison
    from envcheck.places import Location


def checklist_job(console: Console, path: Location, *, as_json: bool) -> ExitCode:
    """Print the checklist that a comparison holds; of one that holds none, what can be made of its rows and findings.

    Raises:
        ConfigError: there is no comparison.
        EvidenceError: it cannot be read, or is of another run than the reports beside it.

    """
    comparison = _saved(path)
    if comparison.checklist_head is None:
        console.complain(
            f"{path}: holds no checklist; this one is made of its rows and findings, as far as these go (`envcheck run"
            " -f checklist -f json`, or a [checklist] in the file, has a run save its own)"
        )
        comparison = with_checklist(comparison, (), NO_CHECKLIST)
    console.result(document_of(comparison) if as_json else page_of(comparison))
    return ExitCode.OK if is_ready(comparison.checklist) else ExitCode.DIFFERS


def _saved(path: Location) -> Comparison:
    is_folder = found_in(path) is Found.FOLDER
    if found_in(path / f"{COMPARISON_STEM}.json" if is_folder else path) is Found.NOTHING:
        raise ConfigError(f"{path}: holds no comparison; `envcheck run` writes one, or name another folder")
    comparison = load_comparison(path)
    if is_folder and not is_of_its_reports(path, comparison):
        raise EvidenceError(f"{path}: its comparison is of another run than the reports beside it; run again")
    return comparison
