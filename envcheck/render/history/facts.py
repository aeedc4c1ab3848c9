"""A fact that became another one, in words for one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.escape import for_terminal
from envcheck.render.words import ARROW, ELLIPSIS, in_words, value_in_words

if TYPE_CHECKING:
    from envcheck.past import Fact, FactChange

_MOST_MEMBERS: Final = 8


def fact_in_words(change: FactChange) -> str:
    """Say what a set lost and gained, `-o3 +o4-mini`, and of any other fact what it was and is."""
    members = [*(f"-{each}" for each in change.removed), *(f"+{each}" for each in change.added)]
    if not members:
        return f"{_said(change.before)} {ARROW} {_said(change.after)}"
    more = len(members) - _MOST_MEMBERS
    told = " ".join(map(for_terminal, members[:_MOST_MEMBERS]))
    return f"{told} {ELLIPSIS} and {more:,} more" if more > 0 else told


def _said(fact: Fact) -> str:
    if isinstance(fact, tuple):
        return for_terminal(in_words(fact, _MOST_MEMBERS)) or "none"
    return "none" if fact is None else for_terminal(value_in_words(fact))
