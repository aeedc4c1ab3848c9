"""Layer 5: what is neither word, version, date, small number, host name nor model-style name is taken out.

This layer knows no secret. It keeps what ordinary text is made of, and denies the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import MARK
from envcheck.redact.vocabulary import WORDS, odd_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.redact.readings import Span

SHORT: Final = 8
"""So few characters identify nothing for long: a build, a quantisation, a suffix of a fine-tuned model."""
SHORT_IN_HOST: Final = 16
"""Load balancers and workspaces have numbers and short hashes in their names."""
LONGEST_WORD: Final = 24
MAX_DIGITS: Final = 11
"""Sizes in bytes and Unix times have fewer; account numbers and snowflakes have more."""
SPELLED_OUT: Final = 8
"""So many single characters in a row spell something."""
NUMBERS_IN_A_ROW: Final = 12
"""So many numbers in a row are no message to a person: tokens of a prompt, or character codes."""
PIECES: Final = 4
PIECE_GAP: Final = 4
"""Characters between two pieces of something that was cut up: no word stands between them."""
ODD_MASS: Final = 14
"""So many characters of one token in short odd pieces make an identifier together."""

ID_PREFIXES: Final = (
    "req|chatcmpl|cmpl|resp|org|proj|user|acct|asst|file|gen|msg|run|thread|batch|call|trace|session|sess|key|cus|"
    "pod|vpce"
)
"""What the identifiers of requests, accounts and objects begin with."""

_TOKEN: Final = re.compile(rf"[^\s\"'`<>(){{}}\[\],;|{MARK}]+")
_PART: Final = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f]+")
_RUN: Final = re.compile(r"[A-Za-z]+|[0-9]+")
_CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_VOWEL: Final = re.compile(r"[aeiouyAEIOUY]")
_STAMP: Final = re.compile(
    r"20[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9](?:T?[0-9]{4}(?:[0-9]{2})?Z?)?|1[4-9][0-9]{8}(?:[0-9]{3})?"
)
_SIZED: Final = re.compile(r"[0-9]{1,4}[xX][0-9]{1,4}[A-Za-z]?")
_CLEAN: Final = re.compile(r"[a-z]{1,24}|[A-Z][a-z]{1,24}|[A-Z]{1,12}|[0-9]{1,6}|[A-Za-z]{1,2}[0-9]{1,3}")
_HEX_DUMP: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{2}(?:[^0-9A-Za-z]{1,3}(?:0x)?[0-9A-Fa-f]{2}(?![0-9A-Za-z])){7,}"
)
_PIECE: Final = re.compile(r"[A-Za-z0-9]{1,10}(?![A-Za-z0-9])|[A-Za-z0-9]{11,}")
_ONE_CASE: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+s?|(?:[A-Z][a-z]{2,}){2,}[A-Z]*")
_NUMBERED: Final = re.compile(
    r"[A-Za-z]?[a-z]*[0-9]{1,4}[a-zA-Z]?|[A-Z]{1,4}[0-9]{1,4}|[0-9]{1,5}[A-Za-z]{1,3}|[0-9]{1,2}x[0-9]{1,3}[bB]"
)
_HOST: Final = re.compile(
    r"(?:https?://)?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}\.[a-z]{2,24}(?![A-Za-z0-9.-]*[A-Z])"
)
_GLUE: Final = frozenset("-_")
_UUID: Final = re.compile(r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b")
_SPELLED: Final = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,4}[^\W_](?![^\W_])){7,}")
_NUMBERS: Final = re.compile(r"(?<![0-9A-Za-z])-?[0-9]{1,7}(?:[,;\s]{1,3}-?[0-9]{1,7}(?![0-9A-Za-z])){11,}")
_MASKED: Final = re.compile(r"[A-Za-z0-9_-]{0,40}(?:\*{3,}|[xX]{6,}|\u2022{3,})[A-Za-z0-9_*-]{0,40}")
_ELIDED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,10}[-_][A-Za-z0-9_-]{0,24}\.{3}|[A-Za-z0-9_-]{2,24}\.{3}(?=[A-Za-z]{0,12}[0-9]))"
    r"[A-Za-z0-9_-]{2,24}"
)
_IDENTIFIED: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:{ID_PREFIXES})[-_](?=[A-Za-z_-]{{0,20}}[0-9])[A-Za-z0-9_-]{{8,128}}"
)


def spans(text: str) -> Iterator[Span]:
    """Find what is opaque in a text."""
    for pattern in (_UUID, _IDENTIFIED, _MASKED, _ELIDED, _NUMBERS):
        yield from (found.span() for found in pattern.finditer(text))
    for found in _SPELLED.finditer(text):
        if sum(map(str.isalpha, found[0])) > SPELLED_OUT // 2:
            yield found.span()
    for found in _HEX_DUMP.finditer(text):
        if not found[0].replace(":", "").replace("-", "").replace(" ", "").isdigit():
            yield found.span()
    yield from _broken_up(text)
    for token in _TOKEN.finditer(text):
        for start, end in _opaque_parts(token[0]):
            yield token.start() + start, token.start() + end


def _broken_up(text: str) -> Iterator[Span]:
    """Find opaque text that was cut into short pieces: many pieces close together, none of which is a word."""
    group: list[re.Match[str]] = []
    for piece in _PIECE.finditer(text):
        if group and piece.start() - group[-1].end() > PIECE_GAP:
            yield from _as_span(group)
            group = []
        if is_no_word(piece[0]):
            group.append(piece)
    yield from _as_span(group)


def _as_span(group: list[re.Match[str]]) -> Iterator[Span]:
    if len(group) >= PIECES:
        yield group[0].start(), group[-1].end()


@lru_cache(maxsize=16384)
def is_no_word(piece: str) -> bool:
    """Whether a short piece reads neither like a word nor like a number, a size or a version."""
    if len(piece) <= 2 or piece.isdigit() or piece.lower() in WORDS:  # noqa: PLR2004 - so short a piece says nothing
        return False
    if not piece.isalpha():
        return not _NUMBERED.fullmatch(piece)
    return odd_pairs(piece) > 0 or not _ONE_CASE.fullmatch(piece)


def is_opaque(word: str) -> bool:
    """Whether a run of letters and digits is no word, version, date, number or part of a model's name."""
    if len(word) <= SHORT or _STAMP.fullmatch(word):
        return False
    if word.isdigit():
        return len(word) > MAX_DIGITS
    return not (_is_wordlike(word) if word.isalpha() else _is_named(word))


