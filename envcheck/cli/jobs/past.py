"""What the history knows of a run's environments before it begins, and the run kept there when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from envcheck.api.dates import day_here, now
from envcheck.cli.jobs.inputs import earlier_comparison
from envcheck.compare.news import known_from
from envcheck.comparison.news import Known
from envcheck.errors import ConfigError, LeakError, ReportError
from envcheck.history import (
    Question,
    asked_last,
    keep,
    known_before,
    last_comparison,
    last_evidence,
    nights_of,
    opened,
    pass_over_later,
    prune,
    with_tonight,
)
from envcheck.paths import Found, found_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.cli.jobs.run_options import RunOptions
    from envcheck.comparison import Comparison
    from envcheck.config import Config
    from envcheck.evidence import Evidence
    from envcheck.judge.trend import Nights
    from envcheck.places import Location


@dataclass(frozen=True, slots=True)
class Past:
    """What was known before a run."""

    earlier: Comparison | None = None
    """What an earlier run found, that findings are tagged against; None where there is none to go by."""
    itself_earlier: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))
    """By name, each environment as it was when it last answered."""
    nights: Sequence[Nights] = ()
    asked: Mapping[tuple[str, str], bytes] = field(default_factory=lambda: MappingProxyType({}))
    """What was asked in the last of them: see `envcheck.history.tonight`."""
    known: Known = Known()  # noqa: RUF009 - it is frozen
    """What decides which news there is."""
    is_told: bool = False
    """Whether the user knows already why there is nothing to go by."""
    is_broken: bool = False
    """Whether the history could not be read, so that it is not written either."""

    def nights_with(self, evidences: Sequence[Evidence]) -> Sequence[Nights]:
        """Give the nights and the one in hand; none where there were none before it."""
        return with_tonight(self.nights, self.asked, evidences) if self.nights else ()


_NOTHING: Final = Past()


def past_of(plan: Config, options: RunOptions, console: Console, *, into: Location | None) -> Past:
    """Give what a run is held against; a history that cannot be read is told, and costs the run nothing else.

    `into` is the folder that this run writes its own comparison into, if any.
    """
    question = Question([each.name for each in plan.environments], plan.is_partial, options.against is not None)
    past = _NOTHING if plan.keeping.path is None else _read(plan.keeping.path, question, options.vantage, console)
    if options.against is None:
        return replace(past, earlier=None, known=Known())
    if options.against.folder is not None:
        earlier = earlier_comparison(options.against.folder, console, into=into)
        known = Known() if earlier is None else known_from(earlier, day_here(earlier.generated_at))
        return replace(past, earlier=earlier, known=known)
    if past.earlier is None and not past.is_told:
        console.complain(
            f"--against last: {plan.keeping.path} holds no run yet, so this is the first one: nothing is called new or"
            " unchanged, and every finding counts"
        )
    return past


def _read(path: Path, question: Question, vantage: str | None, console: Console) -> Past:
    try:
        if found_at(path, option="--history") is Found.NOTHING:
            return _NOTHING
        with opened(path) as history:
            pass_over_later(history, now())
            past = Past(
                last_comparison(history, question),
                last_evidence(history, question),
                nights_of(history, question.environments),
                asked_last(history, question.environments),
                known_before(history, question.environments, day_here),
            )
        _refuse_another_place(path, past, vantage)
        for record in (past.earlier, *past.itself_earlier.values()):
            console.check("" if record is None else record.model_dump_json())
    except (ConfigError, ReportError) as error:
        console.complain(f"{error}; nothing is held against an earlier run there, and this one is not kept")
        return Past(is_told=True, is_broken=True)
    except LeakError:
        console.complain(f"{path}: holds a key of this run; nothing is held against an earlier run there")
        return Past(is_told=True)
    return past


def _refuse_another_place(path: Path, past: Past, vantage: str | None) -> None:
    """Refuse the nights of another vantage: what looks otherwise from there has not changed.

    Raises:
        ReportError: the history is of another vantage.

    """
    others = {each.vantage for each in past.itself_earlier.values()} - {vantage}
    if others:
        place = min(other or "no --vantage" for other in others)
        raise ReportError(
            f"{path}: has the runs of another place ({place}); name a history for each --vantage with --history"
        )


def kept(plan: Config, past: Past, comparison: Comparison, evidences: Sequence[Evidence], console: Console) -> bool:
    """Keep a run where runs are kept, and say whether all is well; what it found stands whatever comes of that.

    A history that could not be read has been told of already, and is not written.

    Raises:
        LeakError: the tripwire found a known secret; nothing is kept.

    """
    path = plan.keeping.path
    if path is None or past.is_broken:
        return not past.is_broken
    try:
        with opened(path) as history:
            keep(history, comparison, evidences, check=console.check, is_partial=plan.is_partial)
    except ReportError as error:
        console.complain(f"{error}; the run is not kept")
        return False
    _prune(path, plan.keeping.days, console)
    return True


def _prune(path: Path, days: int | None, console: Console) -> None:
    """Make the history smaller; where that fails it is larger than it should be, and no worse."""
    if days is None:
        return
    try:
        with opened(path) as history:
            prune(history, today=now().date(), keep_days=days)
    except ReportError as error:
        console.complain(f"warning: {error}; what is older than {days} days stays until another run")
