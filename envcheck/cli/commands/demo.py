"""`envcheck demo`: the main job for someone who has no gateway."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck.cli.options import JsonOption, OnlyDifferencesOption, QuietOption, folder_named
from envcheck.places import Location


def demo(
    context: typer.Context,
    *,
    out_dir: Annotated[
        Location | None,
        typer.Option(
            "-o", "--out-dir", parser=folder_named, help="Write the reports here; else to no file.", metavar="DIR"
        ),
    ] = None,
    probes: Annotated[
        list[str] | None,
        typer.Option("--probes", help="Send these probes too, or sets of them, such as `deep`; repeat for more."),
    ] = None,
    json: JsonOption = False,
    only_differences: OnlyDifferencesOption = False,
    quiet: QuietOption = False,
) -> int:
    """Do the main job against small gateways on loopback that differ in known ways; exit 0 when all are found."""
    from envcheck.cli.jobs.demo import demo_job
    from envcheck.cli.jobs.present import Presentation

    console = context.obj
    console.quiet = quiet
    how = Presentation.of(None, {}, folder=out_dir, as_json=json, only_differences=only_differences)
    return demo_job(console, how, probes or ())
