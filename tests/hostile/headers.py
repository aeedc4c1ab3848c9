"""Header lines that are none, or odd ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hostile.echo import echoed, one_line

if TYPE_CHECKING:
    from random import Random

_LOCATIONS: Final = (
    b"", b" ", b"http://[", b"http://]", b"http://[::1:bad/%%%", b"http://[v1.x]/", b"http://[::1%25eth0]/", b"//",
    b"///", b"//[", b"http://h:99999/", b"http://h:-1/", b"http://h:x/", b"http://h:/", b"http://:80", b"http://@",
    b"http://@:@/", b"http://u:p@h/", b"http://u:p@[", b"http://\x00/", b"http://\xff\xfe/", b"\xff://%zz",
    b"javascript:alert(1)", b"?", b"#", b"data:text/html,x", b"file:///etc/passwd", b"mailto:a@b", b"urn:x:y", b":",
    b"://", b"http:", b"http:/x", b"http:///x", "http://\u2100.example/".encode(),
    "http://ex\u00e4mple.\u202e/".encode(), "http://\u212a.x/".encode(), b"http://xn--a/", b"http://xn--\xff/",
    b"http://a..b/", b"http://" + b"a" * 300 + b"/", b"http://" + b"a." * 200, b"/" + b"../" * 500,
    b"/" + b"a/" * 3000, b"http://h/" + b"%" * 100, b"http://h/%00%0d%0a", b"http://h/\x1b[31m",
    b"http://1.2.3.4.5.6/", b"http://0x7f.1/", b"http://4294967296/", b"http://h\\@x/", b"\\\\h\\x", b"http://h/ x",
    b"http://h\t/", b"http://[::]:80:80/", b"http://[1.2.3.4]/", b"http://[::ffff:1.2.3.4]/", b"http://[g::1]/",
    b"http://[" + b":" * 5000 + b"]/", b"ht\ttp://x",
)  # fmt: skip
_LENGTHS: Final = (
    b"", b" ", b"-1", b"-0", b"+5", b"5 5", b"5,5", b"5, 6", b"0x10", b"1e3", b"NaN", b"\xd9\xa5", b"\xc2\xb2",
    b"00000005", b"9" * 18, b"9" * 19, b"9" * 20, b"9" * 400, b"9" * 5000, b"18446744073709551616",
    b"9223372036854775808", b"1_0", b"5\x00", b"8388609", b"99999999", b"0", b"1", b"7", b"2000", b"5;", b"five",
)  # fmt: skip
_TRANSFERS: Final = (
    b"", b"chunked, chunked", b"chunked;q=1", b"Chunked", b"CHUNKED ", b"gzip, chunked", b"gzip", b"identity",
    b"xchunked", b"chunked, identity", b"\x0bchunked", b"chunked\x00", b"cow", b"chunked," * 500, b" chunked",
    b"deflate, gzip", b"'chunked'",
)  # fmt: skip
_ENCODINGS: Final = (
    b"gzip", b"deflate", b"br", b"zstd", b"gzip, gzip", b"gzip, br", b"compress", b"x-gzip", b"identity", b"",
    b"GZIP", b"cow", b"gzip\x00", b"deflate, deflate, deflate", b"br, br", b"zstd, zstd", b"*", b"gzip;q=0", b"\xff",
    b"zstd,",
)  # fmt: skip
_TYPES: Final = (
    b"", b";", b"/", b"application/json; charset=", b"application/json; charset=klingon",
    b"application/json; charset=utf-16", b"application/json; charset=\x00", b'application/json; charset="',
    b"application/json; charset=utf-7", b"text/html", b"application/json; charset=" + b"x" * 5000,
    b"application/json;" * 500, b"text/event-stream", b"text/plain", b"json", b"application/json; charset=\xff\xfe",
    b"application/json; charset=idna", b"application/json; charset=hex", b"a/b/c/d",
    b"application/json; charset=punycode", b"multipart/mixed; boundary=", b"application/x-ndjson",
    b"APPLICATION/JSON", b"\x00", b"application/json; charset*=utf-8''x",
    b"application/json; charset*0=a; charset*1=b", b"application/json; =;==;", b"=?x?=",
    b"application/json; charset*=%%'%%'%zz", b"a" * 200 + b"/" + b"b" * 200, b"message/rfc822",
    b"application/json, text/html",
)  # fmt: skip
_WAITS: Final = (
    b"", b"-1", b"-99999999999999999999", b"9" * 30, b"9" * 5000, b"1e9", b"NaN", b"inf", b"1.5", b"\xd9\xa3",
    b"\xc2\xb2", b"0", b"999999", b"1000000", b"Wed, 99 Foo 9999 99:99:99 GMT", b"soon", b"\x00", b"+5", b"1_000",
    b"000001",
)  # fmt: skip
_NAMES: Final = (
    b"", b" ", b"X Y", b"X\x00", b"\x00", b"X\xff", "X-\u00e4".encode(), "\u202e".encode(), b"X\tY", b"(X)", b"X@Y",
    b"X:Y", b" X", b"X ", b"\tX", b"X" * 9000, b"X" * 100_000, b"__proto__", b"[X]", b"X\x7f", b"\x1b[0m", b"@", b":",
    b"HTTP/1.1 200 OK",
)  # fmt: skip
_VALUES: Final = (
    b"x" * 8190, b"x" * 8191, b"x" * 100_000, b"\x00", b"\xff" * 20, b"\x1b[2J", "\u202e\u2066".encode(), b"\r",
    b"a\rb: c", b"a\r\n b", b"a\r\n\tb", b"a\r\n \r\n b", b"a\n b", b"\x7f", b"", b"\t", b"\x08\x08", b"\xc0\x80",
    b"\xed\xa0\x80", b"\xe2\x28",
)  # fmt: skip
_COOKIES: Final = (
    b"", b"=", b";", b"a", b"=b", b"a=b; Domain=", b"a=b; Max-Age=x", b"a=b; Max-Age=" + b"9" * 400,
    b"a=b; Expires=never", b"a=b; Path=\x00", b"\x00=b", b"a=\xff", b'a="', b'a="\\', b"a b=c", b"__Host-a=b",
    b"a=b; " * 500, b"[a]=b", b"a=b; Expires=", b"a=b; Expires=Thu, 01 Jan 99999 00:00:00 GMT", b"$Version=1",
    b"expires=x", b"a=b; SameSite=\xe2\x80\xae", b"a,b;c=d", b'a="' + b"\\1" * 3000, b"a=b; Max-Age=-1",
    b"a=b; Domain=[::1", b"a=b; secure; secure=; httponly=1",
)  # fmt: skip
_CONNECTIONS: Final = (
    b"upgrade", b"Upgrade, close", b"close, keep-alive", b"", b"\x00", b"Content-Length", b"keep-alive, upgrade",
    b"cow", b",",
)  # fmt: skip
_OF_ONE_KIND: Final = (
    (b"Location", _LOCATIONS), (b"Location", _LOCATIONS), (b"Content-Length", _LENGTHS),
    (b"Content-Length", _LENGTHS), (b"Transfer-Encoding", _TRANSFERS), (b"Content-Encoding", _ENCODINGS),
    (b"Content-Encoding", _ENCODINGS), (b"Content-Type", _TYPES), (b"Content-Type", _TYPES), (b"Retry-After", _WAITS),
    (b"Set-Cookie", _COOKIES), (b"Connection", _CONNECTIONS), (b"Upgrade", (b"h2c", b"websocket", b"", b"\x00")),
    (b"Keep-Alive", _WAITS), (b"X-Request-Id", _VALUES), (b"Content-Range", (b"bytes 0-0/1", b"cow")),
    (b"Trailer", (b"X", b"Content-Length")),
    (b"Content-Disposition", (b"attachment; filename=\xff", b'a; filename="', b"; ;=", b"a; filename*=x''%zz")),
    (b"Link", (b"<>", b"<http://[>; rel=next", b"<x>; rel=", b"<" * 5000)), (b"Date", _WAITS),
    (b"Content-MD5", _VALUES),
)  # fmt: skip


def _of_one_kind(rng: Random) -> list[bytes]:
    name, values = rng.choice(_OF_ONE_KIND)
    # What is wrong about the line itself ends the reading there, before anything is made of its value: it is rare.
    between = rng.choice((*(b": ",) * 10, b":", b":\t", b" : "))
    return [name + between + rng.choice(values) for _ in range(rng.choice((*(1,) * 6, 2, 5)))]


def _odd_name(rng: Random) -> list[bytes]:
    return [rng.choice(_NAMES) + b": x"]


def _no_colon(rng: Random) -> list[bytes]:
    return [rng.choice((b"X", b" folded", b"\tfolded", b"\x00", b"HTTP/1.1 200 OK", b"x" * 9000, rng.randbytes(30)))]


def _odd_value(rng: Random) -> list[bytes]:
    return [b"X: " + rng.choice(_VALUES)]


def _many(rng: Random) -> list[bytes]:
    how_many = rng.choice((100, 128, 129, 500, 2000))
    return [rng.choice((b"X-%d: x", b"X: %d", b"Set-Cookie: a%d=b", b"Location: /%d")) % i for i in range(how_many)]


def _with_the_key(rng: Random) -> list[bytes]:
    echo = one_line(echoed(rng))
    line = rng.choice((
        b"Location: /%b", b"Location: http://%b.example/", b"Location: http://h/?key=%b", b"Location: http://u:%b@h/",
        b"Location: %b://h/", b"Location: http://[%b", b"Location: http://h:%b/", b"Location: http://h/#%b",
        b"Location: %b", b"Content-Type: text/%b", b"Content-Type: %b", b"Content-Encoding: %b",
        b"Transfer-Encoding: %b", b"Retry-After: %b", b"Set-Cookie: k=%b", b"Set-Cookie: %b=k", b"%b: x",
        b"Content-Length: %b", b"X: %b", b"%b", b"Content-Type: application/json; charset=%b",
        b"WWW-Authenticate: Bearer %b", b"Connection: %b",
    ))  # fmt: skip
    return [line % echo]


HEADERS: Final = (
    _of_one_kind, _of_one_kind, _of_one_kind, _of_one_kind, _odd_name, _no_colon, _odd_value, _many, _with_the_key,
    _with_the_key,
)  # fmt: skip
