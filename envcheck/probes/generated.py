"""What a model may have written in a reply, found so that nothing of it comes out by another field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.probes.completion import is_held, long_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envcheck.model import JsonValue
    from envcheck.redact import Redactor


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model may have written in a reply."""

    texts: tuple[str, ...]
    is_all: bool
    """Whether that is all of it, and little enough to be held."""

    def known_to(self, redactor: Redactor) -> Redactor | None:
        """Return a view that knows it; None where nobody can know all of it."""
        return redactor.also(*self.texts) if self.is_all else None


def generated_in(members: Sequence[JsonValue], surely: Iterable[str] = ()) -> Generated:
    """Find text wherever a gateway puts it (reasoning, refusals, parts, arguments), beside what is `surely` such."""
    others, are_all = long_texts(members)
    texts = tuple(dict.fromkeys([*surely, *others]))
    return Generated(texts, are_all and is_held(texts))
