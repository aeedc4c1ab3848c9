"""Where the tables of an array such as `[[accept]]` begin and end in a text, so that an edit changes no other byte.

A table is cut out of the text and put back by its place, for a TOML library that takes one out of a document takes the
comment above the next one with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.config.toml_text import document_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r"""
    (?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\#\[\]{}]+)
    |(?P<opens>[\[{])
    |(?P<closes>[\]}])
    |(?P<comment>\#[^\n]*)
    |(?P<line_end>\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_EMPTY_LINES: Final = re.compile(r"(?:[ \t]*\r?\n)+")


class Block(NamedTuple):
    """One table's lines: from its header to its last key, each with what else is on the line."""

    start: int
    end: int
    """The place in the text after them. Comments and empty lines below belong to what comes next."""


def accept_blocks(text: str) -> list[Block]:
    """Find the `[[accept]]` tables of a text that is TOML, in its order."""
    return blocks_of(text, "accept")


def blocks_of(text: str, name: str) -> list[Block]:
    """Find the tables of an array that is written as `[[name]]`."""
    return [block for block in _tables(text) if _is_of(text, block, name)]


def without(text: str, block: Block) -> str:
    """Take a table's lines out, and the empty line that set it off."""
    before, after = text[: block.start], text[block.end :]
    gap = _EMPTY_LINES.match(after)
    if gap is None:
        return before + after if after else _ended(before)
    rest = after[gap.end() :]
    if not rest:
        return _ended(before)
    is_set_off = not before or before.endswith(("\n\n", "\n\r\n"))
    return before + (rest if is_set_off else after)


def _ended(text: str) -> str:
    """End a text with the end of its last line that is not empty."""
    kept = text.rstrip("\r\n\t ")
    return kept + text[len(kept) : text.find("\n", len(kept)) + 1]


def _tables(text: str) -> Iterator[Block]:
    """Yield every table that has a header."""
    depth = 0
    is_first_of_line = True
    start = end = -1
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "line_end":
            is_first_of_line = True
            continue
        if kind == "comment":
            continue
        if kind == "opens" and depth == 0 and is_first_of_line:
            if start >= 0:
                yield Block(start, _line_after(text, end))
            start = text.rfind("\n", 0, token.start()) + 1
        depth += {"opens": 1, "closes": -1}.get(str(kind), 0)
        is_first_of_line = False
        end = token.end()
    if start >= 0:
        yield Block(start, _line_after(text, end))


def _line_after(text: str, place: int) -> int:
    return text.find("\n", place) + 1 or len(text)


def _is_of(text: str, block: Block, name: str) -> bool:
    header = text[block.start : _line_after(text, block.start)]
    return header.lstrip().startswith("[[") and document_of(header) == {name: [{}]}