def _opaque_parts(token: str) -> Iterator[Span]:
    """Find the opaque parts of one token, each with the doubtful parts beside it: they were one secret."""
    parts = list(_PART.finditer(token))
    host = _HOST.match(token)
    end_of_host = host.end() if host else 0
    opaque = [
        index
        for index, part in enumerate(parts)
        if _denied(part[0]) and not (part.end() <= end_of_host and len(part[0]) <= SHORT_IN_HOST)
    ]
    if not opaque:
        odd = [part for part in parts if is_odd(part[0])]
        if sum(len(part[0]) for part in odd) > ODD_MASS:
            yield odd[0].start(), odd[-1].end()
    for index in opaque:
        first = last = index
        while first > 0 and _belongs(token, parts[first - 1], parts[first], parts[first - 1]):
            first -= 1
        while last + 1 < len(parts) and _belongs(token, parts[last], parts[last + 1], parts[last + 1]):
            last += 1
        end = parts[last].end()
        yield parts[first].start(), end + len(token[end:]) - len(token[end:].lstrip("="))


@lru_cache(maxsize=16384)
def _denied(part: str) -> bool:
    # Letters of other scripts are the server's own language, and some of those set no blanks between words.
    return part.isascii() and is_opaque(part)


def _belongs(token: str, left: re.Match[str], right: re.Match[str], candidate: re.Match[str]) -> bool:
    """Whether a part beside an opaque one is a piece of it rather than a word of its own."""
    return set(token[left.end() : right.start()]) <= _GLUE or not _CLEAN.fullmatch(candidate[0])


def _is_wordlike(letters: str) -> bool:
    """Whether a long run of letters can be words: in one case or in camel case, without impossible neighbours."""
    if len(letters) > LONGEST_WORD and letters.lower() not in WORDS and not _humps(letters):
        return False
    pieces = _CAMEL.findall(letters)
    if len(pieces) > 1 and len(letters) < 3 * len(pieces):
        return False
    if any(len(piece) > 4 and not piece.isupper() and not _VOWEL.search(piece) for piece in pieces):  # noqa: PLR2004 - `grpc`
        return False
    return sum(map(odd_pairs, pieces)) * 8 <= len(letters)


def _humps(letters: str) -> bool:
    return all(3 <= len(piece) <= LONGEST_WORD for piece in _CAMEL.findall(letters))  # noqa: PLR2004 - a short word


def _is_named(word: str) -> bool:
    """Whether a long run of letters and digits is a name with a number: `llama3`, `embedding001`, `mixtral8x7b`."""
    runs = _RUN.findall(word)
    if len(runs) > 5:  # noqa: PLR2004 - a name, a size and a version
        return False
    letters = [run for run in runs if run.isalpha()]
    digits = [run for run in runs if run.isdigit()]
    if any(len(run) > 4 and not _STAMP.fullmatch(run) for run in digits):  # noqa: PLR2004 - a year
        return False
    long = [run for run in letters if len(run) > 2]  # noqa: PLR2004 - `b`, `v`, `fp`
    return bool(long) and all(_is_wordlike(run) for run in long) and len(runs) - len(long) <= 4  # noqa: PLR2004 - `8x7b`


def is_odd(part: str) -> bool:
    """Whether a short part alternates between letters and digits more than a version does."""
    if part.isalpha() or part.isdigit() or _SIZED.fullmatch(part) or _STAMP.fullmatch(part):
        return False
    return len(part) > 3 and len(_RUN.findall(part)) > 2  # noqa: PLR2004 - `v2`, `70b`, `3p1`
