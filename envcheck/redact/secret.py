"""What must not come out: secrets as they are handed over, and the values inside of them."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from envcheck.redact.normal import folded
from envcheck.redact.opaque import is_grouped_key, is_opaque
from envcheck.redact.vocabulary import known_positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import SecretStr

STRONG: Final = 8  # letters and digits of a key; a shorter one can be guessed
_UNKNOWN: Final = 4  # with fewer of them outside of known words, as in `staging-eu-1`, a key can be guessed too
_SHORTEST: Final = 3  # a value of one or two characters stands everywhere, and says nothing

# Keys that people set where a server asks for none. They are no secrets, and they occur in honest text.
_PLACEHOLDERS: Final = frozenset(
    """
    ollama empty none null nil undefined dummy fake test testkey apikey yourapikey key token secret password changeme
    placeholder example sample local localhost localkey anything whatever notneeded notrequired notused unused noop
    nokey nokeyrequired skno skxxx sknokeyrequired sknotneeded skdummy skfake sktest skanything lmstudio llamacpp vllm
    litellm xinference gpt4all koboldcpp bearer default user admin root true false yes tbd xxx xxxx foo bar foobar
    """.split()  # noqa: SIM905 - quotation marks would hide the words
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,20})[ \t]+(\S.*)", re.DOTALL)


class SecretKind(StrEnum):
    """Where a secret comes from; that decides where it is looked for."""

    KEY = "key"  # also a value whose header or parameter is named like one
    HEADER = "header value"
    QUERY = "query value"
    PROXY = "proxy"  # its whole address, of which the userinfo is secret
    PROMPT = "prompt"
    GENERATED = "generated text"


@dataclass(frozen=True, slots=True)
class Secret:
    """One value that must not come out."""

    kind: SecretKind
    value: SecretStr


@dataclass(frozen=True, slots=True)
class Value:
    """One value inside of a secret, as it may stand in a text by itself."""

    text: str
    lets_in: bool  # as a key does, rather than being words such as the name of a team

    @property
    def is_strong(self) -> bool:
        """Whether it is long and strange enough to be told from ordinary words, by a part of it too."""
        skeleton = folded(self.text)
        if len(skeleton) < STRONG or skeleton.isdigit():
            return is_opaque(skeleton)  # a date or a count is none
        return known_positions(skeleton).count(0) >= _UNKNOWN


def can_be_guessed(key: str) -> bool:
    """Whether a key is so short, or so much made of ordinary words, that it is only looked for whole."""
    return folded(key) not in _PLACEHOLDERS and not Value(key, lets_in=True).is_strong


def values_of(secret: Secret) -> list[Value]:
    """Open a secret that is no prose: without its scheme, in its parts where it is a cookie or a list, the userinfo."""
    opened = secret.value.get_secret_value()
    if secret.kind is SecretKind.PROXY:
        values = _userinfo(opened)
    else:
        is_key = secret.kind is SecretKind.KEY
        values = (Value(text, is_key or _is_no_words(text)) for text in _parts(opened))
    folds = {value: folded(value.text) for value in values}
    return [value for value, fold in folds.items() if len(fold) >= _SHORTEST and fold not in _PLACEHOLDERS]


def _is_no_words(value: str) -> bool:
    """Whether a header's or a parameter's value is a credential rather than the name of a team, a region or a model."""
    if any(map(is_opaque, re.findall("[A-Za-z0-9]+", value))):
        return True
    # In groups nothing of it is long, so that only the whole tells it from a short name or from dates.
    skeleton = folded(value)
    is_number = skeleton.isdigit() and known_positions(skeleton).count(0) >= _UNKNOWN
    return Value(value, lets_in=True).is_strong and (is_number or is_grouped_key(value))


def _parts(value: str) -> Iterator[str]:
    yield value
    bare = value.strip()
    if scheme := _SCHEME.fullmatch(bare):
        bare = scheme[2]
        yield bare
        if scheme[1].lower() == "basic":
            with suppress(ValueError):
                plain = base64.b64decode(bare).decode()
                yield from (plain, *plain.split(":", 1))
    for part in re.split(r"[\s;,]+", bare):
        yield from (piece for piece in (part, part.partition("=")[2]) if len(folded(piece)) >= STRONG)


def _userinfo(proxy: str) -> Iterator[Value]:
    with suppress(ValueError):
        userinfo = urlsplit(proxy).netloc.rpartition("@")[0]
        for spelled in (userinfo, unquote(userinfo)):
            user, _, password = spelled.partition(":")  # what stands alone before the `@` is a token
            yield from (Value(spelled, lets_in=True), Value(password, lets_in=True), Value(user, not password))
