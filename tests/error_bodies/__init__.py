"""Error bodies in the shapes that real gateways give them, with made-up ids, and what is to be taken out of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from envcheck.model import Exchange, Request, Route

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKED_MODEL: Final = "nova-9"
"""What every body that names the model calls it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One error reply and what is held of it."""

    gateway: str
    about: str
    status: int
    body: str
    failure: str
    shows: tuple[str, ...] = ()
    """Parts of sentences; each stands in a message. None at all means that no message is taken."""
    words: tuple[str, ...] = ()
    """The code and the kind, in this order, where there are any."""
    hides: tuple[str, ...] = ()
    """What stands in the body and in nothing that is taken."""
    content_type: str = "application/json"
    probe: str = "chat"

    @property
    def name(self) -> str:
        """What a test of it is called."""
        return f"{self.gateway}: {self.about}"

    @property
    def exchange(self) -> Exchange:
        """The exchange in which it came."""
        chat = Request(Route("POST", "/chat/completions"), {"model": ASKED_MODEL})
        return Exchange(
            request=chat if self.probe == "chat" else Request(Route("GET", "/models")),
            status=self.status,
            headers={"content-type": self.content_type},
            body=self.body.encode(),
        )


def _read() -> Iterator[Sent]:
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["sent"]:
            fields: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
            }
            yield Sent(**fields)


SENT: Final = tuple(_read())
