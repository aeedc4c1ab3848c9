"""`envcheck run`: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck.cli.options import (
    DEFAULT_CONFIG,
    DEFAULT_OUT_DIR,
    AgainstOption,
    BaselineOption,
    BriefOption,
    ConfigOption,
    EnvFileOption,
    FailOnNewOption,
    FailOnOption,
    FailOnUndecidedOption,
    FormatOption,
    JsonOption,
    OnlyDifferencesOption,
    ProbesOption,
    QuietOption,
    ShardOption,
    ShowAllOption,
    VantageOption,
    duration_s,
    folder_named,
    number_or_auto,
)
from envcheck.model import DEFAULT_CONCURRENCY
from envcheck.places import Location


def run(
    context: typer.Context,
    environments: Annotated[
        list[str] | None, typer.Argument(metavar="[ENVIRONMENT]...", help="Only these, and the baseline.")
    ] = None,
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    baseline: BaselineOption = None,
    skip_chat: Annotated[bool, typer.Option("--skip-chat", help="Send the `models` probe alone.")] = False,
    formats: FormatOption = None,
    out_dir: Annotated[
        Location | None,
        typer.Option(
            "-o", "--out-dir", parser=folder_named, help="Write the reports here. Default: reports.", metavar="DIR"
        ),
    ] = None,
    no_reports: Annotated[bool, typer.Option("--no-reports", help="Write no report files.")] = False,
    json: JsonOption = False,
    probes: ProbesOption = None,
    samples: Annotated[
        str | None,
        typer.Option(
            "--samples",
            parser=number_or_auto,
            help="Latency samples of each probe, judged from 5 on; auto takes as many as the environments need.",
            metavar="N|auto",
        ),
    ] = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", help="Deadline of each request, in seconds.", metavar="SECONDS")
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, help="How many environments are opened at the same time.")
    ] = DEFAULT_CONCURRENCY,
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait",
            parser=duration_s,
            help="Probe again until nothing counts, for at most so long: 90, 90s, 10m, 1h. Only the last round is shown"
            " and written.",
            metavar="DURATION",
        ),
    ] = None,
    every: Annotated[
        float | None,
        typer.Option(
            "--every",
            parser=duration_s,
            help="With --wait: from the start of a round to that of the next. Default: 15s.",
            metavar="DURATION",
        ),
    ] = None,
    fail_on: FailOnOption = None,
    only_differences: OnlyDifferencesOption = False,
    brief: BriefOption = False,
    show_all: ShowAllOption = False,
    against: AgainstOption = None,
    fail_on_new: FailOnNewOption = False,
    fail_on_undecided: FailOnUndecidedOption = False,
    wait_for_lock: Annotated[
        float | None,
        typer.Option(
            "--wait-for-lock",
            parser=duration_s,
            help="Wait this long for another run that writes into the same folder.",
            metavar="TIME",
        ),
    ] = None,
    vantage: VantageOption = None,
    shard: ShardOption = None,
    env_file: EnvFileOption = None,
    quiet: QuietOption = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Show made-up evidence: no network, no key, no file needed.")
    ] = False,
) -> int:
    """Probe the file's environments side by side, show what differs, write reports."""
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.run import RunOptions, run_job, show_sample
    from envcheck.cli.jobs.waiting import Waiting
    from envcheck.config import Overrides

    console = context.obj
    console.quiet = quiet
    # What is made up must not lie among real reports unless it is put there.
    folder = out_dir if sample else out_dir or DEFAULT_OUT_DIR
    how = Presentation.of(
        formats,
        # Nor is it anything that a CI should show of a change.
        {} if sample else console.variables,
        folder=None if no_reports else folder,
        as_json=json,
        only_differences=only_differences,
        folder_is_given=out_dir is not None,
        brief=brief,
        show_all=show_all,
    )
    overrides = Overrides(
        environments=tuple(environments or ()),
        baseline=baseline,
        samples=samples,
        timeout_s=timeout,
        skip_chat=skip_chat,
        fail_on=fail_on,
        only_new_count=fail_on_new,
        fail_on_undecided=fail_on_undecided,
        probes=tuple(probes or ()),
    )
    options = RunOptions(
        config,
        overrides,
        concurrency,
        against,
        env_file,
        Waiting.of(wait, every),
        wait_for_lock or 0.0,
        shard,
        vantage,
    )
    return show_sample(console, how, options) if sample else run_job(console, how, options)
