"""Markdown pages read back by a Markdown parser as the forges would, and texts that would do harm there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

OUR_HTML = re.compile(r"(<details>|</details>|<summary>[a-z_]+: \d+</summary>|<br>|\n)*")
NASTY = (
    "a|b",
    "| --- | --- |",
    "`",
    "`` ` ``",
    "\\",
    "\\|",
    "\\`x\\`",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "</details>",
    "[a](http://evil.example)",
    "![a](//evil.example/x.png)",
    "[^1]",
    "http://evil.example",
    "www.evil.example",
    "a@b.example",
    "@everyone",
    "#12",
    "!12",
    "~12",
    "$1",
    "%3",
    ":bomb:",
    "**b**",
    "_i_",
    "~~s~~",
    "# h",
    "- item",
    "1. item",
    "> quote",
    "---",
    "&lt;&#124;&amp;",
    "$`x`$",
    "[[_TOC_]]",
    "a\n\n# b",
    "deadbeef",
    "GH-1",
)

parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(report: str) -> Iterator[Token]:
    for token in parser.parse(report):
        yield token
        yield from token.children or ()


def tables(report: str) -> list[list[list[str]]]:
    """Every table's rows of cells, as text."""
    found: list[list[list[str]]] = []
    inside = False
    for token in parser.parse(report):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("th_open", "td_open"):
            inside = True
        elif token.type == "inline" and inside:
            found[-1][-1].append(text_of(token))
            inside = False
    return found


def text_of(inline: Token) -> str:
    return "".join(token.content for token in inline.children or () if token.type in ("text", "code_inline"))


def assert_harmless(report: str) -> None:
    for token in tokens(report):
        assert token.type not in ("link_open", "image", "fence", "code_block", "s_open", "em_open", "hr")
        if token.type in ("html_block", "html_inline"):
            assert OUR_HTML.fullmatch(token.content)
    outside_code = (token.content for token in tokens(report) if token.type == "text")
    # What GitHub and GitLab turn into links after parsing, wherever it is not code.
    assert not re.search(r"://|www\.|@|#\d|:[a-z+]\w*:|\b[0-9a-f]{7,40}\b", "\n".join(outside_code))


_pieces = st.sampled_from([*NASTY, " ", "x", "-", "gpt-4o"])
nasty_texts = st.lists(_pieces, max_size=6).map("".join) | st.text(max_size=40)
