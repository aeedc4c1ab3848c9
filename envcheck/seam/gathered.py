"""What is remembered of the names in one environment's replies, put together as they come.

A list of models may hold a hundred thousand, and other ones in every reply: each reply's own are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from envcheck.judge.names import Names
    from envcheck.seam.normalize import Reading

MOST_MORE: Final = 20_000
"""Names beyond those of the first reply, past which nothing is remembered of a fact: its list comes and goes, and is
judged by what is shown of it, as a saved one is."""


@dataclass(slots=True)
class Gathered:
    """The names of one environment, by the facts' full names."""

    _known: dict[str, Names | None] = field(default_factory=dict)
    """None for a fact with too many."""
    _most: dict[str, int] = field(default_factory=dict)

    def noted(self, probe: str, reading: Reading) -> Reading:
        """Take note of a reply's names, and give its reading without them, but for facts of one name."""
        reply = reading.reply
        if reply is None:
            return reading
        # What was learnt before a failure is held against nothing.
        for fact, names in reply.names.items() if reading.failure is None else ():
            self._note(f"{probe}.{fact}", names)
        alone = {fact: names for fact, names in reply.names.items() if names is not None and len(names.all) == 1}
        return replace(reading, reply=replace(reply, names=alone))

    def _note(self, full: str, names: Names | None) -> None:
        if names is None:
            self._known[full] = None
        elif full not in self._known:
            self._known[full] = names
            self._most[full] = len(names.all) + MOST_MORE
        elif (known := self._known[full]) is not None:
            both = known | names
            self._known[full] = both if len(both.all) <= self._most[full] else None

    def by_fact(self) -> Mapping[str, Names]:
        """Give what is remembered."""
        return {full: names for full, names in self._known.items() if names is not None}
