"""Rule 6: what is neither word, version, date, small number, host name nor model-style name is taken out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from envcheck.redact.normal import MARK, widened
from envcheck.redact.vocabulary import is_known, odd_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.redact.normal import Span

SHORT: Final = 8  # identifies nothing for long: a build, a quantisation, a suffix of a fine-tuned model
SHORT_IN_HOST: Final = 16  # load balancers, workspaces and the resources of an ARN have short hashes in their names
LONGEST_WORD: Final = 24
ODD_GROUPS: Final = 2  # of a key that is written in short groups; one may be a build or a machine's name
WORDLESS_GROUPS: Final = 3  # that mix letters and digits, in a value without any word: `a7k-3p-q4`
ODD_GROUP: Final = 6  # characters of an odd group that say enough by themselves
MAX_DIGITS: Final = 11  # sizes in bytes and Unix times have fewer; account numbers and snowflakes have more

_ID_PREFIXES: Final = (
    "req|chatcmpl|cmpl|resp|org|proj|user|acct|asst|file|gen|msg|run|thread|batch|call|trace|session|sess|key|cus|pod"
)
_TOKEN: Final = re.compile(rf"[^\s\"'`<>(){{}}\[\],;|{MARK}]{{9,}}")
_PART: Final = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f]+")
_RUN: Final = re.compile(r"[A-Za-z]+|[0-9]+")
_CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_VOWELS: Final = frozenset("aeiouyAEIOUY")
_STAMP: Final = re.compile(
    r"20[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9](?:T?[0-9]{4}(?:[0-9]{2})?Z?)?|1[4-9][0-9]{8}(?:[0-9]{3})?"
)
_CLEAN: Final = re.compile(r"[a-z]{1,24}|[A-Z][a-z]{1,24}|[A-Z]{1,12}|[0-9]{1,6}|[A-Za-z]{1,2}[0-9]{1,3}")
_HOST: Final = re.compile(
    r"(?:https?://)?(?:(?:[A-Za-z0-9-]{1,63}\.){1,6}"  # endpoints that a vendor names at random
    r"(?:endpoints\.huggingface\.cloud|amazonaws\.com|runpod\.net|runpod\.ai|modal\.run|baseten\.co|azure\.com)"
    r"|(?:xn--)?[A-Za-z0-9-]{1,63}(?:\.(?:xn--)?[A-Za-z0-9-]{1,63}){1,8}\.[a-z]{2,24}(?![A-Za-z0-9.-]{0,200}[A-Z]))"
)
_ARN: Final = re.compile(r"arn:aws[^\s\"']{1,300}")
_HEX: Final = "[0-9A-Fa-f]"
_SHAPES: Final = (
    ("-", re.compile(rf"\b{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}\b")),
    ("", re.compile(rf"(?<![A-Za-z0-9])(?:{_ID_PREFIXES})[-_](?=[A-Za-z_-]{{0,20}}[0-9])[A-Za-z0-9_-]{{8,128}}")),
    ("", re.compile(r"\*{3,}|[xX]{6,}|\u2022{3,}")),
    (
        "",
        re.compile(rf"\b(?=[0-9.:-]{{0,40}}[A-Fa-f])(?:(?:{_HEX}{{2}}:){{7,}}|(?:{_HEX}{{2,16}}[.-]){{4,}}){_HEX}+\b"),
    ),
    ("...", re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,10}[-_][A-Za-z0-9_-]{0,24}\.{3}[A-Za-z0-9_-]{2,24}")),
    ("...", re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9_-]{2,24}\.{3}(?=[A-Za-z]{0,12}[0-9])[A-Za-z0-9_-]{2,24}")),
)
"""UUIDs, ids of requests and accounts, masked keys, dumps in hex, elided keys; each with what any of it must hold."""
_PIECE: Final = (
    r"(?:[a-z]{1,24}|[A-Z][a-z]{0,23}|[A-Z]{1,12}|[0-9]{1,8}|[A-Za-z][a-z]{0,11}[0-9]{1,4}|[0-9]{1,6}[A-Za-z]{1,3})"
)
_NAME: Final = re.compile(rf"(?!(?:sk|{_ID_PREFIXES})[-_]){_PIECE}(?:(?:[-_./@]|:(?!:)){_PIECE}){{0,15}}")
_SIZES: Final = re.compile(r"(?:[a-z]{0,2}[0-9]{1,4}x[0-9]{1,4}|w[0-9]{1,2}a[0-9]{1,2})[a-z]?", re.IGNORECASE)
# Two or three letters that stand before or after the numbers of models, formats, regions and machines.
_AFFIXES: Final = frozenset(
    "ai ap bf bit ca eu fp gb glm gpt iq it kv lm mb mx my nf nv pp qa sd st tb th tp ts ud uk us vl xl".split()  # noqa: SIM905
)
_HEX_IN_PIECES: Final = re.compile(rf"(?:{_HEX}{{2}}[^0-9A-Za-z]?){{5}}")


def is_ordinary(name: str) -> bool:
    """Whether a name is words, sizes, versions and dates alone, which nothing here would look at twice: cheap."""
    is_plain = _NAME.fullmatch(name) and not _HEX_IN_PIECES.search(name)
    return bool(is_plain) and not any(map(is_opaque, _PART.findall(name)))


def spans(text: str) -> Iterator[Span]:
    """Find what is opaque in a text."""
    for shape in (shape for needed, shape in _SHAPES if needed in text):
        yield from (widened(text, *found.span()) for found in shape.finditer(text))
    arns = [found.span() for found in _ARN.finditer(text)]
    for token in _TOKEN.finditer(text):
        in_arn = any(start <= token.start() < end for start, end in arns)
        for start, end in _opaque_parts(token[0], in_arn=in_arn):
            yield token.start() + start, token.start() + end


@lru_cache(maxsize=16384)
def is_opaque(word: str) -> bool:
    """Whether a run of letters and digits is no word, version, date, number or part of a model's name."""
    if len(word) <= SHORT or _STAMP.fullmatch(word):
        return False
    if word.isdigit():
        return len(word) > MAX_DIGITS
    return not (_is_wordlike(word) if word.isalpha() else _is_named(word))


