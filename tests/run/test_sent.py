"""What was sent beyond the plan is told when the run is over, and why; this machine's stalls are among the reasons."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from cli_runs import run_envcheck
from envcheck.run import lag
from gateways.good import good_gateway
from gateways.server import serving, serving_all

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from gateways.gateway import Behaviour
    from gateways.server import Server
    from gateways.wire import Exchange

GOOD = good_gateway()


def config(folder: Path, servers: list[Server], **settings: object) -> Path:
    file = folder / "environments.toml"
    defaults = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    tables = [f'[environments.e{at}]\nbase_url = "{server.base_url}"' for at, server in enumerate(servers)]
    file.write_text("\n".join(['baseline = "e0"', "[defaults]", defaults, *tables]))
    return file


def resetting(behaviour: Behaviour) -> Behaviour:
    """End each connection at the second request that comes over it."""
    over: Counter[int] = Counter()

    async def answer(exchange: Exchange) -> None:
        connection = exchange.request.connection
        over[connection] += 1
        if over[connection] > 1:
            exchange.peer.reset()
        else:
            await behaviour(exchange)

    return answer


def test_requests_that_were_sent_twice_are_announced_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway that resets warm connections gets more than was announced; stderr and each record say how much."""
    monkeypatch.setattr(lag, "LATE_S", 1e9)
    flaky = replace(GOOD, chat=resetting(GOOD.chat))
    with serving_all([GOOD, flaky]) as servers:
        file = config(tmp_path, servers, samples=4, model="gpt-4o", probes=["chat"])
        ran = run_envcheck("run", "-c", file, "-o", tmp_path / "reports")
        sent = [len(server.requests) for server in servers]
    assert sent == [5, 9]
    assert "sending 10 requests to 2 environments" in ran.stderr
    assert "sent 14 requests (10 announced), among them beyond the plan: 4 sent twice" in ran.stderr
    targets = [json.loads((tmp_path / "reports" / f"e{at}.json").read_text())["target"] for at in (0, 1)]
    assert [target["planned_requests"] for target in targets] == [5, 5]
    assert [target["sent_requests"] for target in targets] == sent
    assert [target["unplanned_requests"] for target in targets] == [{}, {"resent": 4}]
    assert "Requests: 5 planned, 9 sent" in (tmp_path / "reports" / "e1.md").read_text()


def test_a_run_that_sent_what_it_announced_says_no_more_of_it(tmp_path: Path) -> None:
    """The line before the run was true."""
    with serving(GOOD) as server:
        ran = run_envcheck("run", "-c", config(tmp_path, [server]), "--no-reports")
    assert "sending 2 requests" in ran.stderr
    assert "beyond the plan" not in ran.stderr


def test_a_machine_that_slept_blames_no_gateway(tmp_path: Path) -> None:
    """A run that is stopped for longer than its deadline, as a laptop that is closed, asks again when it goes on."""
    child: list[int] = []

    async def stop_the_asker(exchange: Exchange) -> None:
        if exchange.number > 1:
            await GOOD.models(exchange)
            return
        os.kill(child[0], signal.SIGSTOP)
        await asyncio.sleep(2.0)
        os.kill(child[0], signal.SIGCONT)
        await exchange.peer.gone()

    with serving_all([replace(GOOD, models=stop_the_asker)]) as servers:
        file = config(tmp_path, servers, timeout_s=1.0)
        command = [sys.executable, "-m", "envcheck", "run", "-c", str(file), "-o", str(tmp_path / "reports")]
        with subprocess.Popen(
            ["/bin/sh", "-c", 'read go; exec "$@"', "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            child.append(process.pid)
            _, stderr = process.communicate("go\n", timeout=60)
    assert process.returncode == 0, stderr
    assert "taken again, for this machine stood still meanwhile" in stderr
    record = json.loads((tmp_path / "reports" / "e0.json").read_text())
    assert [check["outcome"] for check in record["checks"]] == ["pass", "pass"]
    assert record["target"]["unplanned_requests"]["retaken"] >= 1
