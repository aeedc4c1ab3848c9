"""Which of many names need a closer look: one pass over all of them together, for lists of tens of thousands."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from envcheck.redact import matching
from envcheck.redact.known import MIN_GRAM
from envcheck.redact.normal import normalised
from envcheck.redact.opaque import ID_PREFIXES, is_no_word, is_odd, is_opaque
from envcheck.redact.tripwire import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from envcheck.redact.known import Known
    from envcheck.redact.readings import Span

MAX_ORDINARY: Final = 96
_SIMPLE: Final = re.compile(
    rf"(?!(?:sk|{ID_PREFIXES})[-_])[A-Za-z0-9]+(?:(?:[-_./:@]|\[\]\.?)[A-Za-z0-9]+){{0,15}}(?:\[\])?"
)
_PIECES: Final = re.compile(r"[A-Za-z0-9]+")
MAX_READ: Final = 2048
"""Characters of a list that are read in every way together; of a longer one only the plain reading is looked at."""
MIN_TOGETHER: Final = 6
"""In a list of thousands of names, four or five characters of a key come together by chance."""

# Short words, sizes, versions and dates, held together by what holds a model's name together: nothing that any layer
# would look at twice.
_PIECE: Final = (
    r"(?:[a-z]{1,8}|[A-Z][a-z]{0,7}|[A-Z]{1,8}|[0-9]{1,8}|[A-Za-z][a-z]{0,4}[0-9]{1,3}|[0-9]{1,4}[A-Za-z]{1,3})"
)
_ORDINARY: Final = re.compile(rf"(?!(?:sk|{ID_PREFIXES})[-_]){_PIECE}(?:[-_./:]{_PIECE}){{0,11}}")


def _is_of_words(name: str) -> bool:
    """Whether a name is made of pieces of which no layer would take any out: slower, and it knows longer words."""
    return bool(_SIMPLE.fullmatch(name)) and all(map(_is_plain, _PIECES.findall(name)))


@lru_cache(maxsize=65536)
def _is_plain(piece: str) -> bool:
    return not (is_opaque(piece) or is_odd(piece) or is_no_word(piece))


class Listing:
    """Names that stand together in one report, and what is known that none of them may give away."""

    def __init__(self, names: Sequence[str], knowledge: tuple[Known, ...]) -> None:
        self._names = names
        self._knowledge = tuple(known for known in knowledge if known)
        self._skeletons = [folded(name) for name in names] if self._knowledge else []
        self._ends = list(accumulate(map(len, self._skeletons)))

    def suspicious(self) -> set[int]:
        """Give the positions of the names that need a closer look."""
        closer = {
            position
            for position, name in enumerate(self._names)
            if len(name) > MAX_ORDINARY or not (_ORDINARY.fullmatch(name) or _is_of_words(name))
        }
        for span in self._hints:
            closer.update(self._names_in(*span))
        for known in self._knowledge:
            fronts = known.fronts
            closer.update(i for i, each in enumerate(self._skeletons) if each[:MIN_GRAM] in fronts)
        return closer

    def lost_together(self, safe: Sequence[str]) -> set[int]:
        """Give the positions of names that spell a part of a secret with those beside them.

        Each of `safe` is harmless by itself. The names as they were are looked at too, for a piece of a secret may have
        been taken out of the name beside it and not of this one.
        """
        if not self._knowledge:
            return set()
        if self._is_long:
            return self.crossing()
        lost = {name for names in self._read(safe) for name in names}
        return lost if list(safe) == list(self._names) else lost | self.crossing()

    def crossing(self) -> set[int]:
        """Give the positions of names over which one secret, or a part of one, is spread."""
        if not self._knowledge:
            return set()
        if self._is_long:
            spans = [span for span in self._hints if span[1] - span[0] >= MIN_TOGETHER]
            return {name for span in spans if len(found := self._names_in(*span)) > 1 for name in found}
        plain = [normalised(name) for name in self._names]
        return {name for names in self._read(plain) if len(names) > 1 for name in names}

    @property
    def _is_long(self) -> bool:
        return sum(map(len, self._names)) > MAX_READ

    @cached_property
    def _hints(self) -> list[Span]:
        whole = b"".join(self._skeletons)
        text = whole.decode("ascii")
        return [
            span
            for known in self._knowledge
            for span in (*known.disguises.positions(whole), *matching.hints(known, text))
        ]

    def _names_in(self, start: int, end: int) -> range:
        return range(bisect_right(self._ends, start), bisect_right(self._ends, end - 1) + 1)

    def _read(self, names: Sequence[str]) -> Iterator[set[int]]:
        """Read the list as one text: as it was served, and as a report sorts it. Give the names of each thing found."""
        positions = range(len(names))
        for order in dict.fromkeys((tuple(positions), tuple(sorted(positions, key=names.__getitem__)))):
            text = "\n".join(names[position] for position in order)
            ends = list(accumulate(len(names[position]) + 1 for position in order))
            for known in self._knowledge:
                for start, end in matching.spans(known, text, in_prose=False):
                    yield {order[i] for i in range(bisect_right(ends, start), bisect_right(ends, end - 1) + 1)}
