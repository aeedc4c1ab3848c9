"""Rules 3, 4 and 7: known secrets, found in sentences, in names and in a finished artifact.

Texts are compared by their letters and digits alone, so that no separator and no change of case hides anything, and by
runs of a few neighbours (grams), so that half of a key is found too. In names only what lets somebody in is looked for,
and long runs of generated text: never a prompt, and no value that is words.
"""

from __future__ import annotations

import base64
import binascii
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import MAX_RAW, folded, folded_bytes, normalised, places, unescaped, widened
from envcheck.redact.opaque import is_opaque
from envcheck.redact.secret import Secret, SecretKind, Value, values_of
from envcheck.redact.vocabulary import known_positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from envcheck.redact.normal import Span

KEY_GRAM: Final = 8
SHORTEST_GRAM: Final = 7  # of a key with punctuation in it
NOVEL: Final = 3  # characters of such a gram that must be part of no ordinary word
PROSE_GRAM: Final = 24  # about five words: fewer in common with a prompt mean nothing
DENSE_GRAM: Final = 12  # a character of a script without letters says as much as two or three letters
NAME_GRAM: Final = 16
DECODED: Final = 6  # so many characters of a weak key do not come up by chance in what is decoded

_BLOCKS: Final = re.compile(r"(?s).{4}")
_DENSE: Final = re.compile("[\u2e80-\U0003ffff]")
_TAG: Final = re.compile(r"<[^<>]{1,200}>")
_MODEL_NAME: Final = re.compile(r"(?=\S{0,99}[0-9])(?=\S{0,99}[-/:.])[A-Za-z]\S{0,200}")
# Hyphen and underscore are letters of URL-safe base64, but may just as well be where the text was split.
_NO_BASE64: Final = (re.compile(r"[^A-Za-z0-9+/_-]+"), re.compile(r"[^A-Za-z0-9+/]+"))
_HEX: Final = re.compile(r"[0-9a-f]{10,}")
_INNER: Final = re.compile(rb"[A-Za-z0-9+/_=-]{12,}")


class Index:
    """Grams and whole values that are looked for in folded texts; all are added before any is looked up."""

    def __init__(self) -> None:
        self._grams: dict[int, set[str]] = {}
        self.blocks: set[str] = set()
        self._words: set[str] = set()

    def add(self, skeleton: str, grams: Iterable[str]) -> None:
        """Look for the grams anywhere; where there are none, for the whole."""
        for gram in grams:
            self._grams.setdefault(len(gram), set()).add(gram)
            # Wherever a gram of seven or more stands, it holds a whole block that begins at a multiple of four.
            self.blocks.update(gram[i : i + 4] for i in range(4))
            skeleton = ""
        self._words.update({skeleton} - {""})

    def runs(self, skeleton: str) -> Iterator[Span]:
        """Find in a folded text where grams follow each other."""
        for size, grams in self._grams.items() if not self.blocks.isdisjoint(_BLOCKS.findall(skeleton)) else ():
            hits = [i for i in range(len(skeleton) - size + 1) if skeleton[i : i + size] in grams]
            start = hits[0] if hits else 0
            for hit, following in pairwise([*hits, len(skeleton) + size]):
                if following - hit >= size:
                    yield start, hit + size
                    start = following

    def words(self, skeleton: str) -> Iterator[Span]:
        """Find in a folded text where whole values stand."""
        for word in filter(skeleton.__contains__, self._words):
            yield from (found.span(1) for found in re.finditer(f"(?=({word}))", skeleton))

    def spans(self, text: str) -> Iterator[Span]:
        """Find where in a text they stand: grams with what touches them, words and numbers where they stand alone."""
        skeleton = folded(text)
        runs, words = list(self.runs(skeleton)), list(self.words(skeleton))
        at = places(text) if runs or words else []
        yield from (widened(text, at[start], at[end - 1] + 1) for start, end in runs)
        for start, end in words:
            first, last, word = at[start], at[end - 1] + 1, skeleton[start:end]
            if not (word.isalpha() or word.isdigit()):
                yield widened(text, first, last)
            elif not (text[:first][-1:].isalnum() or text[last : last + 1].isalnum()):
                yield first, last


