"""Who is asked what, when: concurrency, the order of samples, and what is handed over when a run is cut short.

A run has two parts. In the opening every environment is asked each of its probes once, all environments at the same
time. Then, when more than one sample is wanted, the samples for latency are taken one request in flight, in rounds
that visit the environments in an order shuffled anew, so that a drift of the machine or the network hits all alike.
"""

from __future__ import annotations

import random
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import anyio

from envcheck.http import Gateway
from envcheck.lag import LagSentinel
from envcheck.turns import Turns
from envcheck.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.model import Environment
    from envcheck.redact import Redactor
    from envcheck.visit import Progress

MAX_RETAKES: Final = 2
"""How often a sample is taken again that was void because this process was late itself."""


async def run(environments: Sequence[Environment], *, redactor: Redactor, concurrency: int, progress: Progress) -> None:
    """Probe every environment, and hand each record to `progress.finished` as soon as it is done.

    `redactor` knows the secrets of all of them; `concurrency` bounds how many are opened, and how many connections are
    kept open, at the same time. When the run is cancelled, environments that have answered are handed over, those that
    were sampled with the samples they have.
    """
    # Either all keep their connections for the samples or none does: a warm one and a cold one are not held together.
    keeps_connections = len(environments) <= concurrency
    async with AsyncExitStack() as stack:
        sampled: list[Visit] = []
        places = anyio.Semaphore(concurrency)
        turns = Turns()

        async def visit_one(visit: Visit) -> None:
            try:
                if visit.environment.samples > 1:
                    await stack.enter_async_context(visit)
                    await visit.open()
                    sampled.append(visit)
                    progress.exchanged(visit.environment.name)
                else:
                    async with visit:
                        await visit.open()
                        await turns.take(lambda: progress.finished(visit.evidence()))
            finally:
                places.release()

        try:
            async with anyio.create_task_group() as opening:
                for environment in environments:
                    gateway = Gateway(environment, keeps_connections=keeps_connections)
                    view = redactor.for_server(shows_text=environment.server_text)
                    visit = Visit(environment, view, gateway, turns, progress)
                    if environment.key_is_missing:
                        visit.spare()
                        progress.finished(visit.evidence())
                        continue
                    await places.acquire()
                    async with turns.lock:
                        opening.start_soon(visit_one, visit)
            await _take_samples(sampled, progress)
        finally:
            for visit in sampled:
                progress.finished(visit.evidence())


async def _take_samples(visits: Sequence[Visit], progress: Progress) -> None:
    """Take the samples for latency in shuffled rounds; a probe that fails takes no part in later rounds."""
    sentinel = LagSentinel()
    # Which order is fair is a matter of chance, not of secrecy.
    shuffle = random.Random().shuffle  # noqa: S311
    going_on = [
        (visit, probe) for visit in visits for probe, readings in visit.readings.items() if readings[0].failure is None
    ]
    async with anyio.create_task_group() as watching:
        watching.start_soon(sentinel.watch)
        taken = 0
        while going_on:
            taken += 1
            shuffle(going_on)
            for visit, probe in going_on:
                await _take_one(visit, probe, sentinel)
                progress.exchanged(visit.environment.name)
            going_on = [
                (visit, probe)
                for visit, probe in going_on
                if taken < visit.environment.samples and visit.readings[probe][-1].failure is None
            ]
        watching.cancel_scope.cancel()


async def _take_one(visit: Visit, probe: str, sentinel: LagSentinel) -> None:
    """Take one sample, and take it again while this process itself was late: a void sample is kept as void."""
    for _ in range(1 + MAX_RETAKES):
        sentinel.start_over()
        reading = await visit.ask(probe)
        void = sentinel.was_late and reading.failure is None
        visit.readings[probe].append(replace(reading, voided=void))
        if not void:
            return
