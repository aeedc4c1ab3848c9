"""Nothing useful is lost: what real gateways write comes through untouched, whether or not secrets are known."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from echoes import KEYS
from known_secrets import redactor

from envcheck.evidence import LEFT_OUT
from envcheck.model import Fault
from envcheck.redact import Redacted, Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = ("benign.toml", "benign_unseen.toml")
CORPUS = [
    (kind, text)
    for name in FILES
    for kind, texts in tomllib.loads(Path(__file__).with_name(name).read_text("utf-8")).items()
    for text in texts
]
KNOWING = redactor(key=KEYS["provider-prefixed"], header="team-zebra-4471-internal", query="2024-10-21")


def shown(view: Redactor, kind: str, text: str) -> Redacted | None:
    """Send a line of the corpus through the method of its kind."""
    methods: dict[str, Callable[[str], Redacted | None]] = {
        "sentences": lambda raw: view.text(raw, limit=1000),
        "model_ids": view.model_id,
        "hosts": view.url,
        "key_paths": view.key_path,
        "identifiers": view.identifier,
    }
    return methods[kind](text)


@pytest.mark.parametrize(("kind", "text"), CORPUS)
def test_benign_text_comes_through_untouched(kind: str, text: str) -> None:
    """Every line is shown as it is, and loaded as it is."""
    for view in (Redactor(), KNOWING):
        assert shown(view, kind, text) == text
        assert view.loaded(text) == text


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    """At least 150 sentences and names, or the figure says nothing."""
    assert len(CORPUS) >= 150


@pytest.mark.parametrize("words", [*Fault, *LEFT_OUT])
def test_words_of_our_own_are_loaded_as_they_were_written(words: str) -> None:
    """A report's own phrases survive being saved and read again."""
    assert Redactor().loaded(words) == words


def test_all_model_ids_at_once_are_the_same_as_one_by_one() -> None:
    """The fast way through a list is a short cut, not another judgement."""
    ids = [text for kind, text in CORPUS if kind == "model_ids"] + [KEYS["provider-prefixed"], "a b", "ключ"]
    assert KNOWING.model_ids(ids) == [KNOWING.model_id(text) for text in ids]
