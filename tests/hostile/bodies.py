"""Bodies: good ones, JSON of odd types, JSON that is none, and text that is something else."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Final

from gateways.good import GOOD, MODELS, completion, model_list, openai_error
from gateways.wire import json_bytes
from hostile.echo import echoed

if TYPE_CHECKING:
    from random import Random

    from envcheck.model import JsonValue

MODEL: Final = "gpt-4o-mini"

# As they stand in the text: the standard writer of JSON has no word for some of them.
_ODD: Final = (
    "null", "true", "false", "0", "-0", "1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1" * 400, "1" * 5000,
    "1.5", "[]", '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"\\u202e\\u2066"', '""', '" "', '"\\ud83d"',
    '"\\u001b[2J"', '"' + "x" * 9000, "{}", '{"": ""}', "[[]]", "[null]", '["a", 1]', '"x"',
    '"' + "\u200b" * 30 + '"', '"' + "x" * 20_000 + '"', "'x'", "", "[" * 100 + "]" * 100, "[" * 300 + "]" * 300,
    "[" * 5000, '{"a":' * 250 + "1" + "}" * 250, "1e-400", "0.1e1", "01", "+1", '"\\x41"', '"a\nb"', '"a\tb"',
    '"\x00"', "undefined", "\ufeff1", '"\u2028"', "9223372036854775808", "-9223372036854775809", '{"a": 1, "a": "2"}',
    '"' + "\\u0061" * 500 + '"', '["' + '", "'.join(map(str, range(500))) + '"]', "1 2", "//x", "[1,]",
)  # fmt: skip
_BOMBS: Final = (gzip.compress(bytes(3_000_000), mtime=0), zlib.compress(b"[" * 3_000_000))


def good(probe: str) -> bytes:
    """Give the body of a good reply."""
    return json_bytes(model_list(MODELS) if probe == "models" else completion(GOOD, model=MODEL))


def _good(rng: Random, probe: str) -> bytes:
    return good(rng.choice((probe, probe, probe, "models", "chat")))


def _one_value_odd(rng: Random, probe: str) -> bytes:
    """Put something else in the place of one of a good document's values, at any depth."""
    document: JsonValue = json.loads(good(probe))
    return _spelled(rng, document, rng.choice(_ODD))


def _one_value_the_key(rng: Random, probe: str) -> bytes:
    document: JsonValue = json.loads(good(probe))
    echo = echoed(rng)
    return _spelled(
        rng, document, rng.choice((json.dumps(echo), json.dumps({echo: echo}), json.dumps([echo, {"id": echo}])))
    )


def _spelled(rng: Random, document: JsonValue, replacement: str) -> bytes:
    places = list(_places(document))
    holder, place = rng.choice(places)
    holder[place] = "@@@"  # type: ignore[index]  # a place of this very holder
    return json.dumps(document).replace('"@@@"', replacement, 1).encode("utf-8", "surrogatepass")


def _places(value: JsonValue) -> list[tuple[JsonValue, object]]:
    members = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [place for key, member in members for place in [(value, key), *_places(member)]]


def _odd_member(rng: Random, probe: str) -> bytes:
    """Add members nobody knows, or the known ones a second time."""
    text = good(probe).decode().removesuffix("}")
    names = (
        "id",
        "model",
        "error",
        "data",
        "choices",
        "usage",
        "",
        "\\ud800",
        "__class__",
        "a.b",
        "[]",
        "\\u0000",
        "x" * 300,
    )
    extra = ", ".join(f'"{rng.choice(names)}": {rng.choice(_ODD)}' for _ in range(rng.choice((1, 2, 20))))
    return f"{text}, {extra}}}".encode()


def _bare(rng: Random, probe: str) -> bytes:
    return rng.choice(_ODD).encode()


def refusal(rng: Random, probe: str) -> bytes:
    """Give what comes with an error, of any of the shapes that are read."""
    odd = rng.choice(_ODD)
    echo = json.dumps(echoed(rng))
    return rng.choice(
        (
            json_bytes(openai_error(f"The model `{MODEL}` does not exist", code="model_not_found")).decode(),
            json_bytes(openai_error("Incorrect API key provided: @.", code="invalid_api_key"))
            .decode()
            .replace("@", echo[1:-1]),
            f'{{"error": {odd}}}',
            f'{{"error": {{"message": {odd}, "type": {echo}, "code": {odd}}}}}',
            f'{{"error": {{"message": {echo}, "type": {odd}, "code": {odd}}}}}',
            f'{{"detail": [{{"msg": {odd}, "type": {odd}, "loc": {odd}}}, {odd}]}}',
            f'[{{"error": {{"message": {odd}, "status": {odd}, "code": {odd}}}}}]',
            f'{{"message": {odd}, "title": {odd}, "error_description": {echo}, "detail": {odd}}}',
            f"<html><title>{odd} {echo}</title>",
            f"<title{'<' * 200}>{odd}</title>",
            f"no healthy upstream {echo}",
        )
    ).encode("utf-8", "surrogatepass")


def _otherwise_encoded(rng: Random, probe: str) -> bytes:
    data = good(probe)
    text, packed, deflated = data.decode(), _gzipped(data), zlib.compress(data)
    return rng.choice((
        text.encode("utf-16"), text.encode("utf-16-le"), text.encode("utf-32"), text.encode("utf-8-sig"),
        text.encode("cp500"), text.encode("utf-7"), b"\xef\xbb\xbf" * 3 + data, data + b"\x00", b"\x00" + data,
        data[::-1], data + b"\xff\xfe", packed, packed, packed[:-9], packed[:30], packed + b"garbage", packed + packed,
        _gzipped(packed), deflated, deflated, deflated[:-4], deflated[2:-4], b"\x1f\x8b\x08\xff" + bytes(40),
        b"\x28\xb5\x2f\xfd" + bytes(20), b"\x28\xb5\x2f\xfd" + data, b"\x21\x03\x00\x04x\x03", *_BOMBS,
    ))  # fmt: skip


def _gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the time of day would make other bytes of the same number


def _something_else(rng: Random, probe: str) -> bytes:
    return rng.choice((
        b"", b" \r\n\t", b"\x00" * 50, b"data: {}\n\ndata: [DONE]\n\n", b"event: x\n", b"<html>" * 500, b"OK",
        b"%PDF-1.4", b"[" * 70_000, b"x" * 70_000, b" " * 70_000, b'{"data": [' + b'{"id": "a"},' * 5000,
        b"\xff" * 400, b"-", b"{", b'"', rng.randbytes(rng.randrange(600)), b"{" + rng.randbytes(100),
        b"[" + b"{}," * 20_000 + b"{}]",
    ))  # fmt: skip


def _many_ids(rng: Random, probe: str) -> bytes:
    forms = ("m-@", "\u202e@", "@" * 60, "\x1b[@m", "|@|", " @", "@\u200b", "\ud800@", "{@}", "@" * 2000)
    ids = [rng.choice(forms).replace("@", str(number)) for number in range(200)]
    return json.dumps({"data": [{"id": each} for each in ids]}).encode()


BODIES: Final = (
    _good, _one_value_odd, _one_value_odd, _one_value_odd, _one_value_the_key, _odd_member, _bare, refusal, refusal,
    _otherwise_encoded, _something_else, _many_ids,
)  # fmt: skip
