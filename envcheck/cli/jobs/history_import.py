"""Keeping the runs of report folders in a history, as when it was lost or begins late."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from envcheck.cli.jobs.inputs import counted, is_of_its_reports
from envcheck.errors import ConfigError, EvidenceError, ExitCode
from envcheck.history import keep, opened
from envcheck.paths import Found, found_at
from envcheck.store import load_comparison, load_record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence


class _Run(NamedTuple):
    comparison: Comparison
    evidences: Sequence[Evidence]


def import_job(console: Console, history: Path, folders: Sequence[Path]) -> ExitCode:
    """Keep the run of each folder, the oldest first; one that is there already is left as it is.

    Raises:
        ConfigError: one of these is no folder; nothing is kept.
        ReportError: the history cannot be written; what was kept before stays.

    """
    wrong = [folder for folder in folders if found_at(folder) is not Found.FOLDER]
    if wrong:
        raise ConfigError([f"{folder}: is no folder; name folders that `envcheck run` wrote" for folder in wrong])
    runs = [run for folder in folders if (run := _run_in(folder, console)) is not None]
    runs.sort(key=lambda run: run.comparison.generated_at)
    with opened(history) as opened_history:
        new = sum(keep(opened_history, *run, check=console.check) for run in runs)
    there = len(runs) - new
    console.result(
        f"{history}: {counted(new, 'run')} imported{f', {there} left: there already, or made up' if there else ''}\n"
    )
    return ExitCode.OK if len(runs) == len(folders) else ExitCode.INCONCLUSIVE


def _run_in(folder: Path, console: Console) -> _Run | None:
    """Read the run of a folder; None where it cannot be, which is told."""
    try:
        comparison = load_comparison(folder)
        evidences = [load_record(folder / f"{name}.json") for name in comparison.environments]
    except (ConfigError, EvidenceError) as error:
        console.complain(*(f"{sentence}; this run is left out" for sentence in error.sentences))
        return None
    if not is_of_its_reports(folder, comparison):
        console.complain(f"{folder}: its comparison is of another run than the reports beside it; this run is left out")
        return None
    return _Run(comparison, evidences)
