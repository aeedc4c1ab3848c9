"""The pieces of a Markdown page that GitHub and GitLab both render: tables, lists, folded lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tabulate

from envcheck.render import words
from envcheck.render.escape import for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTHING: Final = "\N{EN DASH}"


def page(blocks: Iterable[str]) -> str:
    """Join blocks with an empty line between two, and a newline at the end."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; empty where there are no rows. Its cells are Markdown without pipes already."""
    body = [list(row) for row in rows]
    return tabulate.tabulate(body, headers=headers, tablefmt="github", disable_numparse=True) if body else ""


def bullets(items: Iterable[str]) -> str:
    """Give a list."""
    return "\n".join(f"- {item}" for item in items)


def quoted(text: str) -> str:
    """Give what a server said."""
    return f"> {for_markdown(text)}"


def code_list(items: Sequence[str], most: int, total: int = 0) -> str:
    """Give the first items on one line, then say how many more there are: of `total`, where not all are at hand."""
    return and_more([for_markdown(item) for item in items[:most]], max(total, len(items)))


def and_more(written: Sequence[str], total: int) -> str:
    """Give items that are Markdown already on one line, and say how many more there are."""
    said = ", ".join(written)
    more = total - len(written)
    return f"{said} {words.ELLIPSIS} and {more:,} more" if more > 0 else said


def folded(title: str, items: Sequence[str]) -> str:
    """Give a long list of server strings, folded under a title of ours."""
    listed = bullets(for_markdown(item) for item in items)
    # Without the empty lines neither forge reads the list as Markdown.
    return f"<details>\n<summary>{title}</summary>\n\n{listed}\n\n</details>"


def milliseconds(value: float | None) -> str:
    """Give a duration with the digits that matter, or what stands where there is none."""
    return NOTHING if value is None else words.milliseconds(value)
