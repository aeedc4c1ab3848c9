"""A server may give a secret back anywhere and in any spelling; nothing of it may be readable afterwards."""

from __future__ import annotations

import random
import string
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from echoes import ENCODINGS, KEYS, OTHERS, PROMPTS, Echo, echoes, readable
from hypothesis import given, settings
from hypothesis import strategies as st
from known_secrets import redactor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.redact import Redacted, Redactor

# Of each secret's echoes every fifth: all encodings, all places, in other pairs for each secret.
STRIDE = 5
NOT_READ = frozenset(
    {
        "Python bytes", "base64 in groups", "base64 in lines", "base64 twice", "hex dump", "hex of base64", "in colour",
        "masked in the middle", "quoted printable", "first half", "last half", "hex of the last half",
        "base64 of the first half", "all but the last four",
    }
)  # fmt: skip


def shown(view: Redactor, echo: Echo) -> Redacted | None:
    """Send an echo through the method that its place calls for."""
    if echo.where.startswith("message"):
        return view.text(echo.text)
    if echo.where == "identifier":
        return view.identifier(echo.text)
    if echo.where == "key path":
        return view.key_path(echo.text)
    return view.model_id(echo.text) if echo.where == "model id" else view.url(echo.text)


def leaks(view: Redactor, secret: str, some: Iterator[Echo]) -> list[tuple[Echo, str, str | None]]:
    """Give every echo after which the secret can still be read, or which the tripwire would stop."""
    found: list[tuple[Echo, str, str | None]] = []
    for echo in some:
        text = shown(view, echo)
        if text is None:
            continue
        view.check(text)
        if (how := readable(text, secret)) is not None:
            found.append((echo, text, how))
        assert view.loaded(text) == text, "what was redacted once is left alone"
    return found


@pytest.mark.parametrize("kind", KEYS)
def test_no_echo_of_a_key_is_readable(kind: str) -> None:
    """Whatever a server makes of a key, and wherever it puts it, nothing of it comes out."""
    start = list(KEYS).index(kind) % STRIDE
    view = redactor(key=KEYS[kind])
    assert leaks(view, KEYS[kind], islice(echoes(KEYS[kind]), start, None, STRIDE)) == []


@pytest.mark.parametrize("kind", PROMPTS)
def test_no_echo_of_a_prompt_is_readable(kind: str) -> None:
    """The same for prompts."""
    view = redactor(key=KEYS["hex"], prompt=PROMPTS[kind])
    assert leaks(view, PROMPTS[kind], islice(echoes(PROMPTS[kind]), 1, None, STRIDE)) == []


@pytest.mark.parametrize("place", ["header", "query", "proxy"])
@pytest.mark.parametrize("kind", OTHERS)
def test_no_echo_of_another_secret_is_readable(kind: str, place: str) -> None:
    """Header values, query values and proxy credentials are secrets like keys."""
    start = list(OTHERS).index(kind)
    header, query, proxy = (OTHERS[kind] if name == place else None for name in ("header", "query", "proxy"))
    view = redactor(key=KEYS["hex"], header=header, query=query, proxy=proxy)
    some = islice(echoes(OTHERS[kind]), start, None, 4 * STRIDE)
    # What is words rather than a credential may be a part of an honest name.
    in_names = place == "proxy" or kind == "bearer header"
    assert leaks(view, OTHERS[kind], (echo for echo in some if in_names or echo.where.startswith("message"))) == []


def test_an_echo_can_be_read_before_redaction() -> None:
    """The judge of all of these tests is not blind: it reads what can be decoded, in nearly every encoding."""
    secret = KEYS["special"]
    unread = {name for name, encode in ENCODINGS.items() if readable(f"error: {encode(secret)} .", secret) is None}
    # Spread over several layers or pieces, or less than eight letters; they are taken out all the same.
    assert unread <= NOT_READ


# A letter that no vocabulary explains, so that what is drawn is a key and no word.
_CHARACTERS = string.ascii_letters + string.digits
_WITHIN_ONE_ANOTHER = ("plain", "JSON", "URL", "HTML", "base64", "URL-safe base64", "hex", "upper case", "in fours")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32), st.integers(12, 60), st.sampled_from(_WITHIN_ONE_ANOTHER), st.sampled_from(sorted(ENCODINGS))
)
def test_no_random_key_comes_out_of_two_encodings_at_once(seed: int, length: int, first: str, second: str) -> None:
    """One encoding within another is what a gateway before a gateway makes."""
    key = "".join(random.Random(seed).choices(_CHARACTERS, k=length))
    view = redactor(key=key)
    spelled = ENCODINGS[second](ENCODINGS[first](key))
    for text in (
        view.text(f"bad key {spelled} given"),
        view.model_id(spelled),
        view.url(f"https://h.example/{spelled}"),
    ):
        assert text is None or readable(text, key) is None


def test_a_key_split_over_message_type_and_code_is_taken_out_of_the_whole() -> None:
    """A preview is redacted as one text, for each part alone may be too short to tell."""
    key = KEYS["short"]
    assert readable(redactor(key=key).preview([key[:3]], [key[3:6], key[6:]]) or "", key) is None
