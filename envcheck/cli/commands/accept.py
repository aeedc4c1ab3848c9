"""`envcheck accept`: make known differences known to the file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from envcheck.cli.options import DEFAULT_CONFIG, DEFAULT_OUT_DIR, ConfigOption, reports_named
from envcheck.places import Location


def accept(
    context: typer.Context,
    *,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why these differences are known and fine.", metavar="WHY")
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out the entries that the comparison calls expired or unused.")
    ] = False,
    renew: Annotated[
        str | None,
        typer.Option(
            "--renew", help="Why entries that have expired, or soon will, hold on; with --expires.", metavar="WHY"
        ),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    from_: Annotated[
        Location,
        typer.Option(
            "--from", parser=reports_named, help="The comparison whose findings are accepted.", metavar="PATH"
        ),
    ] = DEFAULT_OUT_DIR,
    rules: Annotated[
        list[str] | None, typer.Option("--rule", help="Only findings of this rule; repeat for more.")
    ] = None,
    environments: Annotated[
        list[str] | None, typer.Option("--environment", help="Only findings in this environment; repeat for more.")
    ] = None,
    expires: Annotated[
        datetime | None, typer.Option("--expires", formats=["%Y-%m-%d"], help="The last day on which it holds.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change and write nothing.")] = False,
) -> int:
    """Write the last comparison's findings into [[accept]], showing the change first."""
    from envcheck.cli.jobs.accept import AcceptOptions, accept_job

    options = AcceptOptions(
        config=config,
        comparison=from_,
        reason=reason,
        rules=tuple(rules or ()),
        environments=tuple(environments or ()),
        expires=None if expires is None else expires.date(),
        prune=prune,
        renew=renew,
    )
    return accept_job(context.obj, options, dry_run=dry_run)
