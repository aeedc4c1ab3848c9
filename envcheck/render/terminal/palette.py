"""The few colours of the terminal, and the way to leave them out."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


class Style(Enum):
    """Codes of SGR, the part of ANSI that every terminal has."""

    NONE = ""
    BOLD = "1"
    DIM = "2"
    BAD = "1;31"
    DIFFERENT = "33"
    ADDED = "32"


Paint: TypeAlias = "Callable[[str, Style], str]"


def plain(text: str, style: Style) -> str:  # noqa: ARG001 - takes the place of `ansi`
    """Leave the colour out."""
    return text


def ansi(text: str, style: Style) -> str:
    """Colour one line."""
    return f"\x1b[{style.value}m{text}\x1b[0m" if text and style.value else text
