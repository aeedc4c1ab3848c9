"""Accepting known differences: the last comparison's findings become entries of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.accept import accepts_for, add_accepts, diff
from envcheck.cli.jobs.dates import today
from envcheck.cli.signals import wound_up_when_signalled
from envcheck.config import check_text
from envcheck.config.toml_text import text_of
from envcheck.errors import ConfigError, ExitCode
from envcheck.store import edit_text, load_comparison

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from envcheck.cli.console import Console


@dataclass(frozen=True, slots=True)
class AcceptOptions:
    """What the command line says about what to accept."""

    config: Path
    comparison: Path
    reason: str
    rules: tuple[str, ...]
    environments: tuple[str, ...]
    expires: date | None


def accept_job(console: Console, options: AcceptOptions, *, dry_run: bool) -> ExitCode:
    """Show the change to the file, then make it."""
    if not options.reason.strip():
        raise ConfigError("--reason: say why; it is shown with the difference from now on")
    if options.expires is not None and options.expires < today():
        raise ConfigError("--expires: is a day that has passed, so the entries would do nothing")
    before = text_of(options.config)
    accepts = accepts_for(
        load_comparison(options.comparison),
        reason=options.reason,
        expires=options.expires,
        rules=options.rules,
        environments=options.environments,
    )
    after = add_accepts(before, accepts)
    if after == before:
        console.complain(f"{options.config}: has all of this already; nothing to change")
        return ExitCode.OK
    check_text(after, folder=options.config.parent)  # before it is shown: a reason may hold what must not be
    console.result(diff(before, after, console.shown(str(options.config))))
    if dry_run:
        return ExitCode.OK
    with wound_up_when_signalled() as interruption:
        edit_text(options.config, after)
    console.complain(f"{options.config}: accepts are written; `envcheck run` shows them as accepted from now on")
    return interruption.code or ExitCode.OK
