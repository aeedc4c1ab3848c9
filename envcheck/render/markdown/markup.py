"""The pieces of a Markdown page that GitHub and GitLab both render: tables, lists, folded lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.render.escape import for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTHING: Final = "\N{EN DASH}"


def page(blocks: Iterable[str]) -> str:
    """Join blocks with an empty line between two, and a newline at the end."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; empty where there are no rows. Its cells are Markdown without pipes already."""
    import tabulate  # noqa: PLC0415 - `envcheck --help` imports this package

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
    shown = items[:most]
    listed = ", ".join(map(for_markdown, shown))
    more = max(total, len(items)) - len(shown)
    return f"{listed} … and {more} more" if more else listed


def folded(title: str, items: Sequence[str]) -> str:
    """Give a long list of server strings, folded under a title of ours."""
    listed = bullets(for_markdown(item) for item in items)
    # Without the empty lines neither forge reads the list as Markdown.
    return f"<details>\n<summary>{title}</summary>\n\n{listed}\n\n</details>"


def milliseconds(value: float | None) -> str:
    """Give a duration with the digits that matter."""
    if value is None:
        return NOTHING
    return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"  # noqa: PLR2004 - two digits are enough
