"""Each layer does work that no other does: without it, a line of this table comes out."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from echoes import KEYS, readable
from known_secrets import BASE
from pydantic import SecretStr

from envcheck.errors import LeakError
from envcheck.redact import Redactor
from envcheck.redact.layers import LAYERS, MAX_WORK

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = KEYS["words"]
UNKNOWN = "Reply to the customer in a friendly tone"

# Layer, a sentence that it alone is there for, and what must not be in what is shown.
ONLY_BY = [
    ("normalise", "bad key c%6Frr\\u0065ct-&#104;orse-b&#x61;tt%65ry-st&#97;ple", lambda shown: "orse-b" in shown),
    ("normalise", "red \x1b[31malert\u202e", lambda shown: "\x1b" in shown),
    ("known", f"bad key {WORDS}", lambda shown: readable(shown, WORDS) is not None),
    ("known", f"bad key {WORDS[:14]}", lambda shown: readable(shown, WORDS) is not None),
    ("patterns", f'cannot parse "{UNKNOWN}" as a number', lambda shown: UNKNOWN in shown),
    ("patterns", "proxy http://sam:letmein@proxy.example refused", lambda shown: "letmein" in shown),
    ("opaque", "upstream trace 4bf92f3577b34da6a3ce929d0e0e4736", lambda shown: "4bf92f35" in shown),
]


def view_without(layer: str | None) -> Redactor:
    """Give a redactor of a run, with one of its layers removed."""

    class Crippled(Redactor):
        layers = tuple(each for each in LAYERS if each.name != layer)

    environment = replace(BASE, api_key=SecretStr(WORDS))
    return Crippled.for_run((environment,)).within(environment)


@pytest.mark.parametrize(("layer", "sentence", "leaked"), ONLY_BY)
def test_each_layer_is_needed(layer: str, sentence: str, leaked: Callable[[str], bool]) -> None:
    """With all layers nothing leaks; without this one it does."""
    assert not leaked(view_without(None).text(sentence) or "")
    assert leaked(view_without(layer).text(sentence) or "")


def test_the_tripwire_stops_what_every_layer_missed() -> None:
    """The last layer needs none of the others."""
    view = Redactor.for_run((replace(BASE, api_key=SecretStr(KEYS["hex"])),))
    with pytest.raises(LeakError) as raised:
        view.check(f'{{"error_preview": "{KEYS["hex"]}"}}')
    assert readable(str(raised.value), KEYS["hex"]) is None


@pytest.mark.parametrize("room", range(MAX_WORK - 60, MAX_WORK + 5, 5))
def test_a_secret_at_the_cut_is_not_cut_in_two(room: int) -> None:
    """What is too long is cut after scrubbing, and what stood at the cut goes."""
    key = KEYS["provider-prefixed"]
    environment = replace(BASE, api_key=SecretStr(key))
    view = Redactor.for_run((environment,)).within(environment)
    words = ("upstream said no " * (room // 17 + 1))[:room]
    shown = view.text(f"{words}{key} and more", limit=MAX_WORK * 2)
    assert shown is not None
    assert not any(key[i : i + 6] in shown for i in range(len(key) - 6))


def test_a_text_is_cut_at_a_blank() -> None:
    """The preview ends with a whole word, within its limit."""
    shown = Redactor().text("all upstream servers are busy " * 20, limit=50)
    assert shown == "all upstream servers are busy all upstream ..."


def test_one_endless_word_is_not_shown() -> None:
    """Where there is nowhere to cut, nothing is shown."""
    assert Redactor().text("no-" * 200) is None


def test_what_never_settles_is_not_shown() -> None:
    """A thousand layers of escapes are not worth undoing."""
    assert Redactor().text("%" + "25" * 1000 + "41") is None


@pytest.mark.parametrize("letters", ["", " ", "\x00\x1b[0m\u200b", "[redacted]", "([redacted])"])
def test_nothing_left_is_none(letters: str) -> None:
    """A preview that says nothing is left out of the report."""
    assert Redactor().text(letters) is None


def test_base64_of_a_secret_with_other_text_around_it_is_found_at_every_alignment() -> None:
    """Where in a longer text the secret began decides how it is spelled; all three ways are known."""
    environment = replace(BASE, api_key=SecretStr(WORDS))
    view = Redactor.for_run((environment,)).within(environment)
    for filling in ("", "x", "xy"):
        spelled = " ".join(base64.b64encode(f"{filling}{WORDS}".encode()).decode())
        assert readable(view.text(f"seen {spelled} today") or "", WORDS) is None
