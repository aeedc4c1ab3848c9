"""Showing a comparison: the same for `run`, `compare` and `demo`, so that they cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.choosing import formats_chosen
from envcheck.cli.jobs.elsewhere import add_to_step_summary, texts_elsewhere
from envcheck.cli.jobs.report_folder import without_stale_verdicts
from envcheck.cli.jobs.reports import Rendered, reports_of, write_reports
from envcheck.comparison import Result
from envcheck.errors import ExitCode
from envcheck.policy import NO_CHECKLIST
from envcheck.render import FORMATS, Place
from envcheck.render.checklist.items import with_checklist
from envcheck.render.json import document_of
from envcheck.render.terminal import brief, table
from envcheck.render.terminal.news import paragraph
from envcheck.store import COMPARISON_STEM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.changes import Changes
    from envcheck.cli.jobs.reports import Report
    from envcheck.cli.signals import Interruption
    from envcheck.comparison import Comparison
    from envcheck.evidence import Evidence
    from envcheck.past import Past
    from envcheck.places import Location
    from envcheck.policy import Rollout


_CHECKLIST: Final = "checklist"


@dataclass(frozen=True, slots=True)
class Presentation:
    """Where a result goes, and in which form."""

    as_json: bool
    only_differences: bool
    formats: tuple[str, ...]
    folder: Location | None
    """Where reports are written; None writes none."""
    folder_is_given: bool = False
    """Whether the user named the folder."""
    writes_evidence: bool = True
    """Whether each environment's report is written too, beside that of the comparison."""
    brief: bool = False
    """Whether the verdict and a line for each environment that is not the same stand in place of the table."""
    show_all: bool = False
    """Whether long differences are shown whole."""
    formats_are_given: bool = False
    """Whether the user named the formats."""
    rollout: Rollout = NO_CHECKLIST
    """What the file says of the checklist."""
    changes: Changes | None = None
    """Decides what is told where only changes are; None where the whole result is."""

    @classmethod
    def of(  # noqa: PLR0913 - by name, options of the command line
        cls,
        formats: Sequence[str] | None,
        variables: Mapping[str, str],
        *,
        config: Path | None = None,
        folder: Location | None,
        as_json: bool,
        only_differences: bool,
        folder_is_given: bool = True,
        writes_evidence: bool = True,
        brief: bool = False,
        show_all: bool = False,
    ) -> Presentation:
        """Put every report into one folder, in the formats that were chosen, else in those for where this runs.

        `config` is the file whose plug-ins may bring a format; None where there is none to go by.

        Raises:
            ConfigError: a format needs a package that is not there.

        """
        names = formats_chosen(formats, variables, config)
        if all(FORMATS[name].elsewhere for name in names):
            folder = None
        return cls(
            as_json,
            only_differences,
            names,
            folder,
            folder_is_given,
            writes_evidence,
            brief=brief,
            show_all=show_all,
            formats_are_given=bool(formats),
        )

    def of_rollout(self, rollout: Rollout) -> Presentation:
        """Go by what the file says of the checklist, which is written too where it asks for it and `-f` names none."""
        is_added = rollout.is_asked_for and not self.formats_are_given
        return replace(self, rollout=rollout, formats=(*self.formats, _CHECKLIST) if is_added else self.formats)

    def completed(self, comparison: Comparison, evidences: Sequence[Evidence]) -> Comparison:
        """Put the checklist in where somebody asks for one; a large fleet's is half as long as all that was found."""
        is_asked_for = self.rollout.is_asked_for or any(FORMATS[name].of_checklist for name in self.formats)
        return with_checklist(comparison, evidences, self.rollout) if is_asked_for else comparison


def present(  # noqa: PLR0913, PLR0917 - all that a result is shown by
    console: Console,
    how: Presentation,
    comparison: Comparison,
    evidences: Sequence[Evidence],
    interruption: Interruption,
    past: Past | None = None,
) -> ExitCode:
    """Write the reports and print the result; give the exit code of the whole.

    `past` is what is known of the nights before, for the formats that show them. A signal meanwhile does not keep
    anything from being written: it only decides the exit code.

    Raises:
        LeakError: the tripwire found a secret in some of it; none of it is written or printed.

    """
    comparison = how.completed(comparison, evidences)
    shown = _told(console, how, comparison, evidences)
    console.check(shown)
    result = Result(evidences, comparison, past)
    elsewhere = texts_elsewhere(how.formats, result)
    for text in elsewhere.values():
        console.check(text)
    if how.writes_evidence:
        without_stale_verdicts(console, how)
    of_each, of_all = _reports(how, result, console)
    reports = [*of_each.reports, *of_all.reports]
    if reports:
        interruption.stands = "each report that is there is whole, others may be missing"
    all_written = write_reports(reports, console) and of_each.is_whole and of_all.is_whole
    if Place.STEP_SUMMARY in elsewhere:
        all_written &= add_to_step_summary(elsewhere[Place.STEP_SUMMARY], console)
    if reports and all_written:
        interruption.stands = "all reports are written, and what was to be printed may be cut"
    console.result(shown)
    if shown and not how.as_json:
        console.result(elsewhere.get(Place.STDOUT, ""))
    if reports and all_written:
        console.note(f"reports: {_where(of_each.reports, of_all.reports)}")
    if interruption.code is not None:
        console.complain(f"{interruption.code.name.lower()} when all had been probed: the result stands, as shown")
        return interruption.code
    if not all_written:
        return ExitCode.NOT_WRITTEN
    return ExitCode(comparison.summary.exit_code)


def _told(console: Console, how: Presentation, comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    """Give what is printed: all of it, or nothing where only changes are told and there is none."""
    news = None if how.changes is None else how.changes.news_in(comparison)
    if news is not None and news.is_silent:
        return ""
    shown = _shown(console, how, comparison, evidences)
    if news is None or how.as_json:
        return shown
    return f"{paragraph(news, comparison, width=console.width)}\n{shown}"


def _shown(console: Console, how: Presentation, comparison: Comparison, evidences: Sequence[Evidence]) -> str:
    if how.as_json:
        return document_of(comparison)
    if how.brief:
        return brief.render(comparison, width=console.width, color=console.colour)
    return table.render(
        comparison,
        evidences,
        width=console.width,
        color=console.colour,
        only_differences=how.only_differences,
        show_all=how.show_all,
        whole_in=f"{COMPARISON_STEM}.json" if how.folder is not None and "json" in how.formats else None,
    )


def _reports(how: Presentation, result: Result, console: Console) -> tuple[Rendered, Rendered]:
    """Give the reports of the formats that have one of each environment, and those of all others."""
    if how.folder is None:
        return Rendered(), Rendered()
    named = [name for name in how.formats if FORMATS[name].of_each]
    others = [name for name in how.formats if name not in named]
    written = result if how.writes_evidence else replace(result, evidences=())
    return reports_of(how.folder, named, written, console), reports_of(how.folder, others, result, console)


def _where(of_each: Sequence[Report], of_all: Sequence[Report]) -> str:
    """Name the reports of the run as a whole, and count the others."""
    main = [str(path) for path, _ in of_each if path.stem == COMPARISON_STEM]
    others = len(of_each) - len(main)
    main += [str(path) for path, _ in of_all]
    return f"{', '.join(main)}{f', and {others:,} of single environments' if others else ''}"
