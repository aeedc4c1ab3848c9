"""A reply made up from a number: mostly a good one with one to four things about it that are not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Final

from gateways.wire import reply
from hostile.bodies import BODIES, good, refusal
from hostile.echo import echoed
from hostile.framing import FRAMINGS, lengthened
from hostile.headers import HEADERS
from hostile.starts import STARTS

if TYPE_CHECKING:
    from gateways.wire import Exchange

_TYPE: Final = b"Content-Type: application/json"
_STATUSES: Final = (
    *(200,) * 8,
    201,
    204,
    206,
    301,
    302,
    304,
    307,
    400,
    401,
    403,
    404,
    408,
    413,
    429,
    500,
    502,
    503,
    529,
)
_WRONG: Final = (*("start",) * 3, *("headers",) * 5, *("body",) * 6, *("framing",) * 3, *("after",) * 2, "lines")
_ENCODINGS: Final = {b"\x1f\x8b": b"gzip", b"\x78\x9c": b"deflate", b"\x28\xb5": b"zstd", b"\x21\x03": b"br"}
_TOLD: Final = 0.7
"""So much of what is compressed, an error or a redirect says so."""
_MANY_BYTES: Final = 20_000


class Ending(Enum):
    """What becomes of the connection after the reply."""

    CLOSED = "closed"
    RESET = "reset"
    KEPT = "kept"
    """Open for the next request, as after a good reply: a body whose end never comes is waited for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent to one request."""

    data: bytes
    ending: Ending = Ending.KEPT
    cuts: tuple[int, ...] = ()
    """Where the bytes are torn apart, so that the client's parser is given them in pieces."""

    async def send(self, exchange: Exchange) -> None:
        """Send it, and end the connection as it is to be ended."""
        for start, end in zip((0, *self.cuts), (*self.cuts, len(self.data)), strict=True):
            await exchange.send(self.data[start:end])
        match self.ending:
            case Ending.CLOSED:
                exchange.peer.close()
            case Ending.RESET:
                exchange.peer.reset()
            case Ending.KEPT:
                pass


@dataclass(frozen=True, slots=True)
class Case:
    """A gateway that is hostile at one probe, or at both."""

    models: Reply
    chat: Reply


def case_of(seed: int) -> Case:
    """Make up a gateway; the same number gives the same bytes."""
    rng = Random(seed)
    models, chat = rng.choice(((True, False), (False, True), (False, True), (True, True)))
    return Case(
        models=_hostile(rng, "models") if models else good_reply("models"),
        chat=_hostile(rng, "chat") if chat else good_reply("chat"),
    )


def hostile_reply(seed: int, probe: str, number: int) -> Reply:
    """Make up one reply of a gateway that is asked several times."""
    return _hostile(Random(f"{seed}/{probe}/{number}"), probe)


def good_reply(probe: str) -> Reply:
    """Give the reply of a healthy gateway."""
    return Reply(reply(200, good(probe), ("Content-Type", "application/json")))


def _hostile(rng: Random, probe: str) -> Reply:
    start = b"HTTP/1.1 %d Made Up" % rng.choice(_STATUSES)
    lines, extra, body, frame = [_TYPE], list[bytes](), good(probe), lengthened
    eol, after = b"\r\n", b""
    for wrong in rng.sample(_WRONG, rng.choice((1, 1, 1, 2, 2, 3, 4))):
        match wrong:
            case "start":
                start = rng.choice(STARTS)(rng)
            case "headers":
                added = rng.choice(HEADERS)(rng)
                extra += added
                if added[0].startswith(b"Location") and rng.random() < _TOLD:
                    start = b"HTTP/1.1 %d Made Up" % rng.choice((301, 302, 307))
            case "body":
                make = rng.choice(BODIES)
                body = make(rng, probe)
                if make is refusal and rng.random() < _TOLD:
                    start = b"HTTP/1.1 %d Made Up" % rng.choice((400, 401, 403, 404, 404, 422, 429, 500))
            case "framing":
                frame = rng.choice(FRAMINGS)
            case "lines":
                eol = rng.choice((b"\n", b"\r", b"\n\r", b"\r\r\n", b"\r\n ", b"", b"\x00", b"\r\n\r\n"))
            case _:
                after = _afterwards(rng, probe)
    if (encoding := _ENCODINGS.get(body[:2])) is not None and rng.random() < _TOLD:
        extra.append(b"Content-Encoding: " + encoding)
    framing, framed = frame(rng, body)
    # What is said twice is understood by its first or by its last: both ways are tried, and the lie alone.
    lines = rng.choice(([*lines, *framing, *extra], [*extra, *lines, *framing], [*lines, *extra]))
    data = eol.join([start, *lines, b"", b""]) + framed + after
    data = _torn(rng, data) if rng.random() < 0.08 else data
    ending = rng.choice((*(Ending.CLOSED,) * 15, Ending.RESET, Ending.KEPT))
    cuts = sorted({rng.randrange(len(data)) for _ in range(rng.choice((0, 0, 1, 5, 40)))}) if data else []
    return Reply(data, ending, tuple(cuts))


def _afterwards(rng: Random, probe: str) -> bytes:
    """Give what nobody asked for: more bytes, or a reply to a request that was never sent."""
    return rng.choice((
        b"garbage", b"\r\n" * 100, b"\x00" * 1000, rng.randbytes(200), echoed(rng).encode(), good_reply(probe).data,
        good_reply("chat").data * 20, b"HTTP/1.1 000 X\r\n\r\n", b"HTTP/1.1 408 X\r\n\r\n",
    ))  # fmt: skip


def _torn(rng: Random, data: bytes) -> bytes:
    """Change bytes anywhere: lost, doubled, turned, put in, or all from somewhere on."""
    torn = bytearray(data[:_MANY_BYTES])
    for _ in range(rng.choice((1, 1, 3, 20))):
        at = rng.randrange(1 + len(torn))
        match rng.randrange(5):
            case 0:
                del torn[at : at + rng.choice((1, 1, 4, 50))]
            case 1:
                torn[at:at] = torn[at : at + rng.choice((1, 4, 50))]
            case 2:
                torn[at : at + 1] = rng.randbytes(1)
            case 3:
                torn[at:at] = rng.choice(
                    (b"\r\n", b"\x00", b"\n", b"\r", b" ", b"\xff", b"\xe2\x80\xae", b":", b"\r\n\r\n")
                )
            case _:
                del torn[rng.randrange(1 + len(torn)) :]
    return bytes(torn)
