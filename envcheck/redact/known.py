"""Layer 3: what is known to be secret is found in every reading of a text, whole or in part.

A secret is compared by its skeleton, its lower-case letters and digits, so that no separator, zero-width character or
change of case hides it, and by all runs of a few neighbours in it (n-grams), so that half of it is found too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import normalised
from envcheck.redact.readings import Reading, bare, decoded_readings, plain_readings
from envcheck.redact.readings import skeleton as skeleton_of_text
from envcheck.redact.vocabulary import WORDS, word_positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from envcheck.redact.secrets import Secret

Span = tuple[int, int]

STRONG: Final = 8
"""Fewer letters and digits cannot be told from ordinary words: such a value is only looked for whole."""
KEY_GRAM: Final = 8
MIN_GRAM: Final = 4
DECODED_GRAM: Final = 6
"""Decoding ordinary words gives random letters, among which four or five of a key may come together by chance."""
PROSE_GRAM: Final = 16
"""About four words: fewer in common with a prompt mean nothing."""
PROSE_LIMIT: Final = 64 * 1024
NOVEL: Final = 3
"""How many characters of a gram must be no part of an ordinary word."""
FRAGMENT: Final = 3
"""The shortest word that can be a piece of a secret."""
FRAGMENT_GAP: Final = 60
"""Characters between two pieces of one secret."""
KEY_SHARE: Final = 0.4
PROSE_SHARE: Final = 0.75
"""How much of a secret its scattered pieces must make up to be taken for it."""
PROSE_SCATTERED: Final = 400
"""A longer prompt has every common word in it somewhere."""
_FEW_WORDS: Final = 2
HINT: Final = 4
_BLOCK: Final = re.compile(r"[0-9a-z]{4}")

_WORD: Final = re.compile(r"[^\W_]+")
_CORE: Final = re.compile(r"[A-Za-z0-9_+%~$#!*^-]")


@dataclass(slots=True)
class Known:
    """An index of secrets, made once for a run and shared by all of its environments."""

    grams: dict[int, set[str]] = field(default_factory=dict)
    """Parts of keys and the like, by length, looked for anywhere."""
    short_grams: dict[int, set[str]] = field(default_factory=dict)
    """Parts of short keys, which must begin or end where a word does."""
    decoded_grams: dict[int, set[str]] = field(default_factory=dict)
    """Parts that are long enough to mean something in a decoded reading."""
    prose_grams: dict[int, set[str]] = field(default_factory=dict)
    needles: set[str] = field(default_factory=set)
    """Skeletons that are looked for whole, anywhere."""
    words: set[str] = field(default_factory=set)
    """Short or ordinary values: looked for whole, between word borders."""
    prose_words: set[str] = field(default_factory=set)
    """The same, where they are ordinary in names and addresses too: looked for in sentences alone."""
    keys: set[str] = field(default_factory=set)
    scattered: dict[str, float] = field(default_factory=dict)
    """Skeletons whose pieces may stand apart, with the share that must be there."""

    def add(self, secrets: Iterable[Secret], public: frozenset[str] = frozenset()) -> None:
        """Learn secrets. What a part has in common with a word of `public` says nothing about the secret."""
        for secret in secrets:
            for spelling in dict.fromkeys((secret.value, normalised(secret.value))):
                if secret.is_prose:
                    self._add_prose(spelling)
                else:
                    self._add_key(spelling, public)

    def _add_key(self, value: str, public: frozenset[str]) -> None:
        skeleton = bare(value)
        covered = word_positions(skeleton, public)
        if len(skeleton) < STRONG or covered.count(0) < NOVEL:
            self.words |= {skeleton} if skeleton else set()
            return
        middle = (len(value) + 1) // 2
        halves = bare(value[:middle]), bare(value[middle:])
        self.scattered[skeleton] = KEY_SHARE
        self.keys.add(skeleton)
        size = max(MIN_GRAM, min(KEY_GRAM, *map(len, halves)))
        grams = {
            skeleton[i : i + size] for i in range(len(skeleton) - size + 1) if covered.count(0, i, i + size) >= NOVEL
        }
        (self.grams if size == KEY_GRAM else self.short_grams).setdefault(size, set()).update(grams)
        # Made of ordinary words but for a few characters: no gram tells it, so whole and halves do.
        parts = (skeleton, skeleton[:-4], *halves)
        self.needles.update(part for part in parts if len(part) >= STRONG and not any(gram in part for gram in grams))
        size = max(DECODED_GRAM, size)
        self.decoded_grams.setdefault(size, set()).update(
            skeleton[i : i + size] for i in range(len(skeleton) - size + 1)
        )

    def _add_prose(self, value: str) -> None:
        skeleton = bare(value)[:PROSE_LIMIT]
        if len(skeleton) < STRONG:
            self.words |= {skeleton} if skeleton else set()
            return
        # A character of a script without letters says as much as two or three letters.
        dense = sum(not character.isascii() for character in skeleton) > len(skeleton) // 2
        size = max(MIN_GRAM, min(PROSE_GRAM // 2 if dense else PROSE_GRAM, len(skeleton) * 9 // 20))
        self.prose_grams.setdefault(size, set()).update(skeleton[i : i + size] for i in range(len(skeleton) - size + 1))
        if len(skeleton) <= PROSE_SCATTERED:
            self.scattered[skeleton] = PROSE_SHARE

    def __bool__(self) -> bool:
        """Whether anything is known at all."""
        return any((self.decoded_grams, self.prose_grams, self.needles, self.words, self.prose_words))

    def holds_piece(self, word: str) -> bool:
        """Whether a whole word is a piece of a key that may have been split over several fields."""
        piece = bare(word)
        if len(piece) < MIN_GRAM or piece in WORDS:
            return False
        return any(piece in skeleton for skeleton in self.keys)

    def fronts(self) -> set[str]:
        """Give what a name that is a piece of a key begins with."""
        return {key[i : i + MIN_GRAM] for key in self.keys for i in range(len(key) - MIN_GRAM + 1)}

    def hints(self, joined: str) -> Iterator[int]:
        """Find where in the skeleton of many names a closer look is due. May err on that side, never on the other."""
        for index in (self.grams, self.short_grams, self.prose_grams):
            for size, grams in index.items():
                if size >= HINT * 2 - 1:
                    yield from _block_hits(joined, size, grams)
                else:
                    for gram in grams:
                        yield from _finds(joined, gram)
        for word in (*self.needles, *self.words):
            yield from _finds(joined, word)

    def spans(self, text: str, *, in_prose: bool = True) -> list[Span]:
        """Find every part of the text that gives a secret, or half of one, away."""
        found: list[Span] = []
        if self.decoded_grams or self.prose_grams or self.needles:
            for reading in plain_readings(text):
                found.extend(self._in_plain(reading, text))
            for reading in decoded_readings(text):
                found.extend(self._in_decoded(reading))
            found.extend(self._in_fragments(text))
        return [*(_widened(text, span) for span in found), *self._as_words(text, in_prose=in_prose)]

    def _in_plain(self, reading: Reading, text: str) -> Iterator[Span]:
        yield from _whole(reading, self.needles)
        for run in _runs(reading, self.grams):
            yield reading.span(*run)
        for run in _runs(reading, self.short_grams):
            start, end = reading.span(*run)
            if _on_a_border(text, start, end):
                yield start, end
        for size, grams in self.prose_grams.items():
            for run in _runs(reading, {size: grams}):
                start, end = reading.span(*run)
                if len(_WORD.findall(text[start:end])) != _FEW_WORDS or run[1] - run[0] > size * 2:
                    yield start, end

    def _in_decoded(self, reading: Reading) -> Iterator[Span]:
        for grams in (self.decoded_grams, self.prose_grams):
            for run in _runs(reading, grams):
                yield reading.span(*run)

    def _in_fragments(self, text: str) -> Iterator[Span]:
        """Find a secret whose pieces stand apart, each a word of its own: `first abcd, then efgh`."""
        words = [(bare(word[0]), word.start(), word.end()) for word in _WORD.finditer(text)]
        words = [word for word in words if len(word[0]) >= FRAGMENT]
        for skeleton, share in self.scattered.items():
            pieces = [word for word in words if word[0] in skeleton]
            for group in _close_together(pieces):
                distinct = {piece for piece, _, _ in group}
                if len(distinct) > 1 and sum(map(len, distinct)) >= share * len(skeleton):
                    for _, start, end in group:
                        yield start, end

    def _as_words(self, text: str, *, in_prose: bool) -> Iterator[Span]:
        words = self.words | self.prose_words if in_prose else self.words
        if not words:
            return
        for start, end in _whole(skeleton_of_text(text), words):
            if _begins(text, start) and _ends(text, end):
                yield start, end


def _finds(text: str, needle: str) -> Iterator[int]:
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + 1)


def _block_hits(joined: str, size: int, grams: set[str]) -> Iterator[int]:
    """Find grams by looking at every fourth position only: each is long enough to hold a whole block of four."""
    blocks = {gram[i : i + HINT] for gram in grams for i in range(HINT)}
    for number, block in enumerate(_BLOCK.findall(joined)):
        if block in blocks:
            position = number * HINT
            for start in range(max(0, position - HINT + 1), position + 1):
                if joined[start : start + size] in grams:
                    yield start


def _whole(reading: Reading, needles: Iterable[str]) -> Iterator[Span]:
    for needle in needles:
        start = reading.skeleton.find(needle)
        while start >= 0:
            yield reading.span(start, start + len(needle))
            start = reading.skeleton.find(needle, start + 1)


def _runs(reading: Reading, index: dict[int, set[str]]) -> Iterator[Span]:
    """Give the runs of a skeleton in which known grams follow each other closely."""
    skeleton = reading.skeleton
    for size, grams in index.items():
        hits = [i for i in range(len(skeleton) - size + 1) if skeleton[i : i + size] in grams]
        if not hits:
            continue
        start = hits[0]
        for hit, following in pairwise([*hits, len(skeleton) + 2 * size]):
            if following - hit > size:
                yield start, hit + size
                start = following


def _close_together(pieces: list[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    group: list[tuple[str, int, int]] = []
    for piece in pieces:
        if group and piece[1] - group[-1][2] > FRAGMENT_GAP:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _begins(text: str, start: int) -> bool:
    return start == 0 or not text[start - 1].isalnum()


def _ends(text: str, end: int) -> bool:
    return end >= len(text) or not text[end].isalnum()


def _on_a_border(text: str, start: int, end: int) -> bool:
    return _begins(text, start) or _ends(text, end)


def _widened(text: str, span: Span) -> Span:
    """Take the rest of a token with what was found in it: a fringe of a key is a part of it."""
    start, end = span
    while start > 0 and _CORE.match(text[start - 1]):
        start -= 1
    while end < len(text) and (_CORE.match(text[end]) or text[end] == "="):
        end += 1
    return start, end
