"""Fourteen nights of a cron job that mails only news, as a story: what each of them printed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from checkout import ROOT
from nights import DOWN, nights_of, plant_latencies, plant_nights_before, told

from envcheck.store import LOCK_NAME
from gateways.faults import then_silent
from gateways.good import GOOD, MODELS, Delay, Manner, good_gateway

if TYPE_CHECKING:
    from pathlib import Path

    from nights import Nights
    from syrupy.assertion import SnapshotAssertion

PAGE: Final = (ROOT / "docs" / "nightly.md").read_text(encoding="utf-8")
"""It shows what some of these nights printed."""
NIGHTLY: Final = ("run", "-q", "--changes-only", "--brief", "--history", "nights.db", "--against", "last")
FEWER: Final = Manner(models=(MODELS[:-1],))
SLOW: Final = Delay(0.08)


def killed_meanwhile(nights: Nights) -> str:
    """Start a run that does not end, see what the night's own does then, and kill it."""
    server = nights.servers["staging"]
    usual = server.gateway
    server.gateway = replace(good_gateway(), models=then_silent(b""))
    command = [sys.executable, "-m", "envcheck", *NIGHTLY]
    with subprocess.Popen(command, cwd=nights.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as other:
        seen = len(server.requests)
        while len(server.requests) == seen:
            time.sleep(0.01)
        said = told(nights.night(6, *NIGHTLY))
        other.send_signal(signal.SIGKILL)
        other.communicate()
    server.gateway = usual
    assert other.returncode == -signal.SIGKILL
    assert (nights.folder / "reports" / LOCK_NAME).exists()
    return said


def together(said: str) -> str:
    """Tell of both what is told of each where this machine was too busy to time one of them."""
    slower = "chat is N× slower since 2026-11-24"
    return said.replace(f"production: {slower}; staging: {slower}", f"production, staging: {slower}")


@pytest.mark.thorough
def test_fourteen_nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> None:
    """A model is lost and comes back, a gateway is down, another run is killed, all get slower: each is told once."""
    story: dict[str, str] = {}
    with nights_of(tmp_path, monkeypatch, "production", "staging", "eu") as nights:
        story["01 the first"] = told(nights.night(1, *NIGHTLY))
        plant_nights_before(tmp_path / "nights.db", tmp_path / "reports", 12)
        story["02 nothing"] = told(nights.night(2, *NIGHTLY))
        nights.become(staging=FEWER)
        story["03 staging loses a model"] = told(nights.night(3, *NIGHTLY))
        story["04 it stays so"] = told(nights.night(4, *NIGHTLY))
        nights.become(production=DOWN)
        story["05 production is down"] = told(nights.night(5, *NIGHTLY))
        story["06 at the same time as a run that is killed"] = killed_meanwhile(nights)
        story["06 still down"] = told(nights.night(6, *NIGHTLY, hours=1))
        story["07 still down"] = told(nights.night(7, *NIGHTLY))
        nights.become(production=GOOD)
        story["08 it answers"] = told(nights.night(8, *NIGHTLY))
        story["09 nothing"] = told(nights.night(9, *NIGHTLY))
        story["09 by day, one by hand"] = told(nights.night(9, "run", "staging", "-q", "--brief", hours=9))
        demo = nights.night(9, "demo", hours=10)
        story["09 by day, a demo"] = f"exit {demo.code}"
        story["10 told again"] = told(nights.night(10, *NIGHTLY))
        nights.become(staging=GOOD)
        story["11 staging is mended"] = told(nights.night(11, *NIGHTLY))
        fewer = Manner(models=((MODELS[0], MODELS[2]),), chat_delay=SLOW)
        nights.become(production=fewer, staging=Manner(chat_delay=SLOW), eu=Manner(chat_delay=SLOW))
        story["12 production loses a model"] = told(nights.night(12, *NIGHTLY))
        nights.names["eu"] = "europe"
        nights.write_file()
        story["13 eu is renamed"] = told(nights.night(13, *NIGHTLY))
        plant_latencies(tmp_path / "nights.db", slow_since=9)
        story["14 all have been slow since the ninth"] = together(told(nights.night(14, *NIGHTLY)))
    printed = [said.partition("\n")[2] for said in story.values()]
    shown = re.findall(r"^```text\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(shown) == 4
    assert [each for each in shown if each not in printed] == []
    assert story == snapshot
