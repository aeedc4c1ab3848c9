"""`envcheck run`: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck.cli.options import (
    DEFAULT_CONFIG,
    DEFAULT_OUT_DIR,
    BaselineOption,
    BriefOption,
    ConfigOption,
    EnvFileOption,
    FailOnNewOption,
    FailOnOption,
    FailOnUndecidedOption,
    FormatOption,
    HistoryOption,
    JsonOption,
    OnlyDifferencesOption,
    ProbesOption,
    QuietOption,
    RunAgainstOption,
    ShardOption,
    ShowAllOption,
    VantageOption,
    days_or_never,
    duration_s,
    folder_named,
    number_or_auto,
)
from envcheck.model import DEFAULT_CONCURRENCY
from envcheck.places import Location


def run(
    context: typer.Context,
    environments: Annotated[
        list[str] | None, typer.Argument(metavar="ENVIRONMENT", help="Only these, and the baseline.")
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
    against: RunAgainstOption = None,
    history: HistoryOption = None,
    fail_on_new: FailOnNewOption = False,
    fail_on_undecided: FailOnUndecidedOption = False,
    changes_only: Annotated[
        bool,
        typer.Option(
            "--changes-only",
            help="Print nothing where nothing changed since the last run, and what changed before all else.",
        ),
    ] = False,
    remind: Annotated[
        str | None,
        typer.Option(
            "--remind",
            parser=days_or_never,
            help="With --changes-only: tell again so many days later what stands unchanged; never does not."
            " Default: 7d.",
            metavar="DAYS|never",
        ),
    ] = None,
    wait_for_lock: Annotated[
        float | None,
        typer.Option(
            "--wait-for-lock",
            parser=duration_s,
            help="Wait this long for another run that writes into the same folder.",
            metavar="TIME",
        ),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove the reports of environments that are gone from the file.")
    ] = False,
    vantage: VantageOption = None,
    shard: ShardOption = None,
    env_file: EnvFileOption = None,
    quiet: QuietOption = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Show made-up evidence: no network, no key, no file needed.")
    ] = False,
) -> int:
    """Probe the file's environments side by side, show what differs, write reports."""
    from envcheck.cli.jobs.changes import Reminding
    from envcheck.cli.jobs.present import Presentation
    from envcheck.cli.jobs.run import run_job
    from envcheck.cli.jobs.run_options import RunOptions
    from envcheck.cli.jobs.sample import show_sample
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
        config=None if sample else config,
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
        history=history,
    )
    options = RunOptions(
        config,
        overrides,
        concurrency,
        against,
        env_file,
        Waiting.of(wait, every),
        wait_for_lock or 0.0,
        prune,
        Reminding.of(remind, is_asked_for=changes_only),
        shard,
        vantage,
    )
    return show_sample(console, how, options) if sample else run_job(console, how, options)
