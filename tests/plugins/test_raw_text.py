"""Facts whose type lets raw text through are refused before a request is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    ConfigDict,
    Field,
    StringConstraints,
    computed_field,
    create_model,
    field_serializer,
    model_serializer,
)

from envcheck.plugins.raw_text import raw_texts
from envcheck.probes import PROBES
from envcheck.record import Facts
from envcheck.redact import Redacted, SafeText


class Word(StrEnum):
    """A few words."""

    YES = "yes"


class Inner(Facts):
    """A safe one."""

    name: SafeText


class Leaky(Facts):
    """One that is not."""

    said: str


SAFE = [
    bool,
    int | None,
    float,
    date,
    Word,
    Literal["a", "b"],
    SafeText,
    SafeText | None,
    Inner,
    tuple[SafeText, ...],
    Mapping[SafeText, int],
    Annotated[int, Field(ge=0)],
    Annotated[tuple[SafeText, ...], Field(max_length=5)],
]
UNSAFE = [
    str,
    str | None,
    Redacted,
    bytes,
    object,
    Any,
    dict[str, int],
    list[SafeText],
    Leaky,
    tuple[str, ...],
    tuple[SafeText, str],
    Mapping[str, int],
    Annotated[str, StringConstraints(pattern=".*")],
]


def facts_of(kind: Any) -> type[Facts]:
    return create_model("Made", __base__=Facts, fact=(kind, ...))


@pytest.mark.parametrize("kind", SAFE, ids=range(len(SAFE)))
def test_what_cannot_hold_raw_text_is_let_through(kind: Any) -> None:
    """Numbers, truths, days, words of one's own, and text that is redacted when it is read."""
    assert list(raw_texts(facts_of(kind))) == []


@pytest.mark.parametrize("kind", UNSAFE, ids=range(len(UNSAFE)))
def test_what_could_hold_raw_text_is_named(kind: Any) -> None:
    """Also deep inside, and where nothing says what it is."""
    assert list(raw_texts(facts_of(kind))) == ["fact"]


def test_facts_that_take_anything_are_refused() -> None:
    """What they take has no type at all."""
    open_to_all = create_model("Open", __base__=Facts, n=(int, 1))
    open_to_all.model_config = ConfigDict(extra="allow")
    assert list(raw_texts(open_to_all)) == ["whatever else it is given"]


class Computing(Facts):
    """One that says more than its fields hold."""

    @computed_field  # type: ignore[prop-decorator]  # as pydantic documents it
    @property
    def said(self) -> str:
        """Whatever it likes."""
        return "raw"


class Serializing(Facts):
    """One that is written otherwise than it is held."""

    name: SafeText

    @field_serializer("name")
    def _raw(self, _name: Redacted) -> str:
        return "raw"


class SerializingAll(Facts):
    """One that writes itself."""

    @model_serializer
    def _raw(self) -> dict[str, str]:
        return {"said": "raw"}


@pytest.mark.parametrize("facts", [Computing, Serializing, SerializingAll])
def test_facts_that_write_what_no_redactor_saw_are_refused(facts: type[Facts]) -> None:
    """Also deep inside: what is computed or serialized comes after the fields were redacted."""
    assert list(raw_texts(facts)) == ["what it computes or serializes by itself"]
    assert list(raw_texts(facts_of(facts))) == ["fact"]


def test_most_of_our_own_probes_would_be_let_through() -> None:
    """So it asks for nothing that cannot be done."""
    assert sum(not any(raw_texts(probe.facts)) for probe in PROBES.values()) >= len(PROBES) // 2
