"""What a run knows: the secrets of all of its environments, and which of them can be told from ordinary words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from envcheck.redact.known import NOVEL, STRONG, Known, halves
from envcheck.redact.opaque import is_opaque
from envcheck.redact.readings import bare
from envcheck.redact.secrets import PLACEHOLDERS, Secret, SecretKind, secrets_of
from envcheck.redact.tripwire import Spellings
from envcheck.redact.vocabulary import word_positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from envcheck.model import Environment

MIN_WORD: Final = 3
"""A header value of one or two characters stands everywhere, and says nothing."""
MIN_WHOLE_PROMPT: Final = 16
MIN_WHOLE_VALUE: Final = 6
"""How many characters of a header value must be no part of a word, for the tripwire to look for it."""
LONG: Final = 16
"""Half of so long a secret is one itself."""

_WORD: Final = re.compile(r"[^\W_]+")
_DATE_OR_VERSION: Final = re.compile(r"[vV]?[0-9][0-9.:_-]*(?:-?(?:preview|alpha|beta|rc|ga)[0-9.]*)?")


@dataclass(slots=True)
class Index:
    """Made once for a run; shared by every view of it."""

    known: Known = field(default_factory=Known)
    credentials: Spellings = field(default_factory=Spellings)
    """For the tripwire: keys and credentials, which cannot be in honest output."""
    spellings: Spellings = field(default_factory=Spellings)
    """For the tripwire too: header values and prompts, which the user's own words may well hold."""
    token_key: bytes = field(default_factory=partial(token_bytes, 32), repr=False)
    public: frozenset[str] = frozenset()
    """Words of what the user wrote to be shown: names, hosts, models. A secret has nothing to fear from those."""

    @classmethod
    def of(cls, environments: Iterable[Environment], public: Iterable[str] = ()) -> Index:
        """Learn the secrets of every environment."""
        environments = tuple(environments)
        shown = [*public, *(text for environment in environments for text in _public_texts(environment))]
        shown_skeletons = "\n".join(dict.fromkeys(map(bare, shown)))
        words = {bare(word) for text in shown for word in _WORD.findall(text)}
        index = cls(public=frozenset(word for word in words if len(word) >= MIN_WORD and not is_opaque(word)))
        for secret in dict.fromkeys(secret for each in environments for secret in secrets_of(each)):
            index._learn(secret, shown_skeletons)
        return index

    def has_weak_key(self, environment: Environment) -> bool:
        """Whether the environment's key cannot be told from ordinary words, or from what the user wrote to be shown."""
        return environment.api_key is not None and self._is_weak(environment.api_key.get_secret_value())

    def _is_weak(self, value: str) -> bool:
        skeleton = bare(value)
        return len(skeleton) < STRONG or skeleton in PLACEHOLDERS or self._novelty(skeleton) < NOVEL

    def _novelty(self, skeleton: str) -> int:
        return word_positions(skeleton, self.public).count(0)

    def _learn(self, secret: Secret, shown_skeletons: str) -> None:
        skeleton = bare(secret.value)
        if skeleton in PLACEHOLDERS or len(skeleton) < MIN_WORD:
            return
        is_public = skeleton in shown_skeletons
        if secret.kind is SecretKind.KEY and self._is_weak(secret.value):
            if self._novelty(skeleton) >= NOVEL:
                self.known.add_weak_key(secret.value)
            else:
                self.known.prose_words.add(skeleton)
        elif secret.kind is not SecretKind.KEY and (is_public or _DATE_OR_VERSION.fullmatch(secret.value)):
            self.known.prose_words.add(skeleton)
        elif not secret.is_prose and self._is_weak(secret.value):
            self.known.words.add(skeleton)
        else:
            self.known.add((secret,), self.public)
            self._spell(secret, skeleton, is_public=is_public)

    def _spell(self, secret: Secret, skeleton: str, *, is_public: bool) -> None:
        """Have the tripwire look for it, unless honest output may hold it."""
        if secret.is_prose:
            if not is_public and (len(skeleton) >= MIN_WHOLE_PROMPT or not skeleton.isascii()):
                self.spellings.add(secret.value)
            return
        is_ordinary = is_public or _DATE_OR_VERSION.fullmatch(secret.value) or self._novelty(skeleton) < MIN_WHOLE_VALUE
        if secret.kind is SecretKind.KEY or not is_ordinary:
            spellings = self.credentials if _is_credential(secret) else self.spellings
            spellings.add(secret.value, self._telling_halves(secret.value) if len(skeleton) >= LONG else ())

    def _telling_halves(self, value: str) -> Iterator[str]:
        return (half for half in halves(value) if self._novelty(bare(half)) >= MIN_WHOLE_VALUE)


def _is_credential(secret: Secret) -> bool:
    """Whether a secret lets somebody in, so that nobody writes it into a name or a reason on purpose."""
    if secret.kind in {SecretKind.HEADER, SecretKind.QUERY}:
        return any(map(is_opaque, _WORD.findall(secret.value)))
    return secret.kind in {SecretKind.KEY, SecretKind.PROXY}


def _public_texts(environment: Environment) -> Iterator[str]:
    yield environment.name
    yield environment.base_url
    for text in (environment.model, environment.api_key_env, environment.auth_header):
        if text is not None:
            yield text
    yield from environment.headers
    yield from environment.query
