"""A run's `Progress` for tests: it keeps all that it is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

import anyio

from envcheck.config.secrets import secrets_of
from envcheck.model import Environment
from envcheck.redact import Redactor
from envcheck.run import runner

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence

    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.run.runner import Second


@dataclass
class Collected:
    """What a run told."""

    evidences: dict[str, Evidence] = field(default_factory=dict)
    names: dict[str, Mapping[str, Names]] = field(default_factory=dict)
    exchanges: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    """When each record came, after the start."""
    sampled: list[int] = field(default_factory=list)
    confirmed: list[tuple[int, int, float]] = field(default_factory=list)
    more: int = 0
    faults: list[tuple[str, Exception]] = field(default_factory=list)
    tenth: anyio.Event = field(default_factory=anyio.Event)
    _started: float = field(default_factory=perf_counter)

    def exchanged(self, environment: str) -> None:
        self.exchanges.append(environment)
        if len(self.exchanges) == 10:
            self.tenth.set()

    def expect_more(self, requests: int) -> None:
        self.more += requests

    def sampling(self, requests: int, seconds: float) -> None:
        self.sampled.append(requests)

    def confirming(self, latencies: int, requests: int, seconds: float) -> None:
        self.confirmed.append((latencies, requests, seconds))

    def finished(self, evidence: Evidence, names: Mapping[str, Names]) -> None:
        assert evidence.environment not in self.evidences, "handed over twice"
        self.evidences[evidence.environment] = evidence
        self.names[evidence.environment] = names
        self.seconds[evidence.environment] = perf_counter() - self._started

    def broke(self, environment: str, error: Exception) -> None:
        self.faults.append((environment, error))


def running(
    environments: Sequence[Environment], collected: Collected, *, concurrency: int = 64, second: Second | None = None
) -> partial[Coroutine[object, object, None]]:
    """Give a run to be started."""
    redactor = Redactor(secrets_of(environments))
    return partial(
        runner.run, environments, redactor=redactor, concurrency=concurrency, progress=collected, second=second
    )


def run(environments: Sequence[Environment], *, concurrency: int = 64, second: Second | None = None) -> Collected:
    """Run, and give what was told."""
    collected = Collected()
    anyio.run(running(environments, collected, concurrency=concurrency, second=second))
    return collected


def environment_at(base_url: str, name: str = "e", **more: object) -> Environment:
    return replace(Environment(name=name, base_url=base_url, timeout_s=5.0), **more)  # type: ignore[arg-type]  # whatever a test is about