class Known:
    """What is known to be secret, by where it is looked for."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._indexes = self._everywhere, self._in_sentences, self._in_names = Index(), Index(), Index()
        self._beyond_ascii = False
        keys = []
        for secret in secrets:
            if secret.kind in {SecretKind.PROMPT, SecretKind.GENERATED}:
                self._learn_prose(secret.value.get_secret_value(), is_generated=secret.kind is SecretKind.GENERATED)
            else:
                for value in values_of(secret):
                    self._learn(value)
                    keys += [value.text] if value.lets_in and value.is_strong else []
        self.tripwire = Tripwire(keys)

    def touches(self, name: str) -> bool:
        """Tell whether a name that is plain as it stands holds what is looked for in names: cheap."""
        finds = (self._everywhere.runs, self._everywhere.words, self._in_names.runs)
        return any(any(find(folded(name))) for find in finds)

    def spans(self, text: str, *, in_sentence: bool) -> list[Span]:
        """Find every part of a text that gives a secret, or half of one, away; also where tags stand within it."""
        indexes = (self._everywhere, self._in_sentences if in_sentence else self._in_names)
        readings = {text, _TAG.sub(lambda tag: " " * len(tag[0]), text)} if "<" in text else {text}
        return [span for reading in readings for index in indexes for span in index.spans(reading)]

    def is_encoded(self, text: str, *, in_sentence: bool) -> bool:
        """Tell whether a text gives a secret away once it is decoded; nobody can say which part of it does."""
        for data in _decoded(text):
            skeleton = folded(data.decode("utf-8", "ignore")) if self._beyond_ascii else folded_bytes(data)
            words = [*self._everywhere.words(skeleton), *(self._in_sentences.words(skeleton) if in_sentence else ())]
            blocks = _BLOCKS.findall(skeleton)
            # Grams do not come up here by chance, so that no honest name is lost for a prompt.
            runs = (index.runs(skeleton) for index in self._indexes if not index.blocks.isdisjoint(blocks))
            if any(map(any, runs)) or any(end - start >= DECODED for start, end in words):
                return True
        return False

    def gives_away(self, text: str, *, in_sentence: bool) -> bool:
        """Tell whether a text holds a secret, plain or encoded, other than a word that may be there by chance."""
        indexes = (self._everywhere, self._in_sentences if in_sentence else self._in_names)
        return any(any(index.runs(folded(text))) for index in indexes) or self.is_encoded(text, in_sentence=in_sentence)

    def _learn(self, value: Value) -> None:
        index = self._everywhere if value.lets_in else self._in_sentences
        # As it is, and as it reads once a text that quotes it is normalised.
        for text in dict.fromkeys((value.text, normalised(value.text))):
            skeleton, size = folded(text), _size(text, KEY_GRAM, SHORTEST_GRAM)
            self._beyond_ascii |= not skeleton.isascii()
            known = known_positions(skeleton)
            grams = (gram for i, gram in enumerate(_cut(skeleton, size)) if known.count(0, i, i + size) >= NOVEL)
            index.add(skeleton, grams if value.is_strong else ())

    def _learn_prose(self, prose: str, *, is_generated: bool) -> None:
        for text in dict.fromkeys((prose[: 4 * MAX_RAW], normalised(prose))):
            skeleton = folded(text)
            self._beyond_ascii |= not skeleton.isascii()
            is_dense = len(_DENSE.findall(skeleton)) * 2 > len(skeleton)
            size = DENSE_GRAM if is_dense else _size(text, PROSE_GRAM, NAME_GRAM)
            self._in_sentences.add(skeleton if len(skeleton) >= KEY_GRAM else "", _cut(skeleton, size))
            if is_generated:
                # A model may well name itself or another, which takes no id away.
                names = [name for name in _MODEL_NAME.findall(text) if not any(map(is_opaque, re.split(r"\W", name)))]
                said = {gram for name in names for gram in _cut(folded(name), NAME_GRAM)}
                self._in_names.add("", (gram for gram in _cut(skeleton, NAME_GRAM) if gram not in said))


class Tripwire:
    """Finds whole, unbroken keys, so that texts that only stand beside each other make none up, in many spellings."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._by_block: dict[str, set[str]] = {}
        for spelling in (each for key in keys if not re.search(r"\s", key) for each in _spellings(key)):
            for start in range(4):  # one of these blocks begins at a multiple of four, wherever the spelling stands
                self._by_block.setdefault(spelling[start : start + 4], set()).add(spelling)

    def found_in(self, text: str) -> bool:
        """Tell whether a text holds a key whole."""
        for reading in dict.fromkeys((text, unescaped(text), unescaped(unescaped(text)))):
            lower = reading.lower()
            blocks = self._by_block.keys() & set(_BLOCKS.findall(lower))
            if any(spelling in lower for block in blocks for spelling in self._by_block[block]):
                return True
        return False


def _size(text: str, window: int, least: int) -> int:
    # How many letters and digits so many characters of a text have at the least.
    return max(least, min((len(folded(part)) for part in _cut(text, window)), default=window))


def _cut(skeleton: str, size: int) -> Iterator[str]:
    return (skeleton[i : i + size] for i in range(len(skeleton) - size + 1))


def _decoded(text: str) -> Iterator[bytes]:
    """Yield what a text may be an encoding of: base64 at any offset, hex, and either within the other."""
    for data in _decodings(text):
        yield data
        for inner in _INNER.findall(data):
            yield from _decodings(inner.decode("ascii"))


def _decodings(text: str) -> Iterator[bytes]:
    for letters in {between.sub("", text).replace("-", "+").replace("_", "/") for between in _NO_BASE64}:
        for offset in range(4):  # filled up to whole groups, at the front too: a secret may begin within one
            yield binascii.a2b_base64("A" * offset + letters + "A" * (-(offset + len(letters)) % 4))
    for run in _HEX.findall(folded(re.sub("0[xX]", "", text))):
        yield from (bytes.fromhex(run[start : len(run) - (len(run) - start) % 2]) for start in (0, 1))


def _spellings(key: str) -> Iterator[str]:
    raw = key.encode("utf-8", "replace")
    yield from (key.lower(), raw.hex())
    for offset in range(3):
        # Without what depends on the neighbours: the letters that hold bits of them, at either end.
        encoded = base64.b64encode(b"\0" * offset + raw)[(offset * 8 + 5) // 6 : (offset + len(raw)) * 8 // 6]
        yield from (encoded.decode().lower(), encoded.translate(bytes.maketrans(b"+/", b"-_")).decode().lower())
