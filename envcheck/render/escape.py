"""Make any string harmless in a format. Nothing here redacts: what arrives has been redacted already."""

from __future__ import annotations

import re
from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

# A word or a number of ours, as in `12 models (-2 +1)` or `31 ms ±0.8 (n=5)`: nothing that Markdown reads.
_WORD: Final = r"(?:\(?[-+±]?(?:n=)?[A-Za-z0-9]+(?:\.[0-9]+)?\)?,?|[=→])"
_PLAIN_WORDS: Final = re.compile(f"{_WORD}(?: {_WORD})*")
# A commit's hash becomes a link on the forges, and a long number might be one.
_HASH_LIKE: Final = re.compile(r"\b[0-9a-fA-F]{7,}\b")
# Words of a sentence in which no forge sees markup, a link, a mention, an emoji or a number of an issue: a colon only
# stands at the end, and there is no slash, at sign, hash, underscore, star or bracket that is not round.
_HARMLESS_WORD: Final = re.compile(r"<|(?:[^\W_]|[-.,;'\"()+=?·×±…→])+:?")
_LINKED_WORD: Final = re.compile(r"(?i:www\.|\bgh-[0-9])|\b[A-Z]{2,}-[0-9]")
_A_WORD: Final = re.compile(r"\S+")

# Neither can stand in a code span: a backtick would end it, a pipe would end the table's cell.
_OUTSIDE_CODE: Final = re.compile(r"( *[|`][|` ]*)")
_ENTITIES: Final = str.maketrans({"|": "&#124;", "`": "&#96;"})

# Valid JSON, yet they steer a terminal, or hide or reorder what a person reads.
_STEERING: Final = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


def for_terminal(text: str) -> str:
    """Give `text` on one line, without control, bidi or other invisible characters."""
    if text.isprintable():
        return text
    return " ".join("".join(c if c.isprintable() or c.isspace() else _REPLACEMENT for c in text).split())


def for_markdown(text: str) -> str:
    """Give `text` as code spans, in which Markdown, HTML, links, mentions and emoji all mean nothing.

    GitHub and GitLab look for `@name`, `#12` and bare URLs in the finished page, where an entity is a
    character again; only code is spared. So everything a server wrote is code, and the two characters that
    cannot be inside are written between two spans.
    """
    pieces: list[str] = []
    for index, piece in enumerate(_OUTSIDE_CODE.split(for_terminal(text).strip())):
        if index % 2:
            pieces.append(piece.translate(_ENTITIES))
        elif piece:
            pieces.append(f"`{piece}`")
    return "".join(pieces).strip()


def for_markdown_cell(text: str) -> str:
    """Give `text` as it is where it is only words and numbers, else as code."""
    if _PLAIN_WORDS.fullmatch(text) and not _HASH_LIKE.search(text):
        return text
    return for_markdown(text)


def for_markdown_prose(text: str) -> str:
    """Give a sentence in which names stand between backticks, with these, and each word that is not plain, as code.

    Whoever wrote it, nothing in it is read as Markdown, HTML, a link, a mention or an emoji.
    """
    pieces = for_terminal(text).split("`")
    return "".join(
        for_markdown(piece) if index % 2 else _A_WORD.sub(_plain_or_code, piece) for index, piece in enumerate(pieces)
    )


def _plain_or_code(match: re.Match[str]) -> str:
    word = match[0]
    if _HARMLESS_WORD.fullmatch(word) and not _HASH_LIKE.search(word) and not _LINKED_WORD.search(word):
        return word
    bare = word.lstrip("(").rstrip(").,;:?") or word
    before, _, after = word.partition(bare)
    return f"{before}{for_markdown(bare)}{after}"


def for_json(document: str) -> str:
    """Give a JSON document with the characters escaped that steer a terminal or a reader's eye."""
    return _STEERING.sub(_as_json_escapes, document)


def _as_json_escapes(match: re.Match[str]) -> str:
    in_utf16 = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{in_utf16[i]:02x}{in_utf16[i + 1]:02x}" for i in range(0, len(in_utf16), 2))
