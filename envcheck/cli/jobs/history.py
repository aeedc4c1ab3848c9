"""Looking back over the nights that a history keeps: one reading, shown as text, JSON, a table or a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from envcheck.cli.jobs.inputs import config_there
from envcheck.cli.jobs.reports import write_out
from envcheck.config import read_judging
from envcheck.config.problems import suggestion
from envcheck.errors import ConfigError, ExitCode
from envcheck.history import known_in, opened_to_read, past_of
from envcheck.policy import Policy
from envcheck.render.history import csv_of, document_of, text_of
from envcheck.store import try_as_named

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.history import History
    from envcheck.past import Past


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """What the command line says about what is looked at, and how it is shown."""

    environments: tuple[str, ...]
    """None named is all of them."""
    fields: tuple[str, ...]
    """The same."""
    since: timedelta | date | None
    as_json: bool
    as_csv: bool
    html: Path | None
    history: Path | None
    """None where neither an option nor a variable names it."""
    config: Path
    config_is_given: bool
    """Whether the user named the file, so that it has to be there."""


def history_job(console: Console, options: HistoryOptions) -> ExitCode:
    """Show what changed, what failed and what got slower.

    Raises:
        ConfigError: there is no history, or nothing in it of what was asked for.
        ReportError: it cannot be read, or the page cannot be written.

    """
    raise NotImplementedError
