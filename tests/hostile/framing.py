"""How a body's end is told: by its length, by chunks, by the connection's end, or by none of these that is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateways.wire import chunk
from hostile.echo import echoed, one_line

if TYPE_CHECKING:
    from random import Random

_SIZES: Final = (
    b"", b"-1", b"+5", b"0x5", b"zz", b"f" * 16, b"f" * 17, b"f" * 40, b"8" + b"0" * 15, b"7" + b"f" * 15, b" 5",
    b"5 ", b"5\x00", b"00000000000000000005", b"\xd9\xa5", b"5;", b"5;=", b"5;a=\x00", b"5;" + b"x" * 9000,
    b'5;a="\r\n"', b"5\r", b"5\n", b"5;\xff",
)  # fmt: skip
_TRAILERS: Final = (
    b"X: y\r\n", b"Content-Length: 5\r\n", b"X\r\n", b": y\r\n", b"X: " + b"y" * 9000 + b"\r\n", b"X: y\r\n" * 2000,
    b"\x00\r\n", b"Transfer-Encoding: chunked\r\n", b" folded\r\n", b"X: a\n", b"Location: http://[\r\n",
    b"X: \xff\r\n", b"HTTP/1.1 200 OK\r\n",
)  # fmt: skip


def lengthened(rng: Random, body: bytes) -> tuple[list[bytes], bytes]:
    """Give the honest length, or in a few replies one that is wrong by a little."""
    length = len(body) + rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 100, -5))
    return [b"Content-Length: %d" % length], body


def chunked(rng: Random, body: bytes) -> tuple[list[bytes], bytes]:
    """Give honest chunks."""
    size = rng.choice((1 + len(body), 1 + len(body) // 2, 1 + len(body) // 20))
    chunks = b"".join(chunk(body[at : at + size]) for at in range(0, len(body), size))
    return [b"Transfer-Encoding: chunked"], chunks + chunk(b"")


def badly_chunked(rng: Random, body: bytes) -> tuple[list[bytes], bytes]:
    """Break one thing about the chunks: a size, the end of one, an extension, the last one, the trailers."""
    echo = one_line(echoed(rng))
    data = rng.choice(
        (
            rng.choice(_SIZES) + b"\r\n" + body + b"\r\n" + chunk(b""),
            b"%x\n%b\n0\n\n" % (len(body), body),
            b"%x\r\n%bX\r\n0\r\n\r\n" % (len(body), body),
            b"%x;%b\r\n%b\r\n0\r\n\r\n" % (len(body), echo, body),
            b"%b\r\n%b\r\n0\r\n\r\n" % (echo, body),
            chunk(body),
            chunk(body) + b"0\r\n" + rng.choice(_TRAILERS) + b"\r\n",
            chunk(body) + b"0\r\nX: %b\r\n\r\n" % echo,
            chunk(body) + b"0\r\n" + b"\r\n" * 50,
            chunk(body) + rng.choice(_SIZES) + b"\r\n\r\n",
            b"%x\r\n%b" % (len(body) + 50, body),
        )
    )
    return [b"Transfer-Encoding: chunked"], data


def both(rng: Random, body: bytes) -> tuple[list[bytes], bytes]:
    """Tell it twice, and not the same: what smuggling is made of."""
    headers, data = chunked(rng, body)
    return [*headers, b"Content-Length: %d" % rng.choice((0, 5, len(data), len(body)))], data


def untold(rng: Random, body: bytes) -> tuple[list[bytes], bytes]:
    """Let the connection's end be the body's."""
    return [], body


FRAMINGS: Final = (*(lengthened,) * 6, chunked, chunked, badly_chunked, badly_chunked, both, untold, untold)
