"""The nights before a run, for the page that shows them beside what was found tonight."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from envcheck.api.dates import now
from envcheck.errors import EnvcheckError, LeakError
from envcheck.history import Asked, environments_in, opened_to_read, past_of
from envcheck.render.history import document_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.present import Presentation
    from envcheck.config import Config
    from envcheck.past import Past

NIGHTS: Final = timedelta(days=60)
_PAGE: Final = "html"


def nights_before(console: Console, how: Presentation, plan: Config) -> Past | None:
    """Look back on the environments of a run where a page is written and runs are kept.

    A history that cannot be read, or is not there yet, has been told of by whoever read it first, and costs the page
    its nights alone.
    """
    path = plan.keeping.path
    if path is None or how.folder is None or _PAGE not in how.formats:
        return None
    try:
        past = _past(path, [each.name for each in plan.environments], plan.policy.latency_floor_ms)
        console.check(document_of(past))
    except LeakError:
        console.complain(f"{path}: holds a key of this run in a night before, so the page shows no nights")
        return None
    except EnvcheckError:
        return None
    return past if past.days else None


def _past(path: Path, names: Collection[str], latency_floor_ms: float) -> Past:
    with opened_to_read(path) as history:
        known = frozenset(environments_in(history))
        environments = [name for name in names if name in known]
        return past_of(history, Asked(environments, latency_floor_ms, since=now().date() - NIGHTS))
