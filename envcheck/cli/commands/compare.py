"""`envcheck compare`: the same comparison over saved evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck.cli.options import (
    DEFAULT_CONFIG,
    AgainstOption,
    BaselineOption,
    BriefOption,
    ConfigOption,
    FailOnNewOption,
    FailOnOption,
    FailOnUndecidedOption,
    FormatOption,
    JsonOption,
    OnlyDifferencesOption,
    QuietOption,
    ShowAllOption,
    folder_named,
    is_given,
    reports_named,
)
from envcheck.places import Location


def compare(
    context: typer.Context,
    paths: Annotated[
        list[Location],
        typer.Argument(
            parser=reports_named,
            metavar="PATH...",
            help="Evidence files, one report folder, or an earlier and a later one.",
        ),
    ],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    baseline: BaselineOption = None,
    formats: FormatOption = None,
    out_dir: Annotated[
        Location | None,
        typer.Option(
            "-o", "--out-dir", parser=folder_named, help="Write the comparison here; else to no file.", metavar="DIR"
        ),
    ] = None,
    json: JsonOption = False,
    fail_on: FailOnOption = None,
    only_differences: OnlyDifferencesOption = False,
    brief: BriefOption = False,
    show_all: ShowAllOption = False,
    against: AgainstOption = None,
    fail_on_new: FailOnNewOption = False,
    fail_on_undecided: FailOnUndecidedOption = False,
    any_order: Annotated[
        bool, typer.Option("--any-order", help="Take the runs in the order given, though the first is the later one.")
    ] = False,
    judge_latency: Annotated[
        bool, typer.Option("--judge-latency", help="Judge latencies, though the runs were at different times.")
    ] = False,
    quiet: QuietOption = False,
) -> int:
    """Compare saved evidence: files side by side, or one report folder with another; nothing is sent."""
    from envcheck.cli.jobs.compare import CompareOptions, compare_job
    from envcheck.cli.jobs.present import Presentation

    console = context.obj
    console.quiet = quiet
    how = Presentation.of(
        formats,
        console.variables,
        config=config,
        folder=out_dir,
        as_json=json,
        only_differences=only_differences,
        writes_evidence=False,
        brief=brief,
        show_all=show_all,
    )
    options = CompareOptions(
        paths=tuple(paths),
        config=config,
        config_is_given=is_given(context, "config"),
        baseline=baseline,
        fail_on=fail_on,
        against=against,
        only_new_count=fail_on_new,
        fail_on_undecided=fail_on_undecided,
        judge_latency=judge_latency,
        any_order=any_order,
    )
    return compare_job(console, how, options)
