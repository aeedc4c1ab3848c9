"""`envcheck history`: what happened over the nights that were kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from envcheck.cli.options import (
    DEFAULT_CONFIG,
    ConfigOption,
    QuietOption,
    file_named,
    first_day,
    history_named,
    is_given,
)


def history(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ENVIRONMENT | import DIR",
            help="Only these environments; or `import`, and report folders whose runs are to be kept too.",
        ),
    ] = None,
    *,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", help="Only this fact, latency or outcome; repeat for more.", metavar="PROBE.FACT"),
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            "--since",
            parser=first_day,
            help="Only from then on: 90d, 12w, or a day such as 2026-11-18.",
            metavar="DAYS|DATE",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON in place of text.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values in place of text.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", parser=file_named, help="Write a page here, and print nothing.", metavar="FILE"),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history",
            envvar="ENVCHECK_HISTORY",
            parser=history_named,
            help="The file in which every run is kept. Default: [history] path of the configuration file.",
            metavar="FILE",
        ),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    quiet: QuietOption = False,
) -> int:
    """Show what changed, what failed and what got slower over the nights that were kept; nothing is sent."""
    from envcheck.cli.jobs.history import Form, HistoryOptions, history_job

    console = context.obj
    console.quiet = quiet
    forms = ((Form.JSON, json), (Form.CSV, csv), (Form.PAGE, html is not None))
    options = HistoryOptions(
        words=tuple(words or ()),
        fields=tuple(fields or ()),
        since=since,
        forms=tuple(form for form, is_wanted in forms if is_wanted),
        page=html,
        history=history,
        config=config,
        config_is_given=is_given(context, "config"),
    )
    return history_job(console, options)
