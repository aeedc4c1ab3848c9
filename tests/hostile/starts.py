"""Status lines that are none, or odd ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hostile.echo import echoed, one_line

if TYPE_CHECKING:
    from random import Random

_VERSIONS: Final = (
    b"HTTP/0.9", b"HTTP/1.0", b"HTTP/1", b"HTTP/1.", b"HTTP/1.1.1", b"HTTP/1.2", b"HTTP/2", b"HTTP/2.0", b"HTTP/9.9",
    b"HTTP/11.1", b"HTTP/-1.1", b"HTTP/+1.1", b"HTTP/1.\xd9\xa1", b"http/1.1", b"HtTp/1.1", b"HTTPS/1.1", b"HTTP 1.1",
    b"HTTP\\1.1", b"HTTP/\x001.1", b"ICY", b"RTSP/1.0", b"SIP/2.0", b"", b" HTTP/1.1", b"\tHTTP/1.1",
    b"\xef\xbb\xbfHTTP/1.1",
)  # fmt: skip
_STATUSES: Final = (
    b"", b"0", b"00", b"000", b"001", b"099", b"-1", b"-200", b"+200", b"2", b"20", b"0200", b"2000", b"9999",
    b"99999999999", b"2e2", b"0xC8", b"20O", b"200.0", b"200,200", b"2 00", b"\xd9\xa2\xd9\xa0\xd9\xa0",
    b"\xc2\xb2\xc2\xb0\xc2\xb0", b"2\x000", b"NaN", b"OK", b"two hundred", b"2_0", b"1" * 400, b"1" * 5000,
)  # fmt: skip
_REASONS: Final = (
    b"", b" ", b"OK\x00", b"\x00\x01\x02", b"\xff\xfe", "\u202eKO".encode(), "\u200b".encode(),
    b"\x1b[2J\x1b]0;x\x07", b"OK\tOK", b"OK " * 2000, b"x" * 8190, b"x" * 100_000, b"<script>alert(1)</script>",
    b"| a | b |", b"OK\r", b"OK\x0b\x0c",
)  # fmt: skip
_BLANKS: Final = (b"", b" ", b"  ", b"\t", b" \t ", b" " * 500, b"\x0b", b"\xc2\xa0", b"\x00")


def _any_status(rng: Random) -> bytes:
    return b"HTTP/1.1 %03d %b" % (rng.randrange(1000), rng.choice((b"OK", b"", b"Made Up")))


def _four_digits(rng: Random) -> bytes:
    return b"HTTP/1.1 %04d OK" % rng.randrange(10_000)


def _odd_status(rng: Random) -> bytes:
    return b"HTTP/1.1 %b OK" % rng.choice(_STATUSES)


def _odd_version(rng: Random) -> bytes:
    return b"%b 200 OK" % rng.choice(_VERSIONS)


def _odd_reason(rng: Random) -> bytes:
    return b"HTTP/1.1 %03d %b" % (rng.choice((200, 200, 302, 400, 401, 404, 500)), rng.choice(_REASONS))


def _odd_blanks(rng: Random) -> bytes:
    return rng.choice(_BLANKS).join((b"HTTP/1.1", b"200", b"OK")) + rng.choice(_BLANKS)


def _with_the_key(rng: Random) -> bytes:
    echo = one_line(echoed(rng))
    return rng.choice((b"HTTP/1.1 401 %b", b"HTTP/1.1 %b", b"HTTP/%b 200 OK", b"%b", b"HTTP/1.1 200 Bearer %b")) % echo


def _something_else(rng: Random) -> bytes:
    return rng.choice((
        b"", b"\r\n\r\n", b"\n", b"\r", b"GET / HTTP/1.1", b"SSH-2.0-OpenSSH_9.6", b"220 mail ESMTP", b"+PONG",
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\x15\x03\x03\x00\x02\x02\x28", b'{"data": []}', b"<html>",
        b"PRI * HTTP/2.0\r\n\r\nSM", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", rng.randbytes(rng.randrange(1, 400)),
    ))  # fmt: skip


def _several(rng: Random) -> bytes:
    """Interim replies before the real one, or what pretends to be some."""
    interim = rng.choice((
        b"HTTP/1.1 100 Continue", b"HTTP/1.1 103 Early Hints\r\nLink: </x>", b"HTTP/1.1 199 X", b"HTTP/1.1 102 X",
        b"HTTP/1.1 100 Continue\r\nContent-Length: 5", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket",
    ))  # fmt: skip
    return (interim + b"\r\n\r\n") * rng.choice((1, 2, 50, 2000)) + b"HTTP/1.1 200 OK"


STARTS: Final = (
    _any_status, _any_status, _four_digits, _odd_status, _odd_version, _odd_reason, _odd_blanks, _with_the_key,
    _something_else, _several,
)  # fmt: skip
