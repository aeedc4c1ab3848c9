"""The grid of the terminal table: blocks of lines in columns, laid out by tabulate."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

import tabulate

from envcheck.render.terminal.layout import width_of
from envcheck.render.terminal.palette import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from envcheck.render.terminal.palette import Paint

GAP: Final = 2
"""Columns between two columns."""

# Private use, so neither can come from a server: what cannot be printed is replaced before it gets here.
_SPACE: Final = "\ue000"
_SECOND_HALF: Final = "\ue001"

# Whether or not wcwidth happens to be installed: `_held` makes every string as long as it is wide.
tabulate.WIDE_CHARS_MODE = False


class Line(NamedTuple):
    """One line of a cell, no wider than its column."""

    text: str = ""
    style: Style = Style.NONE


@dataclass(frozen=True, slots=True)
class Block:
    """One cell."""

    lines: tuple[Line, ...] = ()
    is_cut: bool = False
    """Whether a list in it is not there to its end."""

    @classmethod
    def of(cls, texts: Iterable[str], style: Style = Style.NONE, *, is_cut: bool = False) -> Block:
        """Give all lines one style."""
        return cls(tuple(Line(text, style) for text in texts), is_cut)


class Drawing(NamedTuple):
    """A comparison's table, drawn."""

    lines: list[str]
    is_cut: bool
    """Whether a list in it is not there to its end."""
    shows_spread: bool
    """Whether latencies stand in it with how far they are spread."""


def table(headers: Sequence[Block], bands: Sequence[Sequence[Sequence[Block]]], paint: Paint) -> list[str]:
    """Draw bands of rows below their headers, with a rule between two bands."""
    lines = _physical(headers, paint)
    for band in bands:
        lines.append([tabulate.SEPARATING_LINE])
        for row in band:
            lines.extend(_physical(row, paint))
    # Headers of tabulate's own would take two columns more than they need. The first and the last line are rules.
    return _released(tabulate.tabulate(lines, tablefmt="simple", disable_numparse=True))[1:-1]


def columns(rows: Sequence[Sequence[Block]], paint: Paint) -> list[str]:
    """Draw rows in columns, without headers or rules."""
    lines = [line for row in rows for line in _physical(row, paint)]
    return _released(tabulate.tabulate(lines, tablefmt="plain", disable_numparse=True)) if lines else []


def row_by_row(drawn: Sequence[str], rows: Sequence[Sequence[Block]]) -> Iterator[list[str]]:
    """Take what was drawn apart again, into the lines of each row."""
    begin = 0
    for row in rows:
        end = begin + max(len(block.lines) for block in row)
        yield list(drawn[begin:end])
        begin = end


def _released(drawing: str) -> list[str]:
    return [line.replace(_SPACE, " ").replace(_SECOND_HALF, "").rstrip() for line in drawing.split("\n")]


def _physical(row: Sequence[Block], paint: Paint) -> list[list[str]]:
    """Take a row of blocks apart into lines of the terminal, for tabulate splits no cell by itself."""
    return [
        [paint(_held(line.text), line.style) for line in lines]
        for lines in zip_longest(*(block.lines for block in row), fillvalue=Line())
    ]


def _held(text: str) -> str:
    """Make the string as long as it is wide, and keep the spaces that tabulate would strip."""
    body = text.lstrip(" ")
    indent = _SPACE * (len(text) - len(body))
    if body.isascii():
        return indent + body
    return indent + "".join(_as_long_as_wide(character) for character in body)


def _as_long_as_wide(character: str) -> str:
    width = width_of(character)
    return (character + _SECOND_HALF * (width - 1)) if width else ""
