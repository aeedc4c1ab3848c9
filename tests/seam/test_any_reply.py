"""Whatever bytes come back, a probe brings home an observation: it never raises."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from collecting import run
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.model import Environment
from gateways import good_gateway, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.model import JsonValue
    from gateways.wire import Exchange

DEADLINE_S: Final = 10.0
GIVE_UP_S: Final = 120.0
"""An hour would be a hang; this is many times what a busy machine takes."""
MODEL: Final = "gpt-4o-mini"

_HEADS: Final = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 404 Not Found\r\n",
    b"HTTP/1.0 500 Oh\r\n",
    b"HTTP/1.1 302 Found\r\n",
    b"",
)
_HEADERS: Final = (
    b"Content-Type: application/json\r\n",
    b"Content-Type: text/event-stream\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: deflate\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 7\r\n",
    b"Location: \xff://%zz\r\n",
    b"Connection: close\r\n",
)

# Half of the documents look as if they were right, or a mistake deep inside would never be reached.
_SCALARS: Final = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_KNOWN_NAMES: Final = """
    choices code content data detail error finish_reason id
    message model msg object prompt_tokens tool_calls type usage
"""
_NAMES: Final = st.sampled_from(_KNOWN_NAMES.split()) | st.text(max_size=8)
_DOCUMENTS: Final = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=5), max_leaves=12
)
_LISTS: Final = st.fixed_dictionaries(
    {"data": st.lists(st.fixed_dictionaries({"id": st.text() | _SCALARS}), max_size=4)}
)
_COMPLETIONS: Final = st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.fixed_dictionaries(
                {"message": st.fixed_dictionaries({"content": _DOCUMENTS}, optional={"tool_calls": _DOCUMENTS})},
                optional={"finish_reason": _SCALARS},
            ),
            max_size=3,
        )
    },
    optional={"usage": _DOCUMENTS, "model": _SCALARS},
)


class Chameleon:
    """Answers every request with the bytes of the moment, and closes."""

    def __init__(self) -> None:
        self.reply = b""

    async def answer(self, exchange: Exchange) -> None:
        await exchange.send(self.reply)
        exchange.peer.close()


@pytest.fixture(scope="module")
def chameleon() -> Iterator[tuple[Chameleon, str]]:
    chameleon = Chameleon()
    gateway = replace(good_gateway(), models=chameleon.answer, chat=chameleon.answer)
    with serving(gateway) as server:
        yield chameleon, server.base_url


def held(chameleon: tuple[Chameleon, str], reply: bytes) -> None:
    """Probe a gateway that answers so, and see that there is a record of it."""
    server, base_url = chameleon
    server.reply = reply
    environment = Environment(name="any", base_url=base_url, model=MODEL, timeout_s=DEADLINE_S)
    collected = run([environment])
    assert collected.faults == []
    checks = collected.evidences["any"].checks
    assert [check.probe for check in checks] == ["models", "chat"]
    assert "internal" not in {check.failure_class for check in checks}


# Each example is a run of its own.
_HELD: Final = settings(max_examples=100, deadline=None)


@_HELD
@given(
    start=st.sampled_from(_HEADS),
    headers=st.lists(st.sampled_from(_HEADERS) | st.binary(max_size=40), max_size=4),
    body=st.binary(max_size=400),
)
def test_any_bytes(chameleon: tuple[Chameleon, str], start: bytes, headers: list[bytes], body: bytes) -> None:
    """Bytes that are HTTP, nearly HTTP or nothing of the kind."""
    held(chameleon, start + b"".join(headers) + b"\r\n" + body)


@_HELD
@given(status=st.sampled_from((200, 200, 200, 400, 404)), document=_DOCUMENTS | _LISTS | _COMPLETIONS)
def test_any_json(chameleon: tuple[Chameleon, str], status: int, document: JsonValue) -> None:
    """JSON of any shape, with every status that has its text looked at."""
    body = json.dumps(document).encode()
    held(chameleon, b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))
