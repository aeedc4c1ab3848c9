"""Making strings harmless in each format."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_pages import assert_harmless, nasty_texts

from envcheck.render.escape import for_json, for_markdown, for_markdown_cell, for_markdown_prose, for_terminal


@given(st.text())
def test_a_terminal_is_never_steered(text: str) -> None:
    """One line of what can be seen, whatever comes."""
    assert for_terminal(text).isprintable()


def test_what_can_be_seen_stays() -> None:
    """Letters of any script, accents and signs."""
    text = "Fehler: naïve 模型 ≠ модель, 5 €"
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("gpt-4o", "`gpt-4o`"),
        ("meta-llama/Llama-3.1-8B", "`meta-llama/Llama-3.1-8B`"),
        ("a|b", "`a`&#124;`b`"),
        ("a `b` c", "`a` &#96;`b`&#96; `c`"),
        ("|", "&#124;"),
        ("  x\n\ty ", "`x y`"),
        ("", ""),
    ],
)
def test_markdown_is_code(text: str, markdown: str) -> None:
    """Readable as it is; what would end a code span or a cell stands between two."""
    assert for_markdown(text) == markdown


@pytest.mark.parametrize("text", ["stop", "12 models (-2 +1)", "31 ms ±0.8 (n=5)", "p = 0.008", "13", "not probed"])
def test_words_and_numbers_of_ours_need_no_code(text: str) -> None:
    """A table full of code is hard to read."""
    assert for_markdown_cell(text) == text


@pytest.mark.parametrize(
    "text",
    ["www.evil.example", "a.b", "@all", "#1", "deadbeef", "12345678", "_x_", "a_b", ":x:", "~1", "a-b", "", "<b>"],
)
def test_anything_else_is_code(text: str) -> None:
    """Whatever a forge could make a link or a format of."""
    assert for_markdown_cell(text) == for_markdown(text)


@given(st.text())
def test_escaped_json_means_the_same(text: str) -> None:
    """Nothing that steers is left in it, and a parser gives back every character."""
    document = json.dumps(text, ensure_ascii=False)
    escaped = for_json(document)
    assert json.loads(escaped) == text
    assert "\u202e" not in escaped
    assert "\x9b" not in escaped


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("staging lacks `gpt-4o`, p = 0.41, n = 7.", "staging lacks `gpt-4o`, p = 0.41, n = 7."),
        ("p < 0.001 → look at it, or switch `a.b_c` off", "p < 0.001 → look at it, or switch `a.b_c` off"),
        ("see http://evil.example. Now", "see `http://evil.example`. Now"),
        ("ask @all (or #12): <b>", "ask `@all` (or `#12`): `<b>`"),
        ("the key in base_url.", "the key in `base_url`."),
        ("www.evil.example GH-12 JIRA-7 deadbeef", "`www.evil.example` `GH-12` `JIRA-7` `deadbeef`"),
        ("eu-1 new-region größer 模型", "eu-1 new-region größer 模型"),
        (":bomb: **b** 1!", "`:bomb`: `**b**` `1!`"),
        ("`a|b`", "`a`&#124;`b`"),
        ("an `end", "an `end`"),
    ],
)
def test_a_sentence_is_read_as_words_and_code(text: str, markdown: str) -> None:
    """Names stand between backticks already, and a word that a forge could make something of becomes code."""
    assert for_markdown_prose(text) == markdown


@given(nasty_texts)
def test_no_sentence_does_harm(text: str) -> None:
    """Whoever wrote it, in bold or not, and wherever its backticks stand."""
    assert_harmless(f"- [ ] **{for_markdown_prose(text)}** · {for_markdown_prose(text)}\n")
