"""Each rule does work that no other does: without it, a line of this table comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from echoes import KEYS, readable
from known_secrets import redactor

from envcheck.errors import LeakError
from envcheck.redact import Redactor, known, opaque, patterns
from envcheck.redact import redactor as rules

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS: Final = KEYS["words"]
UNKNOWN: Final = "Reply to the customer in a friendly tone"


def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()


TAKEN_AWAY: Final[dict[str, tuple[object, str, object]]] = {
    "normalise": (rules, "normalised", str),
    "known, plain": (known.Known, "spans", _nothing),
    "known, encoded": (known.Known, "is_encoded", _nothing),
    "patterns": (patterns, "spans", _nothing),
    "opaque": (opaque, "spans", _nothing),
}
# A rule, a sentence that it alone is there for, and how to tell that the sentence came out.
ONLY_BY: Final = [
    ("normalise", "bad key c%6Frr\\u0065ct-&#104;orse-b&#x61;tt%65ry-st&#97;ple", lambda shown: "orse-b" in shown),
    ("normalise", "red \x1b[31malert\u202e", lambda shown: "\x1b" in shown),
    ("known, plain", f"bad key {WORDS}", lambda shown: readable(shown, WORDS) is not None),
    ("known, plain", f"bad key {WORDS[:14]}", lambda shown: readable(shown, WORDS) is not None),
    ("known, encoded", f"bad key {WORDS.encode().hex(' ', 3)}", lambda shown: "6f7272" in shown),
    ("patterns", f'prompt: "{UNKNOWN}" has no number', lambda shown: UNKNOWN in shown),
    ("patterns", "proxy http://sam:letmein@proxy.example refused", lambda shown: "letmein" in shown),
    ("opaque", "upstream trace 4bf92f3577b34da6a3ce929d0e0e4736", lambda shown: "4bf92f35" in shown),
]


@pytest.mark.parametrize(("rule", "sentence", "leaked"), ONLY_BY)
def test_each_rule_is_needed(
    rule: str, sentence: str, leaked: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all rules nothing leaks; without this one it does."""
    assert not leaked(redactor(key=WORDS).text(sentence) or "")
    monkeypatch.setattr(*TAKEN_AWAY[rule])
    assert leaked(redactor(key=WORDS).text(sentence) or "")


def test_the_tripwire_stops_what_every_rule_missed() -> None:
    """The last one needs none of the others, and says nothing about what it found."""
    with pytest.raises(LeakError) as raised:
        redactor(key=KEYS["hex"]).check(f'{{"error_preview": "{KEYS["hex"]}"}}')
    assert readable(str(raised.value), KEYS["hex"]) is None


@pytest.mark.parametrize("room", range(200, 700, 20))
def test_a_secret_at_the_cut_is_not_cut_in_two(room: int) -> None:
    """What is too long is cut after redaction, and what stood at the cut goes."""
    key = KEYS["provider-prefixed"]
    words = ("upstream said no " * (room // 17 + 1))[:room]
    shown = redactor(key=key).text(f"{words}{key} and more of it " * 3)
    assert shown is not None
    assert len(shown) <= 300
    assert not any(key[i : i + 8] in shown for i in range(8, len(key) - 8))


@pytest.mark.parametrize("room", range(16))
def test_what_is_left_of_a_secret_behind_the_last_that_is_read_goes_too(room: int) -> None:
    """Where much was taken out, the end of what was read is near the front of what is shown."""
    key = KEYS["short ten"]
    shown = redactor(key=key).text(f"seen {f'{key} ' * 44}{'n' * room} {key} " + "and more " * 60)
    assert key[:4] not in (shown or "")


def test_a_backslash_between_the_pieces_hides_no_key() -> None:
    """What reads as an escape took a letter of it, so nobody can say where it stood."""
    assert redactor(key="qtN4bZw8rK6nX").text("bad key q\\tN4\\bZw8\\rK6\\nX given") is None


def test_a_text_is_cut_at_a_blank() -> None:
    """The preview ends with a whole word, within its limit."""
    shown = Redactor().text("all upstream servers are busy " * 20, limit=50)
    assert shown == "all upstream servers are busy all upstream ..."


def test_one_endless_word_is_not_shown() -> None:
    """Where there is nowhere to cut, nothing is shown."""
    assert Redactor().text("no-" * 400) is None


def test_what_never_settles_is_not_shown() -> None:
    """A thousand layers of escapes are not worth undoing."""
    assert Redactor().text("%" + "25" * 1000 + "41") is None


def test_a_rule_that_never_settles_costs_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not the run."""
    monkeypatch.setattr(rules, "normalised", lambda text: f"{text} more")
    assert Redactor().text("text") is None


@pytest.mark.parametrize("letters", ["", " ", "\x00\x1b[0m\u200b", "[redacted]", "([redacted])"])
def test_nothing_left_is_none(letters: str) -> None:
    """A preview that says nothing is left out of the report."""
    assert Redactor().text(letters) is None


@pytest.mark.parametrize(
    "command",
    [
        "::error::all is lost", "::set-output name=x::1", "::ADD-MASK::y", "::stop-commands::token", "::token::",
        "##vso[task.setvariable variable=x]1", "##[error]x", "##teamcity[buildStatus status='FAILURE']",
    ],
)  # fmt: skip
def test_no_text_of_a_server_gives_a_builds_log_an_order(command: str) -> None:
    """At the front of a text or within it, in sentences, names and tracebacks: the order is broken, and can be read."""
    start = "::" if command.startswith("::") else "##"
    view = Redactor()
    for text in (command, f"a table wraps {command} here", command.replace("::", "%3A:", 1)):
        shown = (view.text(text) or "", view.model_id(text), view.loaded(text), view.scrub(f"line\n{text}"))
        assert not any(f"{start}{command[2:6]}" in line for line in shown)
    assert (view.text(command) or "").startswith(f"{start[0]} {start[0]}{command[2:5]}")


@pytest.mark.parametrize("honest", ["std::vector of it", "ft:gpt-4o:acme::9AbCdEfG", "C## and # 4", "a::b"])
def test_two_colons_alone_are_no_order(honest: str) -> None:
    """Names of classes and of fine-tuned models have them."""
    assert Redactor().text(honest) == honest
    assert Redactor().loaded(honest) == honest
