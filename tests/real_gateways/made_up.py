"""The secrets of one test run, made up anew each time, and the search for them in what came out."""

from __future__ import annotations

import base64
import html
import json
import secrets
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = 12
"""A piece of this length is no accident, and gives away too much of a key."""


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What must never come out: keys of several shapes, what is asked, and what is answered."""

    aimock: str = field(default_factory=lambda: f"sk-proj-{secrets.token_urlsafe(36)}")
    aimock_second: str = field(default_factory=lambda: secrets.token_hex(16))
    litellm: str = field(default_factory=lambda: f"sk-{secrets.token_urlsafe(16)}")
    litellm_upstream: str = field(default_factory=lambda: f"gsk_{secrets.token_hex(26)}")
    llama: str = field(default_factory=lambda: f"{secrets.token_hex(8)}+/=&%{secrets.token_hex(8)}")
    wrong: str = field(default_factory=lambda: f"sk-or-v1-{secrets.token_hex(32)}")
    header: str = field(default_factory=lambda: f"team-{secrets.token_hex(12)}")
    query: str = field(default_factory=lambda: f"tenant {secrets.token_hex(12)}")
    prompt: str = field(default_factory=lambda: f"Recite the violet harbour inventory {secrets.token_hex(4)}")
    generated: str = field(default_factory=lambda: f"Quarterly lighthouse keepers sing {secrets.token_hex(4)}")

    def all(self) -> dict[str, str]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


def leaks(text: str, known: dict[str, str]) -> list[str]:
    """Name each secret of which a form, or a piece, is in the text; never repeat it."""
    readings = {text.casefold(), html.unescape(text).casefold(), text.replace("\\", "").casefold()}
    return [
        f"{name} ({form})"
        for name, secret in known.items()
        for form, needle in _forms(secret)
        if any(needle.casefold() in reading for reading in readings)
    ]


def _forms(secret: str) -> Iterator[tuple[str, str]]:
    raw = secret.encode()
    for start in range(len(secret) - _PIECE + 1):
        yield "a piece", secret[start : start + _PIECE]
    yield "backwards", secret[::-1]
    yield "hex", raw.hex()
    yield "URL-encoded", quote(secret, safe="")
    yield "form-encoded", quote_plus(secret)
    yield "in JSON", json.dumps(secret)[1:-1]
    for shift in range(3):
        # Inside a longer text, base64 falls on one of three alignments; the ends of each depend on the neighbours.
        encoded = base64.b64encode(b"\0" * shift + raw).decode()[4 if shift else 0 :].rstrip("=")[:-2]
        yield "base64", encoded
        yield "base64 for URLs", encoded.translate(str.maketrans("+/", "-_"))
