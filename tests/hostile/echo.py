"""The key that a reply gives back, spelled in one of many ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leaks.kinds import STRONG_KEY
from leaks.spellings import SPELLINGS

if TYPE_CHECKING:
    from random import Random

KEY: Final = STRONG_KEY
_SPELLINGS: Final = tuple(SPELLINGS.values())


def echoed(rng: Random) -> str:
    """Spell the key: as it is in half of the replies, for nothing does that more often than an honest mistake."""
    return KEY if rng.random() < 0.5 else rng.choice(_SPELLINGS)(KEY)


def one_line(text: str) -> bytes:
    """Give it as it can stand in a header."""
    return text.encode("utf-8", "surrogatepass").replace(b"\r", b" ").replace(b"\n", b" ")
