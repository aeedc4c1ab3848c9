"""False alarms and power of `latency.slower`, counted over real runs on loopback.

::

    python -m benchmarks.real_alarms [--runs 20] [--candidates 1 5] [--samples 7] [--kinds ar1 ...] [--slower 1.0 1.5]

Each run probes gateways whose delays are drawn anew, judges what it finds, and samples again what was slow once, as
`envcheck run` does. It prints, for each kind of noise, how many runs found a candidate slower; where all gateways are
equal, each of those is a false alarm. Every environment has an address of its own on loopback, and so an origin.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import subprocess
import sys
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Final

import anyio

from envcheck.compare import Memory, compare, suspects
from envcheck.model import Environment
from envcheck.policy import Policy
from envcheck.redact import Redactor
from envcheck.run.runner import Second, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names

CENTRE_S: Final = 0.03
CONFIRM_OVER_S: Final = 3.0
"""In proportion to the delays: 500 times the centre, as 15 s are to a gateway of 30 ms; waves are as much shorter."""
_FLOOR_MS: Final = 5.0
_MODELS: Final = b'{"object":"list","data":[{"id":"m-1","object":"model"}]}'
_CHAT: Final = (
    b'{"id":"c","object":"chat.completion","created":1,"model":"m-1","choices":[{"index":0,"message":'
    b'{"role":"assistant","content":"pong"},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}'
)


class Delays:
    """How long one gateway takes, by one kind of noise."""

    def __init__(self, kind: str, factor: float) -> None:
        self._kind = kind
        self._factor = factor
        self._memory = random.gauss(0, 0.3)
        self._wave_starts = perf_counter() + random.uniform(0, 4)

    def next(self) -> float:
        """Draw a delay, in seconds."""
        return CENTRE_S * self._factor * self._drawn()

    def _drawn(self) -> float:
        match self._kind:
            case "lognormal15" | "lognormal35" | "lognormal60":
                return math.exp(random.gauss(0, int(self._kind[-2:]) / 100))
            case "heavy":
                return 0.8 + 0.2 * min(random.paretovariate(1.5), 50)
            case "bimodal":
                return random.choice((0.7, 1.6)) * random.uniform(0.95, 1.05)
            case "ar1":
                self._memory = 0.9 * self._memory + random.gauss(0, 0.3 * math.sqrt(1 - 0.9**2))
                return math.exp(self._memory)
            case "bursts":
                return self._wave() * math.exp(random.gauss(0, 0.15))
            case _:
                raise ValueError(self._kind)

    def _wave(self) -> float:
        """Give 2.5 within a slow wave of 0.6 s, which comes about every 4 s."""
        now = perf_counter()
        while now > self._wave_starts + 0.6:
            self._wave_starts += 0.6 + random.expovariate(1 / 3.4)
        return 2.5 if now >= self._wave_starts else 1.0


async def _serve(kind: str, factors: Sequence[float]) -> None:
    """Serve each factor on an address of its own; the port is said on stdout."""
    delays: dict[str, Delays] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        gateway = delays.setdefault(address, Delays(kind, factors[int(address.rpartition(".")[2]) - 1]))
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                )
                await reader.readexactly(length)
                await asyncio.sleep(gateway.next())
                body = _CHAT if head.startswith(b"POST") else _MODELS
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class _Kept:
    """Keeps what a run hands over."""

    def __init__(self) -> None:
        self.evidences: dict[str, Evidence] = {}
        self.names: dict[str, Mapping[str, Names]] = {}

    def exchanged(self, environment: str) -> None:
        """Nobody looks."""

    def expect_more(self, requests: int) -> None:
        """Nobody looks."""

    def sampling(self, requests: int, seconds: float) -> None:
        """Nobody looks."""

    def confirming(self, latencies: int, requests: int, seconds: float) -> None:
        """Nobody looks."""

    def finished(self, evidence: Evidence, names: Mapping[str, Names]) -> None:
        """Keep a record."""
        self.evidences[evidence.environment] = evidence
        self.names[evidence.environment] = names

    def broke(self, environment: str, error: Exception) -> None:
        """A fault here is one of the benchmark's."""
        raise RuntimeError(environment) from error


def found(kind: str, candidates: int, samples: int, slower: float, *, twice: bool = True) -> int:
    """Make one run, and give how many candidates were found slower."""
    factors = [1.0] + [slower] * candidates
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.real_alarms", "--serve", kind, *map(str, factors)], stdout=subprocess.PIPE
    )
    try:
        port = int(server.stdout.readline()) if server.stdout is not None else 0
        names = [f"e{number}" for number in range(candidates + 1)]
        environments = [
            Environment(name, f"http://127.0.0.{number + 1}:{port}/v1", model="m-1", samples=samples)
            for number, name in enumerate(names)
        ]
        policy = Policy(latency_floor_ms=_FLOOR_MS, confirm_over_s=CONFIRM_OVER_S if twice else 0)

        def judged(evidences: Sequence[Evidence], known: Mapping[str, Mapping[str, Names]]) -> list[tuple[str, str]]:
            return suspects(evidences, baseline=names[0], policy=policy, names=known)

        kept = _Kept()
        second = Second(judged, names[0], CONFIRM_OVER_S) if twice else None
        anyio.run(_run, environments, kept, second)
        now = datetime.now(UTC)
        comparison = compare(
            [kept.evidences[name] for name in names],
            baseline=names[0],
            policy=policy,
            generated_at=now,
            today=now.date(),
            memory=Memory((), kept.names),
        )
        slow = {finding.environment for finding in comparison.findings if finding.rule == "latency.slower"}
        return len(slow)
    finally:
        server.kill()
        server.wait()


async def _run(environments: Sequence[Environment], kept: _Kept, second: Second | None) -> None:
    redactor = Redactor()
    await run(environments, redactor=redactor, concurrency=256, progress=kept, second=second)


def main() -> None:
    """Count over all that was asked for, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = ("lognormal15", "lognormal35", "lognormal60", "heavy", "bimodal", "ar1", "bursts")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--candidates", type=int, nargs="+", default=[1, 5])
    parser.add_argument("--samples", type=int, nargs="+", default=[7])
    parser.add_argument("--kinds", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--slower", type=float, nargs="+", default=[1.0])
    parser.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        kind, *factors = asked.serve
        asyncio.run(_serve(kind, [float(factor) for factor in factors]))
        return
    print("| noise | candidates | samples | slower by | runs | runs with latency.slower | candidates found |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind in asked.kinds:
        for candidates in asked.candidates:
            for samples in asked.samples:
                for slower in asked.slower:
                    counts = [found(kind, candidates, samples, slower) for _ in range(asked.runs)]
                    runs = sum(count > 0 for count in counts)
                    print(
                        f"| {kind} | {candidates} | {samples} | {slower:g} | {asked.runs} | {runs} | {sum(counts)} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
