"""The one maker of `Redacted` text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, LiteralString, NewType

from pydantic import AfterValidator, ValidationInfo

from envcheck.errors import LeakError
from envcheck.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Redacted = NewType("Redacted", str)
"""Text that is safe to share. Only `Redactor` makes it, so mypy refuses anything else in evidence."""


def _cleaned_when_loaded(text: Redacted, info: ValidationInfo) -> Redacted:
    """Distrust saved evidence: a file may have been written by anyone."""
    context = info.context
    return context.loaded(text) if isinstance(context, Redactor) else text


SafeText = Annotated[Redacted, AfterValidator(_cleaned_when_loaded)]
"""`Redacted` as a field of a model: taken as it is in the process, redacted anew when loaded from a file."""


class SecretKind(StrEnum):
    KEY = "key"
    PROMPT = "prompt"
    HEADER = "header value"
    QUERY = "query value"
    PROXY = "proxy credential"


@dataclass(frozen=True, slots=True)
class Secret:
    kind: SecretKind
    value: str


class Redactor:
    """STAND-IN: to be replaced whole by the redaction room."""

    def __init__(self, secrets: Iterable[Secret] = (), *, public: Iterable[str] = (), withhold: bool = False) -> None:
        self._secrets = tuple(s.value for s in secrets)
        self._public = tuple(public)
        self.withholds: Final = withhold

    def within(self, secrets: Iterable[Secret], *, server_text: bool) -> Redactor:
        """Give the view for one environment, which withholds server text where its own secrets ask for it."""
        return self

    def also(self, *texts: str) -> Redactor:
        return self

    def own(self, words: LiteralString | Fault) -> Redacted:
        return Redacted(str(words))

    def name(self, text: str) -> Redacted:
        return Redacted(text)

    def text(self, raw: str) -> Redacted:
        out = raw
        for s in self._secrets:
            out = out.replace(s, "[redacted]")
        return Redacted(re.sub(r"[\x00-\x1f\x7f]", " ", out)[:300])

    def identifier(self, raw: str) -> Redacted | None:
        return self.text(raw)

    def model_id(self, raw: str) -> Redacted:
        return self.text(raw)

    def model_ids(self, raw: Sequence[str]) -> list[Redacted]:
        return [self.text(r) for r in raw]

    def key_path(self, raw: str) -> Redacted | None:
        return self.text(raw)

    def url(self, raw: str) -> Redacted:
        return self.text(raw)

    def loaded(self, text: str) -> Redacted:
        return self.text(text)

    def scrub(self, text: str) -> str:
        return self.text(text)

    def check(self, artifact: str) -> None:
        for s in self._secrets:
            if s in artifact:
                raise LeakError("a secret")
