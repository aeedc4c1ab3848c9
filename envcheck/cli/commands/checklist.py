"""`envcheck checklist`: what somebody signs before a rollout, of saved reports."""

from __future__ import annotations

from typing import Annotated

import typer

from envcheck.cli.options import DEFAULT_OUT_DIR, reports_named
from envcheck.places import Location


def checklist(
    context: typer.Context,
    folder: Annotated[
        Location,
        typer.Argument(parser=reports_named, metavar="[DIR]", help="A report folder, or its comparison.json."),
    ] = DEFAULT_OUT_DIR,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON in place of Markdown.")] = False,
) -> int:
    """Print the checklist of saved reports; exit 0 when it is ready, 3 when it is not."""
    from envcheck.cli.jobs.checklist import checklist_job

    return checklist_job(context.obj, folder, as_json=json)
