from __future__ import annotations

import base64
import random
from time import process_time
from typing import Final

import pytest

from envcheck.config.secrets import secrets_of
from envcheck.redact import Redactor
from leaks.in_process import environment_of
from leaks.kinds import KINDS, Kind

pytestmark = pytest.mark.clock

KEY: Final = KINDS[0].secret
LONG: Final = 64 * 1024
# It takes a tenth of this; without its bounds any of the texts took seconds, and some minutes.
LIMIT_S: Final = 1.0

_random = random.Random(7)
TEXTS: Final = {
    "the key again and again": KEY * (LONG // len(KEY)),
    "the key in pieces": " ".join(KEY[i : i + 3] for i in range(0, len(KEY), 3)) * 900,
    "one character each": "-".join(KEY) * 600,
    "nested entities": "&" + "amp;" * (LONG // 4),
    "nested percent escapes": "%" + "25" * (LONG // 2),
    "escapes that never end": "\\u005c" * (LONG // 6),
    "terminal sequences that never end": "\x1b]" * (LONG // 2),
    "characters that unfold": "\ufdfa" * LONG,
    "any characters": "".join(chr(_random.randrange(0x20, 0xD000)) for _ in range(LONG)),
    "base64": base64.b64encode(_random.randbytes(LONG * 3 // 4)).decode(),
    "numbers": " ".join(str(_random.randrange(10**6)) for _ in range(LONG // 7)),
    "digits": "1" * LONG,
    "quotation marks": '"a b c d" ' * (LONG // 10),
    "tags that never end": "<a " * (LONG // 3),
    "credentials": "bearer api_key: token= cookie: ?a=b& " * (LONG // 37),
    "one word": "x" * LONG,
    "marks": "\u0301" * LONG,
}


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(secrets_of([environment_of(KINDS[0])]))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_long_message_is_redacted_at_once(redactor: Redactor, text: str) -> None:
    """No error body, which has at most 64 KiB, holds up the environments beside it."""
    started = process_time()
    redactor.text(text)
    redactor.url(f"https://gateway.example.com/{text}")
    assert process_time() - started < LIMIT_S


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(["x" * 10_000 + str(i) for i in range(800)], id="long words"),
        pytest.param([base64.b64encode(_random.randbytes(7_500)).decode() for _ in range(800)], id="long base64"),
    ],
)
def test_long_model_ids_are_taken_out_at_once(redactor: Redactor, ids: list[str]) -> None:
    """A list of ids that no gateway has, as large as a body may be, costs no more than a glance."""
    started = process_time()
    shown = redactor.model_ids(ids)
    assert process_time() - started < LIMIT_S
    assert set(shown) == {"[redacted]"}


def test_keys_that_begin_alike_are_learnt_quickly() -> None:
    """What is known of hundreds of environments is put together at once, though one provider's keys look alike."""
    environments = [environment_of(Kind(f"key {i}", f"{KEY[:-4]}{i:04d}")) for i in range(300)]
    started = process_time()
    Redactor(secrets_of(environments))
    assert process_time() - started < 3 * LIMIT_S
