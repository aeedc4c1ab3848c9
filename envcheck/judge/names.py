"""What is known in memory of the names that a server gave, so that those which are redacted can be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.redact import Redacted, Redactor


@dataclass(frozen=True, slots=True)
class Names:
    """Tokens of raw names: equal for equal names within one run, and meaningless outside of it. Never stored."""

    all: frozenset[str] = frozenset()
    """Those of every reply."""
    always: frozenset[str] = frozenset()
    """Those that no reply lacked."""
    hidden: frozenset[str] = frozenset()
    """Of those that are not shown as they are."""

    @classmethod
    def of(cls, redactor: Redactor, raw: Sequence[str], shown: Sequence[Redacted]) -> Self:
        """Take note of names, each with what is shown of it."""
        tokens = [redactor.token(name) for name in raw]
        hidden = (token for token, name, safe in zip(tokens, raw, shown, strict=True) if name != safe)
        return cls(frozenset(tokens), frozenset(tokens), frozenset(hidden))

    def __or__(self, other: Names) -> Names:
        """Take note of another reply's too."""
        return Names(self.all | other.all, self.always & other.always, self.hidden | other.hidden)
