"""Samples for latency: in rounds, one request in flight for each origin, all origins at the same time.

In a round every environment is asked once for each of its probes, in an order shuffled anew, so that a drift of the
machine or the network hits all alike. Replies are read when the round is over and no clock runs, so that our own work
makes no gateway look slow.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

import anyio

from envcheck.model import FailureClass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from envcheck.model import Exchange
    from envcheck.run.lag import LagSentinel
    from envcheck.run.visit import Progress, Readings, Visit
    from envcheck.seam.normalize import Reading

MAX_RETAKES: Final = 2
"""How often a sample is taken again that was void because this process stood still."""
MAX_IN_A_ROW: Final = 3
"""After so many failed samples in a row no more are asked for."""
LARGE_BODY: Final = 256 * 1024
"""Bytes from which a reply is read at once, for many of them together would take too much memory."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

Pair: TypeAlias = "tuple[Visit, str]"
"""An environment and one of its probes."""
Batch: TypeAlias = "Callable[[Readings], list[Reading]]"


@dataclass(slots=True)
class _Taken:
    """One sample of a round."""

    exchange: Exchange | None = None
    reading: Reading | None = None
    is_void: bool = False


class Sampling:
    """Takes batches of samples."""

    def __init__(self, sentinel: LagSentinel, progress: Progress) -> None:
        self._sentinel = sentinel
        self._progress = progress
        # Which order is fair is a matter of chance, not of secrecy.
        self._shuffle = random.Random().shuffle  # noqa: S311

    async def first_batch(self, visits: Sequence[Visit]) -> None:
        """Take as many samples of each environment's probes as it is asked for."""
        pairs = [
            (visit, probe)
            for visit in visits
            for probe, readings in visit.readings.items()
            if readings.opening.failure is None
        ]
        if not pairs:
            return
        wanted = [visit.environment.samples for visit, _ in pairs]
        self._progress.sampling(sum(wanted), _duration_s(pairs))
        for number in range(max(wanted)):
            going_on = [
                (visit, probe)
                for visit, probe in pairs
                if number < visit.environment.samples and not _is_given_up(visit.readings[probe].first)
            ]
            await self._round(going_on, lambda readings: readings.first)

    async def second_batch(self, pairs: Sequence[Pair], latencies: int, over_s: float) -> None:
        """Take as many samples of these again, spread evenly over `over_s` seconds."""
        rounds = max(visit.environment.samples for visit, _ in pairs)
        self._progress.confirming(latencies, rounds * len(pairs), max(over_s, _duration_s(pairs)))
        began = perf_counter()
        for number in range(rounds):
            due = began + over_s * number / max(1, rounds - 1)
            await anyio.sleep(max(0.0, due - perf_counter()))
            going_on = [(visit, probe) for visit, probe in pairs if not _is_given_up(visit.readings[probe].again)]
            await self._round(going_on, lambda readings: readings.again)

    async def _round(self, pairs: Sequence[Pair], batch: Batch) -> None:
        """Ask each pair once; those whose sample is void are asked again."""
        left = list(pairs)
        for turn in range(1 + MAX_RETAKES):
            taken = await self._asked(left)
            await self._sentinel.catch_up()
            void: list[Pair] = []
            for (visit, probe), sample in taken.items():
                reading = sample.reading or await visit.read(probe, sample.exchange)
                is_void = sample.exchange is not None and self._is_void(visit, sample.exchange, reading)
                batch(visit.readings[probe]).append(replace(reading, voided=is_void))
                if is_void:
                    void.append((visit, probe))
            left = void
            if not left or turn == MAX_RETAKES:
                return

    async def _asked(self, pairs: Sequence[Pair]) -> dict[Pair, _Taken]:
        """Send every pair's request: one after the other for each origin, all origins at the same time."""
        by_origin: dict[object, list[Pair]] = defaultdict(list)
        for visit, probe in pairs:
            by_origin[_origin(visit)].append((visit, probe))
        taken: dict[Pair, _Taken] = {}

        async def one_origin(queue: Sequence[Pair]) -> None:
            for visit, probe in queue:
                exchange = await visit.ask(probe)
                sample = taken[visit, probe] = _Taken(exchange)
                if exchange is not None and len(exchange.body) > LARGE_BODY:
                    sample.reading = await visit.read(probe, exchange)

        queues = list(by_origin.values())
        self._shuffle(queues)
        async with anyio.create_task_group() as all_origins:
            for queue in queues:
                self._shuffle(queue)
                all_origins.start_soon(one_origin, queue)
        return taken

    def _is_void(self, visit: Visit, exchange: Exchange, reading: Reading) -> bool:
        if reading.failure is FailureClass.TIMEOUT:
            return self._sentinel.excuses(exchange, visit.environment.timeout_s)
        return reading.failure is None and self._sentinel.voids(exchange)


def _origin(visit: Visit) -> object:
    """Give scheme, host and port; the host's case and a spelled-out default port do not count."""
    parts = urlsplit(visit.environment.base_url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _is_given_up(readings: Sequence[Reading]) -> bool:
    """Tell whether asking on would only harm, or tell nothing new."""
    if readings and readings[-1].failure is FailureClass.RATE_OR_QUOTA:
        return True
    in_a_row = readings[-MAX_IN_A_ROW:]
    return len(in_a_row) == MAX_IN_A_ROW and all(reading.failure is not None for reading in in_a_row)


def _duration_s(pairs: Sequence[Pair]) -> float:
    """Estimate how long the samples take, by how long the opening requests took: the slowest origin's, one by one."""
    by_origin: dict[object, float] = defaultdict(float)
    for visit, probe in pairs:
        took_ms = visit.readings[probe].opening.timing.total_ms or 0.0
        by_origin[_origin(visit)] += visit.environment.samples * took_ms / 1000
    return max(by_origin.values(), default=0.0)
