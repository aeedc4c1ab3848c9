"""Gateways that answer with as much as they may: each is a column, and none costs another its answer, or the memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from test_fleet import WEIGHED

from gateways.faults import MIB, whole
from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving_all
from gateways.wire import JSON

if TYPE_CHECKING:
    from pathlib import Path

    from gateways.gateway import Gateway

pytestmark = pytest.mark.thorough

HEALTHY: Final = 5
DEADLINE_S: Final = 2.0
PEAK_MIB: Final = 250
_BARELY: Final = 199_000
"""Members of two signs each that are just few enough to be parsed."""


def _filled(head: bytes, member: bytes, tail: bytes) -> bytes:
    """Give a body of nearly 8 MiB, as full of members as can be."""
    return head + (member * ((8 * MIB - 1000) // len(member)))[:-1] + tail


def _chat(body: bytes) -> Gateway:
    return replace(good_gateway(), chat=whole(200, body, *JSON))


def _models(body: bytes) -> Gateway:
    return replace(good_gateway(), models=whole(200, body, *JSON))


HOSTILE: Final[dict[str, Gateway]] = {
    "messages": _chat(_filled(b'{"choices":[', b'{"message":{}},', b"]}")),
    "choices": _chat(_filled(b'{"choices":[', b"1,", b"]}")),
    "lists": _chat(_filled(b'{"choices":[', b"[" * 50 + b"]" * 50 + b",", b"]}")),
    "numbers": _models(_filled(b'{"data":[', b"1,", b"]}")),
    "odd-ids": _models(b'{"data":[' + b",".join(b'{"id":"%032x"}' % (number**9) for number in range(_BARELY)) + b"]}"),
    "few-choices": _chat(b'{"choices":[' + b"1," * _BARELY + b"1]}"),
    "few-keys": _chat(
        b'{"choices":[{"message":{}}],' + b",".join(b'"%x":1' % number for number in range(2 * _BARELY)) + b"}"
    ),
}


@pytest.mark.undisturbed
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_body_costs_the_others_their_answers_or_the_memory(hostile: str, tmp_path: Path) -> None:
    """Five gateways that take 50 ms pass beside it within two seconds, on a machine that is not small."""
    slow = good_gateway(Manner(models_delay=Delay(0.05), chat_delay=Delay(0.05)))
    with serving_all([*[slow] * HEALTHY, HOSTILE[hostile]]) as servers:
        (tmp_path / "environments.toml").write_text(
            f'baseline = "e0"\n[defaults]\nmodel = "gpt-4o-mini"\ntimeout_s = {DEADLINE_S}\n'
            + "".join(f'[environments.e{at}]\nbase_url = "{each.base_url}"\n' for at, each in enumerate(servers))
        )
        subprocess.run(
            [*WEIGHED, sys.executable, "-m", "envcheck", "run", "-q", "-f", "json"],
            cwd=tmp_path,
            env=dict(os.environ),
            stdout=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
    healthy = [json.loads((tmp_path / "reports" / f"e{at}.json").read_text())["summary"] for at in range(HEALTHY)]
    assert healthy == [{"ok": True, "failure_class": None}] * HEALTHY
    assert int((tmp_path / "peak").read_text()) / 1024 < PEAK_MIB
