"""What is known to be secret, cut into the parts by which it is recognised.

A secret is compared by its skeleton, its lower-case letters and digits, so that no separator, zero-width character or
change of case hides it, and by all runs of a few neighbours in it (grams), so that half of it is found too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import normalised
from envcheck.redact.readings import Script, Span, bare, bare_bytes
from envcheck.redact.secrets import Secret, SecretKind
from envcheck.redact.tripwire import Spellings, readable_spellings
from envcheck.redact.vocabulary import WORDS, odd_pairs, word_positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


STRONG: Final = 8
"""Fewer letters and digits cannot be told from ordinary words: such a value is only looked for whole."""
KEY_GRAM: Final = 8
MIN_GRAM: Final = 4
PROSE_GRAM: Final = 16
"""About four words: fewer in common with a prompt mean nothing."""
SPELLED: Final = 2000
"""So much of a long prompt is spelled out; its parts are found by their grams."""
CROWD: Final = 100
"""With more keys than this, only whole ones are spelled out, to keep the index small."""
PROSE_LIMIT: Final = 64 * 1024
BLOCK: Final = 4
BLOCKED: Final = 2 * BLOCK - 1
"""So long a gram holds a whole block, wherever the blocks begin."""
NOVEL: Final = 3
"""How many characters of a gram must be no part of an ordinary word."""
KEY_SHARE: Final = 0.4
PROSE_SHARE: Final = 0.75
WEAK_SHARE: Final = 1.0
"""How much of a secret its scattered pieces must make up to be taken for it."""
PROSE_SCATTERED: Final = 400
"""A longer prompt has every common word in it somewhere."""

Grams = defaultdict[int, set[str]]
"""By their length."""


def _grams() -> Grams:
    return defaultdict(set)


@dataclass
class Known:
    """An index of secrets, made once for a run and shared by all of its environments.

    Everything is added before anything is looked up.
    """

    grams: Grams = field(default_factory=_grams)
    """Parts of keys and the like, looked for anywhere."""
    short_grams: Grams = field(default_factory=_grams)
    """Parts of short keys, which must begin or end where a word does."""
    prose_grams: Grams = field(default_factory=_grams)
    """Parts of prompts and of generated text."""
    decoded_grams: Grams = field(default_factory=_grams)
    """Parts of all of them as bytes, looked for in decoded readings, where ordinary words do not come up."""
    needles: set[str] = field(default_factory=set)
    """Looked for whole, anywhere."""
    words: set[str] = field(default_factory=set)
    """Short or ordinary values: looked for whole, between word borders."""
    prose_words: set[str] = field(default_factory=set)
    """The same, where they are ordinary in names and addresses too: looked for in sentences alone."""
    keys: set[str] = field(default_factory=set)
    """Whole skeletons, to tell a piece of one by."""
    scattered: dict[str, int] = field(default_factory=dict)
    """Spellings whose pieces may stand apart, with how much of each must be there."""

    script: Script = field(default_factory=Script)
    disguises: Spellings = field(default_factory=Spellings)
    """Every spelling of each, for where a text cannot be decoded: in the wrong case, or a digest."""

    found: dict[tuple[str, bool], list[Span]] = field(default_factory=dict)
    """What was found in which text, for texts that come again."""

    def add(self, secrets: Iterable[Secret], public: frozenset[str] = frozenset()) -> None:
        """Learn secrets. What a part has in common with a word of `public` says nothing about the secret."""
        for secret in secrets:
            # As it is, and as it reads once a text that quotes it is normalised.
            for spelling in dict.fromkeys((secret.value, normalised(secret.value))):
                skeleton = bare(spelling)
                self._note_letters(spelling)
                if len(skeleton) < STRONG:
                    self._add_short(skeleton)
                    continue
                self.disguises.add(spelling[:SPELLED], halves(spelling[:SPELLED]) if len(self.keys) < CROWD else ())
                if secret.is_prose:
                    self._add_prose(spelling[:PROSE_LIMIT], skeleton[:PROSE_LIMIT])
                else:
                    self._add_key(secret, spelling, public)

    def add_weak_key(self, key: str) -> None:
        """Learn a key that is too short to be told by a part of it: whole, in every spelling."""
        skeleton = bare(key)
        self.needles |= {skeleton, skeleton[::-1]}
        self.disguises.add(key)
        self._scatter(key, WEAK_SHARE)
        self._add_decoded(key, len(skeleton))

    def __bool__(self) -> bool:
        """Whether anything is known at all."""
        return any((self.decoded_grams, self.needles, self.words, self.prose_words))

    def holds_piece(self, word: str) -> bool:
        """Whether a whole word is a piece of a key that may have been split over several fields."""
        piece = bare(word)
        return len(piece) >= MIN_GRAM and piece not in WORDS and any(piece in key for key in self.keys)

    @cached_property
    def blocks(self) -> set[str]:
        """Pieces of the longer grams, one of which stands at a multiple of `BLOCK` wherever such a gram stands."""
        grams = (gram for size, grams in self.by_size if size >= BLOCKED for gram in grams)
        return {gram[i : i + BLOCK] for gram in grams for i in range(BLOCK)}

    @cached_property
    def by_size(self) -> list[tuple[int, set[str]]]:
        """All grams that are looked for in the text's own characters."""
        return [item for index in (self.grams, self.short_grams, self.prose_grams) for item in index.items()]

    @cached_property
    def fronts(self) -> set[bytes]:
        """What a word that is a piece of a key begins with, folded."""
        return {front.encode() for key in self.keys for front in _cut(key, MIN_GRAM)}

    def _add_key(self, secret: Secret, value: str, public: frozenset[str]) -> None:
        skeleton = bare(value)
        covered = word_positions(skeleton, public)
        if covered.count(0) < NOVEL:
            self.words.add(skeleton)
            return
        self.keys.add(skeleton)
        self._note_words(skeleton, covered)
        self._scatter(value, KEY_SHARE)
        both = tuple(map(bare, halves(value)))
        size = max(MIN_GRAM, min(KEY_GRAM, *map(len, both)))
        novel = {gram for i, gram in enumerate(_cut(skeleton, size)) if covered.count(0, i, i + size) >= NOVEL}
        if size < KEY_GRAM and secret.kind not in {SecretKind.KEY, SecretKind.PROXY, SecretKind.PROXY_USER}:
            # Of `team-blue` the half is a colour, which says nothing, and occurs in honest names.
            novel = {gram for gram in novel if not gram.isalpha() or odd_pairs(gram)}
        (self.grams if size == KEY_GRAM else self.short_grams)[size] |= novel
        # Where ordinary words make up nearly all of it, no gram tells it, so it is told by the whole and the halves.
        parts = (skeleton, skeleton[:-4], *both)
        self.needles.update(part for part in parts if len(part) >= STRONG and not any(gram in part for gram in novel))
        self._add_decoded(value, size)

    def _add_prose(self, value: str, skeleton: str) -> None:
        # A character of a script without letters says as much as two or three letters, and takes three bytes.
        is_dense = sum(not character.isascii() for character in skeleton) > len(skeleton) // 2
        longest = PROSE_GRAM // 2 if is_dense else PROSE_GRAM
        size = max(MIN_GRAM, min(longest, *(len(bare(half)) for half in halves(value))))
        self.prose_grams[size].update(_cut(skeleton, size))
        if len(skeleton) <= PROSE_SCATTERED:
            self._scatter(value, PROSE_SHARE)
        self._add_decoded(value, size * 2 if is_dense else size)

    def _note_letters(self, value: str) -> None:
        letters = {letter for letter in value.casefold() if not letter.isascii()}
        if not letters <= self.script.letters:
            self.script = replace(self.script, letters=self.script.letters | letters)

    def _note_words(self, skeleton: str, covered: bytes) -> None:
        if any(covered):
            words = {word for word in WORDS if word in skeleton}
            self.script = replace(self.script, words=self.script.words | words)

    def _add_short(self, skeleton: str) -> None:
        # A prompt of one ordinary word is taken out of sentences, and leaves the names of fields and models alone.
        (self.prose_words if skeleton in WORDS else self.words).update({skeleton} - {""})

    def _scatter(self, value: str, share: float) -> None:
        for spelling in dict.fromkeys((bare(value), *readable_spellings(value))):
            self.scattered[spelling] = round(len(spelling) * share)
            if len(self.keys) > CROWD:
                return

    def _add_decoded(self, value: str, size: int) -> None:
        for encoding in ("utf-8", "utf-16-le"):
            for part in _cut(bare_bytes(value, encoding), size):
                self.decoded_grams[size] |= {part, part[::-1]}


def _cut(skeleton: str, size: int) -> Iterator[str]:
    return (skeleton[i : i + size] for i in range(len(skeleton) - size + 1))


def halves(value: str) -> tuple[str, str]:
    """Cut a value in two."""
    middle = (len(value) + 1) // 2
    return value[:middle], value[middle:]
