"""`--changes-only`: a run that prints nothing where nothing changed, and what changed before all else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.compare.news import news_of
from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date

    from envcheck.comparison import Comparison
    from envcheck.comparison.news import Known, News

DEFAULT_REMIND_DAYS: Final = 7


class Reminding(NamedTuple):
    """What the command line says of a run that tells only changes."""

    after_days: int | None
    """So long after it was first seen, and each time again, what stands unchanged is told; None for never."""

    @classmethod
    def of(cls, remind: int | str | None, *, is_asked_for: bool) -> Reminding | None:
        """Give what is asked for; None where the whole result is.

        Raises:
            ConfigError: it says when to tell again what is never left out.

        """
        if not is_asked_for:
            if remind is not None:
                raise ConfigError("--remind: nothing is left out that could be told again; add --changes-only")
            return None
        if isinstance(remind, str):
            return cls(None)
        return cls(DEFAULT_REMIND_DAYS if remind is None else remind)


@dataclass(frozen=True, slots=True)
class Changes:
    """What decides which changes a run has to tell."""

    reminding: Reminding
    known: Known
    """What earlier runs found."""
    today: date

    def news_in(self, comparison: Comparison) -> News:
        """Give what there is to tell of this run's result."""
        return news_of(comparison, self.known, today=self.today, remind_days=self.reminding.after_days)


def changes_since(known: Known, reminding: Reminding | None, day: date) -> Changes | None:
    """Tell only what changed since the earlier runs; None where all is told.

    Args:
        known: what earlier runs found.
        reminding: what the command line says; None where it asks for all.
        day: the day of the run.

    """
    return None if reminding is None else Changes(reminding, known, day)
