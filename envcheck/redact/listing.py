"""Which of many names need a closer look: one pass over all of them together, for lists of tens of thousands."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from envcheck.redact import matching
from envcheck.redact.known import MIN_GRAM
from envcheck.redact.opaque import ID_PREFIXES
from envcheck.redact.tripwire import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.redact.known import Known

MAX_ORDINARY: Final = 96

# Short words, sizes, versions and dates, held together by what holds a model's name together: nothing that any layer
# would look at twice.
_PIECE: Final = (
    r"(?:[a-z]{1,8}|[A-Z][a-z]{0,7}|[A-Z]{1,8}|[0-9]{1,8}|[A-Za-z][a-z]{0,4}[0-9]{1,3}|[0-9]{1,4}[A-Za-z]{1,3})"
)
_ORDINARY: Final = re.compile(rf"(?!(?:sk|{ID_PREFIXES})[-_]){_PIECE}(?:[-_./:]{_PIECE}){{0,11}}")


def suspicious(names: Sequence[str], knowledge: tuple[Known, ...]) -> tuple[set[int], frozenset[int]]:
    """Give the positions of names that need a closer look, and of those that together spell a known secret."""
    closer = {
        position for position, name in enumerate(names) if len(name) > MAX_ORDINARY or not _ORDINARY.fullmatch(name)
    }
    lost: set[int] = set()
    if any(knowledge):
        skeletons = [folded(name) for name in names]
        ends = list(accumulate(map(len, skeletons)))
        joined = b"".join(skeletons)
        text = joined.decode("ascii")
        for known in knowledge:
            for start, end in known.disguises.positions(joined):
                between = range(bisect_right(ends, start), bisect_right(ends, end - 1) + 1)
                closer.update(between)
                if len(between) > 1:
                    lost.update(between)
            closer.update(bisect_right(ends, start) for start in matching.hints(known, text))
            fronts = known.fronts()
            closer.update(i for i, skeleton in enumerate(skeletons) if skeleton[:MIN_GRAM].decode() in fronts)
    return closer, frozenset(lost)
