"""What a run must never show: every secret an environment holds, and how well each can be told from ordinary words."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from envcheck.model import DEFAULT_PROMPT

if TYPE_CHECKING:
    from envcheck.model import Environment, JsonValue

MIN_KEY: Final = 8
"""A key with fewer letters and digits cannot be told from ordinary words."""

PLACEHOLDERS: Final = frozenset(
    """
    ollama empty none null nil undefined dummy fake test testkey apikey yourapikey key token secret
    password changeme placeholder example sample local localhost localkey anything whatever notneeded notrequired
    notused unused noop nokey nokeyrequired skno skxxx sknokeyrequired sknotneeded skdummy skfake sktest
    lmstudio llamacpp vllm litellm xinference gpt4all jan koboldcpp skanything bearer default user admin
    root true false yes no na tbd xxx xxxx xxxxxx xxxxxxxx foo bar foobar
    """.split()  # noqa: SIM905 - quotation marks would hide the words
)
"""Keys that people set where a server asks for none. They are no secrets, and they occur in honest text."""

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,20})[ \t]+(\S.*)", re.DOTALL)
_PARTS: Final = re.compile(r"[\s;,]+")
_WORD_OF_THE_API: Final = re.compile(r"[a-z][a-z_]{0,30}")


class SecretKind(StrEnum):
    """Where a secret comes from."""

    KEY = "key"
    PROMPT = "prompt"
    HEADER = "header value"
    QUERY = "query value"
    PROXY = "proxy credential"
    PROXY_USER = "name of a proxy's user"
    PARAMETER = "chat parameter"
    GENERATED = "generated text"


@dataclass(frozen=True, slots=True)
class Secret:
    """One value that must not come out."""

    kind: SecretKind
    value: str

    @property
    def is_prose(self) -> bool:
        """Whether it is made of sentences, so that sharing a word or two with it means nothing."""
        return self.kind in {SecretKind.PROMPT, SecretKind.GENERATED}

    def __repr__(self) -> str:
        """Name the kind only: a secret must not come out by a traceback or a debugger's log either."""
        return f"Secret({self.kind.value})"


def secrets_of(environment: Environment) -> tuple[Secret, ...]:
    """Open every secret of one environment; the default prompt is one too, for an echo of it is still the prompt."""
    return tuple(dict.fromkeys(secret for secret in _opened(environment) if secret.value.strip()))


def letters_and_digits(text: str) -> int:
    """Count what matching has to go by."""
    return sum(map(str.isalnum, text))


def _opened(environment: Environment) -> Iterator[Secret]:
    if environment.api_key is not None:
        for value in _credentials(environment.api_key.get_secret_value()):
            yield Secret(SecretKind.KEY, value)
    prompt = environment.prompt.get_secret_value() if environment.prompt is not None else DEFAULT_PROMPT
    yield Secret(SecretKind.PROMPT, prompt)
    for header in environment.headers.values():
        for value in _credentials(header.get_secret_value()):
            yield Secret(SecretKind.HEADER, value)
    for query in environment.query.values():
        yield Secret(SecretKind.QUERY, query.get_secret_value())
    if environment.proxy is not None:
        yield from _userinfo(environment.proxy.get_secret_value())
    for options in environment.options.values():
        yield from _parameters(options.params)


def _credentials(value: str) -> Iterator[str]:
    """Give the value whole, without its scheme, and in the parts that a cookie or a list of values has."""
    yield value
    bare = value
    if scheme := _SCHEME.fullmatch(value.strip()):
        bare = scheme[2]
        yield bare
        if scheme[1].lower() == "basic":
            yield from _basic(bare)
    for part in _PARTS.split(bare):
        name, equals, tail = part.partition("=")
        for piece in (part, tail if equals and name else ""):
            if piece != value and letters_and_digits(piece) >= MIN_KEY:
                yield piece


def _basic(value: str) -> Iterator[str]:
    try:
        plain = base64.b64decode(value).decode()
    except (binascii.Error, ValueError):
        return
    user, _, password = plain.partition(":")
    yield from (plain, password, user)


def _userinfo(proxy: str) -> Iterator[Secret]:
    """Give user, password and both; the words of a proxy's host are no secret."""
    try:
        userinfo, found, _ = urlsplit(proxy).netloc.rpartition("@")
    except ValueError:
        return
    if not found:
        return
    for spelled in dict.fromkeys((userinfo, unquote(userinfo))):
        user, _, password = spelled.partition(":")
        yield Secret(SecretKind.PROXY, spelled)
        yield Secret(SecretKind.PROXY, password)
        yield Secret(SecretKind.PROXY_USER, user)


def _parameters(value: JsonValue) -> Iterator[Secret]:
    """Take sentences as prompts; leave the enums of the API (`low`, `json_object`) alone."""
    match value:
        case str() if len(value.split()) > 1:
            yield Secret(SecretKind.PROMPT, value)
        case str() if not _WORD_OF_THE_API.fullmatch(value) and letters_and_digits(value) >= MIN_KEY:
            yield Secret(SecretKind.PARAMETER, value)
        case Mapping():
            for member in value.values():
                yield from _parameters(member)
        case list() | tuple():
            for member in value:
                yield from _parameters(member)
        case _:
            pass
