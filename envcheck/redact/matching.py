"""Layer 3: what is known is found in every reading of a text, whole or in part."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from envcheck.redact.known import BLOCK, BLOCKED, PROSE_GRAM, STRONG
from envcheck.redact.opaque import is_no_word
from envcheck.redact.readings import Reading, Span, bare, decoded_readings, plain_readings, skeleton
from envcheck.redact.tripwire import STRETCH, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from envcheck.redact.known import Known

PIECE: Final = 3
"""The shortest word that can be a piece of a secret."""
PIECE_GAP: Final = 60
"""Characters between two pieces of one secret."""
REMEMBERED: Final = 512
_FEW_WORDS: Final = 2

_BLOCK: Final = re.compile(r"[0-9a-z]{4}")
_WORD: Final = re.compile(r"[^\W_]+")
_CORE: Final = re.compile(r"[A-Za-z0-9_+%~$#!*^-]")


def spans(known: Known, text: str, *, in_prose: bool) -> list[Span]:
    """Find every part of a text that gives a secret, or half of one, away.

    What many environments say alike, their lists of models above all, is read once.
    """
    if (text, in_prose) not in known.found:
        if len(known.found) >= REMEMBERED:
            known.found.clear()
        known.found[text, in_prose] = _spans(known, text, in_prose=in_prose)
    return known.found[text, in_prose]


def _spans(known: Known, text: str, *, in_prose: bool) -> list[Span]:
    found: list[Span] = []
    if known.decoded_grams or known.needles:
        for reading in plain_readings(text, known.script):
            found.extend(_in_plain(known, reading, text))
        for reading in decoded_readings(text, known.script):
            found.extend(reading.span(*run) for run in _runs(reading, known.decoded_grams))
        found.extend(_pieces(known, text))
        found.extend(_disguised(known, text))
    words = known.words | known.prose_words if in_prose else known.words
    return [*(_widened(text, span) for span in found), *_whole_words(words, text)]


def hints(known: Known, joined: str) -> Iterator[Span]:
    """Find where in the joined skeletons of many names a closer look is due: errs on that side, never on the other."""
    yield from _block_hits(known, joined)
    for size, grams in known.by_size:
        if size < BLOCKED:
            for gram in grams:
                yield from _spans_of(joined, gram)
    for word in (*known.needles, *known.words):
        yield from _spans_of(joined, word)


def _in_plain(known: Known, reading: Reading, text: str) -> Iterator[Span]:
    yield from _whole(reading, known.needles)
    for run in _runs(reading, known.grams):
        yield reading.span(*run)
    for run in _runs(reading, known.short_grams):
        start, end = reading.span(*run)
        part = reading.skeleton[slice(*run)]
        # Five letters of a short key may be part of an ordinary word, but not where they read like none.
        if len(part) >= STRONG or is_no_word(part) or _begins(text, start) or _ends(text, end):
            yield start, end
    for size, grams in known.prose_grams.items():
        for first, last in _runs(reading, {size: grams}):
            start, end = reading.span(first, last)
            # Two long words in common with a long prompt are two words, and not a part of it.
            is_part = size < PROSE_GRAM or last - first >= 2 * size
            if is_part or len(_WORD.findall(text[start:end])) != _FEW_WORDS:
                yield start, end


def _disguised(known: Known, text: str) -> Iterator[Span]:
    places = [place for place, character in enumerate(text) if character.isascii() and character.isalnum()]
    for start, end in known.disguises.positions(folded(text)):
        yield places[start], places[end - 1] + 1


def _pieces(known: Known, text: str) -> Iterator[Span]:
    """Find a secret whose pieces stand apart, each a word of its own: `first abcd, then efgh`."""
    words = [(bare(word[0]), *word.span()) for word in _WORD.finditer(text)]
    words = [word for word in words if len(word[0]) >= PIECE]
    for secret, least in known.scattered.items():
        for group in _close_together([word for word in words if word[0] in secret]):
            distinct = {piece for piece, _, _ in group}
            if len(distinct) > 1 and sum(map(len, distinct)) >= least:
                yield from ((start, end) for _, start, end in group)


def _close_together(pieces: list[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    group: list[tuple[str, int, int]] = []
    for piece in pieces:
        if group and piece[1] - group[-1][2] > PIECE_GAP:
            yield group
            group = []
        group.append(piece)
    yield group


def _whole_words(words: set[str], text: str) -> Iterator[Span]:
    if words:
        for start, end in _whole(skeleton(text), words):
            if _begins(text, start) and _ends(text, end):
                yield start, end


def _whole(reading: Reading, needles: Iterable[str]) -> Iterator[Span]:
    for needle in needles:
        for start, end in _spans_of(reading.skeleton, needle):
            yield reading.span(start, end)


def _runs(reading: Reading, index: Mapping[int, set[str]]) -> Iterator[Span]:
    """Give the runs of a skeleton in which known grams follow each other closely."""
    text = reading.skeleton
    for size, grams in index.items():
        hits = [i for i in range(len(text) - size + 1) if text[i : i + size] in grams]
        if not hits:
            continue
        start = hits[0]
        for hit, following in pairwise([*hits, len(text) + 2 * size]):
            if following - hit >= size:
                yield start, hit + size
                start = following


def _spans_of(text: str, needle: str) -> Iterator[Span]:
    start = text.find(needle)
    while start >= 0:
        yield start, start + len(needle)
        start = text.find(needle, start + 1)


def _block_hits(known: Known, joined: str) -> Iterator[Span]:
    """Find the longer grams by looking at every fourth position only."""
    blocks = known.blocks
    for stretch in range(0, len(joined), STRETCH):
        for number, block in enumerate(_BLOCK.findall(joined, stretch, stretch + STRETCH)):
            if block in blocks:
                position = stretch + number * BLOCK
                for start in range(max(0, position - BLOCK + 1), position + 1):
                    for size, grams in known.by_size:
                        if joined[start : start + size] in grams:
                            yield start, start + size


def _begins(text: str, start: int) -> bool:
    return start == 0 or not text[start - 1].isalnum()


def _ends(text: str, end: int) -> bool:
    return end >= len(text) or not text[end].isalnum()


def _widened(text: str, span: Span) -> Span:
    """Take the rest of a token with what was found in it: a fringe of a key is a part of it."""
    start, end = span
    while start > 0 and _CORE.match(text[start - 1]):
        start -= 1
    while end < len(text) and (_CORE.match(text[end]) or text[end] == "="):
        end += 1
    return start, end
