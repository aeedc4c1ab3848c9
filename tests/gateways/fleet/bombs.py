"""Bodies that are small on the wire and huge when they are inflated."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

from gateways.wire import JSON, head

if TYPE_CHECKING:
    from gateways.gateway import Behaviour
    from gateways.wire import Exchange

_GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_ZLIB_START = b"\x78\xda"
_MEBIBYTES = 1024


@cache
def _mebibyte() -> bytes:
    """Deflate one mebibyte so that it can be repeated: a full flush starts the next block anew."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflater.compress(b" " * (1 << 20)) + deflater.flush(zlib.Z_FULL_FLUSH)


def gzip_bomb(status: int = 200) -> Behaviour:
    """Send 1 GiB of blanks as gzip: 1 MiB on the wire."""
    return _bomb(status, "gzip", _GZIP_START)


def deflate_bomb(status: int = 200) -> Behaviour:
    """Send 1 GiB of blanks as deflate: 1 MiB on the wire."""
    return _bomb(status, "deflate", _ZLIB_START)


def _bomb(status: int, encoding: str, start: bytes) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        await exchange.send(head(status, *JSON, ("Content-Encoding", encoding), ("Connection", "close")) + start)
        for _ in range(_MEBIBYTES):
            await exchange.send(_mebibyte())
        exchange.peer.close()

    return answer
