"""`envcheck compare`: the same comparison over saved evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from envcheck.cli.options import (
    AgainstOption,
    BaselineOption,
    BriefOption,
    FailOnNewOption,
    FailOnOption,
    FormatOption,
    JsonOption,
    OnlyDifferencesOption,
    QuietOption,
    ShowAllOption,
)


def compare(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH PATH...", help="Evidence files, or two report folders.")],
    *,
    config: Annotated[
        Path | None, typer.Option("-c", "--config", help="Judge by this file's [compare] and [[accept]].")
    ] = None,
    baseline: BaselineOption = None,
    formats: FormatOption = None,
    out_dir: Annotated[
        Path | None, typer.Option("-o", "--out-dir", help="Write the comparison here; else to no file.", metavar="DIR")
    ] = None,
    json: JsonOption = False,
    fail_on: FailOnOption = None,
    only_differences: OnlyDifferencesOption = False,
    brief: BriefOption = False,
    show_all: ShowAllOption = False,
    against: AgainstOption = None,
    fail_on_new: FailOnNewOption = False,
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
        baseline=baseline,
        fail_on=fail_on,
        against=against,
        only_new_count=fail_on_new,
        judge_latency=judge_latency,
    )
    return compare_job(console, how, options)