def is_grouped_key(value: str) -> bool:
    """Whether a value is no words for the sake of groups that are each too short to be opaque: `QX7R-9KTM-2LWP`."""
    groups = _PART.findall(value)
    odd = [group for group in groups if _is_odd(group)]
    if len(odd) >= ODD_GROUPS or any(len(group) >= ODD_GROUP and not group.isalpha() for group in odd):
        return True
    words = (letters for letters in re.findall("[A-Za-z]{3,}", value) if _may_be_word(letters))
    mixed = [group for group in groups if len(_RUN.findall(group)) > 1 and not _SIZES.fullmatch(group)]
    return len(mixed) >= WORDLESS_GROUPS and not any(words)


def _is_odd(group: str) -> bool:
    """Whether a short group is no word, number, size, version or segment of a model's name: `77xQ9z`, `pQ2`."""
    if group.isdigit() or _SIZES.fullmatch(group):
        return False
    runs = _RUN.findall(group)
    letters = [run for run in runs if run.isalpha() and len(run) > 1]
    if len(runs) == 1:
        return len(group) > 3 and not _may_be_word(group)  # noqa: PLR2004 - `gke`, `QwQ`, `xyz` are names of something
    is_named = any(len(run) > 2 for run in letters)  # noqa: PLR2004 - `llama3v2`
    return (len(runs) > 3 and not is_named) or not all(map(_may_be_word, letters))  # noqa: PLR2004 - `A3B`, `k8s`


def _may_be_word(letters: str) -> bool:
    lower = letters.lower()
    if is_known(lower) or lower in _AFFIXES:
        return True
    return len(letters) > 2 and not _VOWELS.isdisjoint(letters) and odd_pairs(letters) < 2 and _fits(letters)  # noqa: PLR2004


def _fits(letters: str) -> bool:
    """Whether the capitals are where words have them."""
    pieces = _CAMEL.findall(letters)
    return len(pieces) == 1 or len(letters) >= 3 * len(pieces)


def _opaque_parts(token: str, *, in_arn: bool) -> Iterator[Span]:
    """Find the opaque parts of one token, each with the doubtful parts beside it: they were one secret."""
    parts = list(_PART.finditer(token))
    host = _HOST.match(token)
    named_until = len(token) if in_arn else host.end() if host else 0
    for index, part in enumerate(parts):
        is_account = part[0].isdigit() and len(part[0]) == MAX_DIGITS + 1
        is_named = part.end() <= named_until and len(part[0]) <= SHORT_IN_HOST and not is_account
        # Letters of other scripts are the server's own language, and some of those set no blanks between words.
        if is_named or not part[0].isascii() or not is_opaque(part[0]):
            continue
        first = last = index
        while first > 0 and _belongs(token, parts[first - 1], parts[first], parts[first - 1]):
            first -= 1
        while last + 1 < len(parts) and _belongs(token, parts[last], parts[last + 1], parts[last + 1]):
            last += 1
        end = parts[last].end()
        yield parts[first].start(), end + len(token[end:]) - len(token[end:].lstrip("="))


def _belongs(token: str, left: re.Match[str], right: re.Match[str], candidate: re.Match[str]) -> bool:
    """Whether a part beside an opaque one is a piece of it rather than a word of its own."""
    return set(token[left.end() : right.start()]) <= {"-", "_"} or not _CLEAN.fullmatch(candidate[0])


def _is_wordlike(letters: str) -> bool:
    """Whether a long run of letters can be words: in one case or in camel case, without impossible neighbours."""
    pieces = _CAMEL.findall(letters)
    if any(len(piece) > 4 and not piece.isupper() and _VOWELS.isdisjoint(piece) for piece in pieces):  # noqa: PLR2004 - `grpc`
        return False
    return (
        _fits(letters)
        and max(map(len, pieces), default=0) <= LONGEST_WORD
        and sum(map(odd_pairs, pieces)) * 8 <= len(letters)
    )


def _is_named(word: str) -> bool:
    """Whether a long run of letters and digits is a name with a number: `llama3`, `embedding001`, `mixtral8x7b`."""
    runs = _RUN.findall(word)
    if len(runs) > 5 or any(run.isdigit() and len(run) > 4 and not _STAMP.fullmatch(run) for run in runs):  # noqa: PLR2004
        return False  # more than a name, a size and a version; longer than a year
    long = [run for run in runs if run.isalpha() and len(run) > 2]  # noqa: PLR2004 - `b`, `v`, `fp`
    return bool(long) and all(_is_wordlike(run) for run in long) and len(runs) - len(long) <= 4  # noqa: PLR2004 - `8x7b`
