"""Probing the environments of a configuration, in a loop of one's own or in one that runs already."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import anyio

from envcheck.api.judging import Before, compared, second_batch
from envcheck.comparison import Result
from envcheck.errors import ConfigError
from envcheck.model import DEFAULT_CONCURRENCY
from envcheck.run import runner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.comparison import Comparison
    from envcheck.config import Config
    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.model import Environment
    from envcheck.redact import Redactor
    from envcheck.run.progress import Progress
    from envcheck.run.runner import Second


@dataclass(slots=True)
class Collected:
    """A run's `Progress` that keeps what the run brings back, and tells nobody of the rest.

    Whoever wants to know where a run is derives from it. What `broke` is given may hold secrets: it is for a debugger,
    and what came of it stands in the record, as `internal` or `plugin`.
    """

    by_name: dict[str, Evidence] = field(default_factory=dict)
    names: dict[str, Mapping[str, Names]] = field(default_factory=dict)

    def exchanged(self, environment: str) -> None:
        """Do nothing when a request is over."""

    def expect_more(self, requests: int) -> None:
        """Do nothing when more is sent than was announced."""

    def sampling(self, requests: int, seconds: float) -> None:
        """Do nothing when samples begin, which take so many requests and about so many seconds."""

    def confirming(self, latencies: int, requests: int, seconds: float) -> None:
        """Do nothing when what was slow is sampled again."""

    def finished(self, evidence: Evidence, names: Mapping[str, Names]) -> None:
        """Keep a record."""
        self.by_name[evidence.environment] = evidence
        self.names[evidence.environment] = names

    def broke(self, environment: str, error: Exception) -> None:
        """Do nothing with a fault, which may hold anything."""


async def probe(  # noqa: PLR0913 - by name, everything that a run depends on
    environments: Sequence[Environment],
    *,
    redactor: Redactor,
    progress: Progress,
    concurrency: int = DEFAULT_CONCURRENCY,
    second: Second | None = None,
    made_up: bool = False,
    vantage: str | None = None,
) -> None:
    """Ask every environment, and hand each record to `progress.finished` as soon as there is one.

    Cancelled, it hands over what has answered. `second` says when latencies are sampled again: see `second_batch`.
    `vantage` names the place that this looks from, and stands in every record.
    """
    await runner.run(
        environments,
        redactor=redactor,
        concurrency=concurrency,
        progress=progress,
        second=second,
        made_up=made_up,
        vantage=vantage,
    )


async def run_async(
    config: Config,
    *,
    earlier: Comparison | None = None,
    collected: Collected | None = None,
    concurrency: int = DEFAULT_CONCURRENCY,
) -> Result:
    """Probe the environments of a configuration side by side, and compare them.

    Args:
        config: as `load` gives it.
        earlier: an earlier comparison that findings are tagged new or unchanged against.
        collected: what is told where the run is; None for nobody.
        concurrency: how many environments are open at once. Each takes two open files for each request that it has
            under way, and the process's limit on those is not looked at here.

    Returns:
        A record of each environment, the baseline first, and their comparison. Whatever an environment does is in it.

    Raises:
        ConfigError: nothing may be open at once, so that it would never end.

    """
    if concurrency < 1:
        raise ConfigError("concurrency: is less than 1; leave it out, or give how many may be open at once")
    told = Collected() if collected is None else collected
    await probe(
        config.environments,
        redactor=config.redactor,
        progress=told,
        concurrency=concurrency,
        second=second_batch(config),
    )
    evidences = [told.by_name[each.name] for each in config.environments]
    return Result(evidences, compared(config, config.environments, evidences, told.names, Before(earlier)))


def run(
    config: Config,
    *,
    earlier: Comparison | None = None,
    collected: Collected | None = None,
    concurrency: int = DEFAULT_CONCURRENCY,
) -> Result:
    """Do as `run_async` in an event loop of its own; not for where one runs already."""
    return anyio.run(partial(run_async, config, earlier=earlier, collected=collected, concurrency=concurrency))
