"""`envcheck merge`: the shards of one run, put together."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from envcheck.cli.options import (
    AgainstOption,
    BriefOption,
    FailOnNewOption,
    FailOnOption,
    FailOnUndecidedOption,
    FormatOption,
    JsonOption,
    OnlyDifferencesOption,
    QuietOption,
    ShowAllOption,
    duration_s,
    folder_named,
    reports_named,
)
from envcheck.places import Location

_TWELVE_HOURS: Final = "12h"


def merge(
    context: typer.Context,
    folders: Annotated[
        list[Location],
        typer.Argument(parser=reports_named, metavar="DIR...", help="The report folder of each shard."),
    ],
    *,
    formats: FormatOption = None,
    out_dir: Annotated[
        Location | None,
        typer.Option(
            "-o",
            "--out-dir",
            parser=folder_named,
            help="Write the comparison of all, and each environment's report, here; else to no file.",
            metavar="DIR",
        ),
    ] = None,
    json: JsonOption = False,
    within: Annotated[
        float,
        typer.Option(
            "--within",
            parser=duration_s,
            help="Leave out a shard that ended so much earlier than the last one: it is of an earlier run.",
            metavar="DURATION",
        ),
    ] = _TWELVE_HOURS,  # type: ignore[assignment]  # typer parses the default as it would what is typed
    fail_on: FailOnOption = None,
    only_differences: OnlyDifferencesOption = False,
    brief: BriefOption = False,
    show_all: ShowAllOption = False,
    against: AgainstOption = None,
    fail_on_new: FailOnNewOption = False,
    fail_on_undecided: FailOnUndecidedOption = False,
    quiet: QuietOption = False,
) -> int:
    """Put the reports of all shards together into one comparison; exit 5 when one is missing. Nothing is sent."""
    from envcheck.cli.jobs.merge import MergeOptions, merge_job
    from envcheck.cli.jobs.present import Presentation

    console = context.obj
    console.quiet = quiet
    how = Presentation.of(
        formats,
        console.variables,
        folder=out_dir,
        as_json=json,
        only_differences=only_differences,
        brief=brief,
        show_all=show_all,
    )
    options = MergeOptions(
        folders=tuple(folders),
        within_s=within,
        fail_on=fail_on,
        against=against,
        only_new_count=fail_on_new,
        fail_on_undecided=fail_on_undecided,
    )
    return merge_job(console, how, options)
