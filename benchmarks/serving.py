"""Starting the benchmark's server, naming its gateways, and asking it for the truth."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.gateway_replies import base_path
from benchmarks.gateway_server import HOSTS, TRUTH_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Truth:
    """What one exchange took at the server, in milliseconds."""

    path: str
    ttfb_ms: float
    body_ms: float
    total_ms: float
    server_late_ms: float


@dataclass(frozen=True, slots=True)
class Gateways:
    """The server's address."""

    port: int

    def base_url(self, name: str, *, headers_ms: int = 0, body_ms: int = 0, models: int = 10) -> str:
        """Give the base URL of a gateway of this behaviour."""
        return f"http://127.0.0.1:{self.port}{base_path(name, headers_ms=headers_ms, body_ms=body_ms, models=models)}"

    def fleet(self, size: int, *, headers_ms: int, body_ms: int = 0) -> dict[str, str]:
        """Give as many equal gateways, by name."""
        names = [f"e{number}" for number in range(size)]
        return {name: self.base_url(name, headers_ms=headers_ms, body_ms=body_ms) for name in names}

    def origins(self, size: int, *, headers_ms: int) -> dict[str, str]:
        """Give as many equal gateways, each with an address of its own."""
        fleet = self.fleet(size, headers_ms=headers_ms)
        return {name: url.replace(HOSTS[0], host) for (name, url), host in zip(fleet.items(), HOSTS, strict=False)}

    def truths(self) -> dict[str, Truth]:
        """Give what was noted since this was last asked, by path, and forget it; of several the last."""
        return {path: truths[-1] for path, truths in self.all_truths().items()}

    def all_truths(self) -> dict[str, list[Truth]]:
        """Give all that was noted since this was last asked, by path and in order, and forget it."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{TRUTH_PATH}") as reply:
            truths: dict[str, list[Truth]] = defaultdict(list)
            for each in json.load(reply):
                truths[each["path"]].append(Truth(**each))
            return truths


@contextmanager
def gateways() -> Iterator[Gateways]:
    """Run the server in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.gateway_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the server has no stdout")
            yield Gateways(int(process.stdout.readline()))
        finally:
            process.terminate()
