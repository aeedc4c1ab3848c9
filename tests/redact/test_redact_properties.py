"""Whatever a stranger sends: nothing known comes out, twice is as once, and it is always one short line."""

from __future__ import annotations

import time
import unicodedata

import pytest
from echoes import ENCODINGS, KEYS, readable
from hypothesis import given, settings
from hypothesis import strategies as st
from known_secrets import redactor

from envcheck.redact import Redactor

KEY = KEYS["special"]
VIEW = redactor(key=KEY, header="team-zebra-4471-internal")
PIECES = st.sampled_from(
    [KEY, KEY[:9], KEY[9:], "error", " ", "\n", "'", '"', "&#", "&amp;", "%25", "%", "\\", "\\u00", "\x1b[", "\u202e",
     "https://",
     "sk-", "Bearer ", "token=", "a1b2", "…", "[redacted]", "\ue000", "<b>", "e\u0301", "模型",
     "@", "?a=", ".", "-", "/", "***", "1" * 9]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=120),
    st.text(st.characters(), max_size=60),  # a lone surrogate is JSON too
    st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=16).map("".join),
    st.sampled_from(sorted(ENCODINGS)).map(lambda name: f"bad key {ENCODINGS[name](KEY)}, sorry"),
)


def outputs(view: Redactor, raw: str) -> list[str]:
    """Send one text through every method for what strangers write."""
    shown = (
        view.text(raw),
        view.identifier(raw),
        view.model_id(raw),
        view.key_path(raw),
        view.url(raw),
        view.loaded(raw),
    )
    return [text for text in shown if text is not None]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_nothing_known_comes_out_and_nothing_changes_the_second_time(raw: str) -> None:
    """By any method; and what one method gave, loading leaves alone, with secrets known and without."""
    for text in outputs(VIEW, raw):
        assert readable(text, KEY) is None
        assert VIEW.loaded(text) == text
        assert Redactor().loaded(text) == text


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_what_comes_out_is_one_short_line_without_controls(raw: str) -> None:
    """No terminal sequence, no bidi override, no line break, and never longer than the caller asked for."""
    for text in outputs(Redactor(), raw):
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for character in text)
    shown = Redactor().text(raw, limit=40)
    assert shown is None or len(shown) <= 40


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_list_comes_out_as_long_as_it_went_in(names: list[str]) -> None:
    """Each name has its place, whatever became of it."""
    assert len(VIEW.model_ids(names)) == len(names)


@pytest.mark.clock
@pytest.mark.parametrize(
    "bit",
    ["a", "1", "%25", "<", "' ", "'a ", '"', "a-", "key=", "//a@", "\\u0041", "sk-", "eyJa.", "-----BEGIN A-----",
     "&#1", "0x41 ", "12 ",
     "a b ", "\x1b[", "\u200b", "***", "?a=", "Bearer ", 'token="', "ab...", "u:p@", "=", "\u2026", "e\u0301"],
)  # fmt: skip
def test_no_input_makes_it_slow(bit: str) -> None:
    """Servers choose this input: 64 KiB of anything take a moment, where anything but linear would take minutes."""
    raw = bit * (65536 // len(bit)) + "!"
    start = time.process_time()
    VIEW.text(raw)
    VIEW.url(raw)
    VIEW.scrub(raw[:4096])
    assert time.process_time() - start < 5
