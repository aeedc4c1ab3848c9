"""What time it is for a comparison, said so that a result is never lost over it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def now() -> datetime:
    """Give the moment, in UTC and whole seconds, as records and comparisons write it."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """Give the day that it is here, by which accepts expire."""
    return day_here(datetime.now(UTC))


def day_here(moment: datetime) -> date:
    """Give the day that a moment is on here; the day in UTC where `TZ` names no zone there can be."""
    try:
        return moment.astimezone().date()
    except (ValueError, OverflowError, OSError):  # ValueError: a day or more away from UTC, as TZ=XYZ+25 says
        return moment.astimezone(UTC).date()
