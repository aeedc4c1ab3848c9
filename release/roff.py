"""A manual page's markup, as man(7) has it: the few macros that a command's page needs, and what has to be escaped."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import Final

_ESCAPED: Final = {"\\": "\\e", "-": "\\-"}
_WIDTH: Final = 77  # and two more characters where a line must not be an order
_QUOTED: Final = re.compile(r"`([^`]+)`")


def escaped(text: str) -> str:
    """Write a text so that it is shown as it is, wherever in a line it stands but at its beginning.

    A hyphen becomes a minus sign of ASCII, so that what is copied from the page can be typed. What is not of ASCII is
    named by its number, as groff_char(7) has it: else it would look different by the reader's locale.
    """
    return "".join(_ESCAPED.get(each, each if each.isascii() else f"\\[u{ord(each):04X}]") for each in text)


def bold(text: str) -> str:
    """Write a text in bold, as what is typed as it stands."""
    return f"\\fB{escaped(text)}\\fR"


def italic(text: str) -> str:
    """Write a text in italics, as what stands for something else."""
    return f"\\fI{escaped(text)}\\fR"


def prose(text: str) -> list[str]:
    """Write a paragraph, in which what stands between backticks is bold, in lines of at most 79 characters."""
    parts = _QUOTED.split(" ".join(text.split()))
    marked = "".join(bold(part) if place % 2 else escaped(part) for place, part in enumerate(parts))
    lines = wrap(marked, _WIDTH, break_long_words=False, break_on_hyphens=False)
    # A line that begins so would be an order.
    return [f"\\&{line}" if line.startswith((".", "'")) else line for line in lines]


def heading(name: str) -> str:
    """Begin a section."""
    return f'.SH "{escaped(name)}"'


def subheading(name: str) -> str:
    """Begin a part of a section."""
    return f'.SS "{escaped(name)}"'


def item(term: str, meaning: str) -> list[str]:
    """Write what a term means, which has its markup already."""
    return [".TP", term, *prose(meaning)]
