"""A run that is ended at a random moment by a random signal, many times: what it leaves behind is whole, and enough.

`ENVCHECK_TORTURE_ROUNDS` says how many times; `ENVCHECK_TORTURE_SEED` repeats a session's moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pytest

from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gateways.gateway import Behaviour, Gateway
    from gateways.server import Server
    from gateways.wire import Exchange

pytestmark = pytest.mark.torture

ROUNDS: Final = int(os.environ.get("ENVCHECK_TORTURE_ROUNDS", "100"))
SEED: Final = int(os.environ.get("ENVCHECK_TORTURE_SEED", str(random.SystemRandom().randrange(1 << 32))))
AT_ONCE: Final = 3
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 143, signal.SIGKILL: -9}
ENVIRONMENTS: Final = 10
SURELY_S: Final = 0.6
"""An answer that was sent so long before the signal has been read, however busy the machine is."""


@dataclass
class Answered:
    """When each environment was sent its last answer, by the bearer key that its round gave it."""

    at: dict[tuple[str, int], float] = field(default_factory=dict)

    def noting(self, number: int, gateway: Gateway) -> Gateway:
        def after(behaviour: Behaviour) -> Behaviour:
            async def answer(exchange: Exchange) -> None:
                await behaviour(exchange)
                self.at[exchange.request.key, number] = time.monotonic()

            return answer

        return replace(gateway, chat=after(gateway.chat))


@dataclass(frozen=True)
class Round:
    """What one round came to."""

    name: str
    number: signal.Signals
    after_s: float
    code: int
    stderr: str
    sent_at: float
    folder: Path

    def __str__(self) -> str:
        return f"{self.name}: {self.number.name} after {self.after_s:.3f} s, exit {self.code}\n{self.stderr}"


def play(folder: Path, name: str, servers: Sequence[Server], draw: random.Random, latest_s: float) -> Round:
    """Start a run in a folder of its own, and end it within so many seconds."""
    home = folder / name
    home.mkdir()
    tables = (f'[environments.e{i}]\nbase_url = "{server.base_url}"' for i, server in enumerate(servers))
    head = 'baseline = "e0"\n[defaults]\napi_key_env = "ROUND_KEY"\nmodel = "gpt-4o"\n'
    (home / "environments.toml").write_text(head + "\n".join(tables))
    number, after_s = draw.choice(SIGNALS), draw.uniform(0, latest_s)
    with subprocess.Popen(
        [sys.executable, "-m", "envcheck", "run"],
        cwd=home,
        env={**os.environ, "ROUND_KEY": name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(after_s)
        sent_at = time.monotonic()
        process.send_signal(number)
        _, stderr = process.communicate(timeout=30)
    return Round(name, number, after_s, process.returncode, stderr, sent_at, home / "reports")


def stage(result: Round) -> str:
    """Say how far the run had come when it was ended, by what it did about it."""
    if "KeyboardInterrupt" in result.stderr and "cli/" not in result.stderr:
        return "in the interpreter"  # which is still looking for us, and has a traceback of its own
    if result.code not in {CODES[result.number], -result.number}:
        return "done before"
    if result.number is signal.SIGKILL:
        return "killed"
    if "the result stands" in result.stderr:
        return "after the probing"
    if "environments finished" in result.stderr:
        return "while it probed"
    return "before it probed" if result.stderr.startswith("envcheck: ") else "in the interpreter"


def complaints(result: Round, answered: Answered) -> list[str]:
    """Give what is wrong with what a round left behind."""
    files = list(result.folder.iterdir()) if result.folder.exists() else []
    kept = {path.stem for path in files if path.suffix == ".json" and not path.name.startswith(".")}
    wrong = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("."):
            if result.number is not signal.SIGKILL:
                wrong.append(f"{path.name} was left behind")
        elif path.suffix == ".json":
            json.loads(text)
        elif not text.startswith("# ") or not text.endswith("\n"):
            wrong.append(f"{path.name} is cut")
    where = stage(result)
    if where in {"done before", "after the probing"} and len(kept) != ENVIRONMENTS + 1:
        wrong.append(f"{where}, and {sorted(kept)} is all there is")
    if where == "while it probed":
        sure = {
            f"e{number}"
            for (key, number), at in answered.at.items()
            if key == result.name and at < result.sent_at - SURELY_S
        }
        if not sure <= kept:
            wrong.append(f"{sorted(sure - kept)} had answered")
    if "Traceback" in result.stderr and where != "in the interpreter":
        wrong.append("a traceback")
    return wrong


def test_whatever_ends_a_run_and_whenever_what_is_there_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every report that is there can be read, every answer that had come is there, and nothing ends in a traceback."""
    draw = random.Random(SEED)
    answered = Answered()
    delays = [draw.uniform(0, 0.3) for _ in range(ENVIRONMENTS - 2)] + [0.8, 1.0]
    gateways = [
        answered.noting(number, good_gateway(Manner(chat_delay=Delay(seconds))))
        for number, seconds in enumerate(delays)
    ]
    with serving_all(gateways) as servers, ThreadPoolExecutor(AT_ONCE) as pool:
        started = time.monotonic()
        whole = [pool.submit(play, tmp_path, f"whole-{i}", servers, random.Random(i), 60.0) for i in range(AT_ONCE)]
        assert all(each.result().code in {0, 3} for each in whole)
        latest_s = 1.1 * (time.monotonic() - started)  # a busy machine takes longer for everything
        rounds = [
            pool.submit(play, tmp_path, f"round-{i}", servers, random.Random(f"{SEED}/{i}"), latest_s)
            for i in range(ROUNDS)
        ]
        results = [each.result() for each in rounds]
    stages = Counter((result.number.name, stage(result)) for result in results)
    with capsys.disabled():
        print(f"\n{ROUNDS} rounds, seed {SEED}")
        for (name, where), count in sorted(stages.items()):
            print(f"  {name:8} {where:20} {count}")
    wrong = [f"{result}{each}" for result in results for each in complaints(result, answered)]
    assert not wrong, "\n\n".join(wrong[:10])
    assert len({where for _, where in stages}) >= 4, stages
