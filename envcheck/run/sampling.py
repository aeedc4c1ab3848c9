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

from envcheck.model import FailureClass, Unplanned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from envcheck.model import Exchange
    from envcheck.run.lag import LagSentinel
    from envcheck.run.progress import Progress
    from envcheck.run.visit import Readings, Visit
    from envcheck.seam.normalize import Reading

MAX_RETAKES: Final = 2
"""How often a sample is taken again that was void because this process stood still."""
MAX_IN_A_ROW: Final = 3
"""After so many failed samples in a row no more are asked for."""
LARGE_BODY: Final = 256 * 1024
HELD_BODIES: Final = 32 * 1024 * 1024
"""Bytes of one reply, and of all that wait in a round, from which one is read at once and beside the event loop: memory
stays bounded whatever is served."""
APART_S: Final = 0.002
"""Seconds between the first requests of two origins in a round: about what one exchange costs this process."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

Pair: TypeAlias = "tuple[Visit, str]"
"""An environment and one of its probes."""
Batch: TypeAlias = "Callable[[Readings], list[Reading]]"


@dataclass(slots=True)
class _Taken:
    """One sample of a round."""

    exchange: Exchange | None
    is_spoiled: bool
    """Whether this process stood still while it was taken."""
    reading: Reading | None = None
    """Where it was read at once; the exchange is let go then."""


class Sampling:
    """Takes batches of samples, of at most `concurrency` origins at the same time."""

    def __init__(self, sentinel: LagSentinel, progress: Progress, concurrency: int) -> None:
        self._sentinel = sentinel
        self._progress = progress
        self._places = anyio.Semaphore(concurrency)
        self._held = 0
        """Bytes that wait to be read when the round is over."""
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
            await self._round(going_on, lambda readings: readings.again, Unplanned.CONFIRMING)

    async def _round(self, pairs: Sequence[Pair], batch: Batch, why: Unplanned | None = None) -> None:
        """Ask each pair once; those whose sample is void are asked again."""
        left = list(pairs)
        for retakes_left in reversed(range(1 + MAX_RETAKES)):
            taken: dict[Pair, _Taken] = {}
            try:
                await self._ask(left, taken, why)
            finally:  # also what has come when the run is cut short
                left = await self._read(taken, batch)
            if not left or not retakes_left:
                return
            why = Unplanned.RETAKEN

    async def _ask(self, pairs: Sequence[Pair], taken: dict[Pair, _Taken], why: Unplanned | None) -> None:
        """Send every pair's request: one after the other for each origin, all origins at the same time."""
        by_origin: dict[object, list[Pair]] = defaultdict(list)
        for visit, probe in pairs:
            by_origin[_origin(visit)].append((visit, probe))

        async def one_origin(queue: Sequence[Pair]) -> None:
            async with self._places:
                for visit, probe in queue:
                    exchange = await visit.ask(probe, why)
                    taken[visit, probe] = sample = _Taken(exchange, self._is_spoiled(visit, exchange))
                    if exchange is not None and self._is_too_much(len(exchange.body)):
                        sample.reading = await visit.read(probe, exchange)
                        sample.exchange = None

        queues = list(by_origin.values())
        self._shuffle(queues)
        async with anyio.create_task_group() as all_origins:
            for queue in queues:
                self._shuffle(queue)
                all_origins.start_soon(one_origin, queue)
                # Gateways that are equally fast would answer at the same moment what they are asked at the same moment,
                # and only one reply can be noticed at a time.
                await anyio.sleep(APART_S)

    async def _read(self, taken: Mapping[Pair, _Taken], batch: Batch) -> list[Pair]:
        """Read what was taken, and give those whose sample is void."""
        self._held = 0
        void: list[Pair] = []
        for (visit, probe), sample in taken.items():
            reading = sample.reading or await visit.read(probe, sample.exchange)
            # A failure is the gateway's whatever this process did meanwhile, but for a deadline that it slept through.
            is_void = sample.is_spoiled and reading.failure in {None, FailureClass.TIMEOUT}
            batch(visit.readings[probe]).append(replace(reading, voided=is_void))
            if is_void:
                void.append((visit, probe))
        return void

    def _is_spoiled(self, visit: Visit, exchange: Exchange | None) -> bool:
        return exchange is not None and self._sentinel.spoils(exchange, visit.environment.timeout_s)

    def _is_too_much(self, size: int) -> bool:
        """Tell whether a reply is not to wait until the round is over; note it where it is."""
        if size > LARGE_BODY or self._held + size > HELD_BODIES:
            return True
        self._held += size
        return False


def _origin(visit: Visit) -> object:
    """Give scheme, host and port; the host's case and a spelled-out default port do not count."""
    parts = urlsplit(visit.environment.base_url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _is_given_up(readings: Sequence[Reading]) -> bool:
    """Tell whether asking on would only harm, or tell nothing new."""
    told = [reading for reading in readings if not reading.voided]
    if told and told[-1].failure is FailureClass.RATE_OR_QUOTA:
        return True
    in_a_row = told[-MAX_IN_A_ROW:]
    return len(in_a_row) == MAX_IN_A_ROW and all(reading.failure is not None for reading in in_a_row)


def _duration_s(pairs: Sequence[Pair]) -> float:
    """Estimate how long the samples take, by how long the opening requests took: the slowest origin's, one by one."""
    by_origin: dict[object, float] = defaultdict(float)
    for visit, probe in pairs:
        took_ms = visit.readings[probe].opening.timing.total_ms or 0.0
        by_origin[_origin(visit)] += visit.environment.samples * took_ms / 1000
    return max(by_origin.values(), default=0.0)
