"""Open files, held against this machine's limit before anything is sent: what it lacks is no gateway's fault."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

from envcheck.errors import ConfigError

_FILES_EACH: Final = 2
"""A connection, and beside it what a look-up of its name, or a try of its host's second address, has open."""
_RESERVE: Final = 24
"""The event loop's own, a report that is written, an authority's file that is read."""
_OPEN_ALREADY: Final = Path("/dev/fd")
_USUALLY_OPEN: Final = 16
"""Where the system does not list them."""


def make_room(at_once: int, *, connections: int = 1, option: str | None = None) -> None:
    """See to it that so many environments can be open at once, and raise the soft limit for that.

    Args:
        at_once: how many are going to be open at the same time.
        connections: how many connections each of them has at the most.
        option: the one that lowers that number, where there is one.

    Raises:
        ConfigError: the limit that this process may not raise is too low; the sentence says what would fit.

    """
    taken = _open_already() + _RESERVE
    each = _FILES_EACH * connections
    needed = taken + each * at_once
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _allows(soft, needed):
        return
    if _allows(hard, needed):
        with suppress(OSError, ValueError):  # some systems have a limit below the one that they tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
            return
    fitting = (soft - taken) // each
    lower = f"use {option} {fitting}, or " if option is not None and fitting > 0 else ""
    raise ConfigError(
        f"{at_once} environments at once need up to {needed} open files, and this process may have {soft};"
        f" {lower}raise the limit with `ulimit -n {needed}`; nothing was sent"
    )


def _allows(limit: int, needed: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= needed


def _open_already() -> int:
    try:
        return sum(1 for _ in _OPEN_ALREADY.iterdir())
    except OSError:
        return _USUALLY_OPEN
