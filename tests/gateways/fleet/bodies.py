"""Bodies of a 200 that are too large, cannot be decoded, or are not JSON, at both probes."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final

from gateways.faults import MIB, endless, whole
from gateways.fleet.bombs import deflate_bomb, gzip_bomb
from gateways.good import GOOD, MODELS, completion, model_list
from gateways.scenario import MODEL, PASS, Scenario, at_both, at_chat, at_models
from gateways.wire import JSON, chunk, head, json_bytes

if TYPE_CHECKING:
    from gateways.gateway import Behaviour

_LIST: Final = json_bytes(model_list(MODELS))
_COMPLETION: Final = json_bytes(completion(GOOD, model=MODEL))
_BLANKS: Final = b" " * (1 << 16)
_NUMBERS: Final = b'{"data":[0],"choices":[' + b"1," * (4 * MIB - 20) + b"1]}"
_MESSAGES: Final = b'{"choices":[' + b'{"message":{}},' * (8 * MIB // 15 - 5) + b'{"message":{}}]}'
_LISTS: Final = b'{"data":[' + (b"[" * 50 + b"]" * 50 + b",") * (8 * MIB // 101 - 1) + b"1]}"
_CHUNKED: Final = head(200, *JSON, ("Transfer-Encoding", "chunked"))


def _shape(name: str, description: str, behaviour: Behaviour, detail: str = "") -> tuple[Scenario, Scenario]:
    return at_both(name, description, "response_shape", behaviour, detail=detail)


def _too_large(name: str, description: str, behaviour: Behaviour) -> tuple[Scenario, Scenario]:
    return _shape(name, description, behaviour, "larger than the limit")


def _body(
    name: str, description: str, body: bytes, detail: str = "", *, kind: str = "application/json"
) -> tuple[Scenario, Scenario]:
    return _shape(name, description, whole(200, body, ("Content-Type", kind)), detail)


def _encoded(name: str, description: str, encoding: str, body: bytes) -> tuple[Scenario, Scenario]:
    return _shape(name, description, whole(200, body, *JSON, ("Content-Encoding", encoding)))


_PAGE: Final = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
_STREAM: Final = b'data: {"object": "chat.completion.chunk", "choices": []}\n\ndata: [DONE]\n\n'

_TOO_LARGE: Final = (
    *_too_large(
        "over-limit",
        "announces 9 MiB and sends them",
        endless(head(200, *JSON, ("Content-Length", str(9 * MIB))), _BLANKS),
    ),
    *_too_large(
        "announces-terabytes",
        "announces 8 TB",
        endless(head(200, *JSON, ("Content-Length", str(8 * MIB * MIB))), _BLANKS),
    ),
    *_too_large("endless", "sends an object without end", endless(head(200, *JSON) + b"{", _BLANKS)),
    *_too_large(
        "endless-chunks", "sends a list in chunks without end", endless(_CHUNKED + chunk(b"["), chunk(_BLANKS))
    ),
    *_shape("endless-blanks", "sends blanks without end", endless(head(200, *JSON), _BLANKS), "empty or blank"),
    *_shape("endless-noise", "sends noise without end", endless(head(200, *JSON), b"x" * (1 << 16)), "not JSON"),
    *_too_large(
        "endless-after-json",
        "sends a good list and then blanks without end",
        endless(head(200, *JSON) + _LIST, _BLANKS),
    ),
    *_shape("many-numbers", "lists four million numbers", whole(200, _NUMBERS, *JSON), "too many members"),
    *_shape("many-objects", "lists two million empty messages", whole(200, _MESSAGES, *JSON), "too many members"),
    *_shape("many-lists", "lists four million lists in lists", whole(200, _LISTS, *JSON), "too many members"),
    *_shape("gzip-bomb", "sends 1 GiB of blanks as 1 MiB of gzip", gzip_bomb(), "empty or blank"),
    *_shape("deflate-bomb", "sends 1 GiB of blanks as 1 MiB of deflate", deflate_bomb(), "empty or blank"),
)

_ENCODED: Final = (
    *_encoded("not-gzip", "says gzip and sends something else", "gzip", _LIST),
    *_encoded("not-deflate", "says deflate and sends something else", "deflate", b"\xff" * 64),
    *_encoded("brotli", "sends brotli, unasked, and broken at that", "br", b"\xff" * 64),
    *_encoded("zstd", "sends zstd, unasked, and broken at that", "zstd", b"\xff" * 64),
    *_encoded("gzip-twice", "compresses twice", "gzip, gzip", gzip.compress(gzip.compress(_LIST))),
    *_encoded("gzip-corrupt", "sends gzip with a flipped byte", "gzip", b"\x1f\x8b\x08" + b"\xff" * 80),
    at_models("gzip", "sends good gzip", PASS, whole(200, gzip.compress(_LIST), *JSON, ("Content-Encoding", "gzip"))),
    at_chat(
        "gzip", "sends good gzip", PASS, whole(200, gzip.compress(_COMPLETION), *JSON, ("Content-Encoding", "gzip"))
    ),
    at_models(
        "deflate", "sends good deflate", PASS, whole(200, zlib.compress(_LIST), *JSON, ("Content-Encoding", "deflate"))
    ),
    at_models(
        "identity",
        "says that its body is not encoded",
        PASS,
        whole(200, _LIST, *JSON, ("Content-Encoding", "identity")),
    ),
)

_NOT_JSON: Final = (
    *_body("empty", "sends an empty body", b"", "empty"),
    *_body("blank", "sends blanks", b" \r\n ", "empty"),
    *_body("login-page", "sends a login page", _PAGE, "HTML", kind="text/html"),
    *_body("login-page-as-json", "sends a login page and calls it JSON", _PAGE, "HTML"),
    *_body("xml", "sends XML", b'<?xml version="1.0"?><models/>', kind="application/xml"),
    *_body("plain-text", "sends a word", b"OK", "not JSON", kind="text/plain"),
    *_body("stream", "sends an event stream", _STREAM, "event stream", kind="text/event-stream"),
    *_body("stream-as-json", "sends an event stream and calls it JSON", _STREAM, "event stream"),
    *_shape(
        "stream-without-end",
        "streams events without end",
        endless(
            head(200, ("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")), chunk(_STREAM * 800)
        ),
    ),
    *_body("json-lines", "sends a line of JSON for each model", b'{"id": "a"}\n{"id": "b"}\n', "not JSON"),
    *_body("trailing-garbage", "sends something after the JSON", _LIST + b"}", "not JSON"),
    *_body("cut-json", "sends JSON that breaks off though the length is right", _LIST[:-20], "not JSON"),
    *_body("single-quotes", "sends Python instead of JSON", b"{'data': []}", "not JSON"),
    *_body("deep-lists", "sends 100,000 lists, each in the other", b"[" * 100_000 + b"]" * 100_000),
    *_body("deep-objects", "sends 100,000 objects, each in the other", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    *_body(
        "invalid-utf-8", "sends bytes that are not UTF-8", _LIST.replace(b"gpt", b"\xff\xfe\xfd") + b"\xff", "not JSON"
    ),
    *_body("utf-16", "sends UTF-16", _LIST.decode().encode("utf-16"), "not JSON"),
    *_body("binary", "sends all bytes there are", bytes(range(256)), "not JSON"),
    *_body("null", "sends null", b"null", "not an object"),
    *_body("true", "sends true", b"true", "not an object"),
    *_body("number", "sends a number", b"42", "not an object"),
    *_body("nan", "sends NaN", b"NaN"),
    *_body("string", "sends a string", b'"ok"', "not an object"),
    *_body("list", "sends a list", b'[{"id": "gpt-4o"}]', "not an object"),
    *_body("empty-object", "sends an empty object", b"{}"),
    *_body(
        "error-envelope",
        "sends an error with a status of 200",
        b'{"error": {"message": "boom", "code": 500}}',
        "error envelope",
    ),
    *_body("error-word", "sends an error in a word, with a status of 200", b'{"error": "boom"}', "error envelope"),
    *_body("detail", "sends FastAPI's error with a status of 200", b'{"detail": "Not authenticated"}'),
    *_body("failure", "sends `success: false` with a status of 200", b'{"success": false, "message": "no"}'),
    at_models("bom", "sends a byte order mark first", PASS, whole(200, b"\xef\xbb\xbf" + _LIST, *JSON)),
    at_chat("bom", "sends a byte order mark first", PASS, whole(200, b"\xef\xbb\xbf" + _COMPLETION, *JSON)),
    at_models("padded", "sends blanks around the JSON", PASS, whole(200, b"\r\n\t" + _LIST + b"\n\n", *JSON)),
)

SCENARIOS: Final = (*_TOO_LARGE, *_ENCODED, *_NOT_JSON)
