"""Who is asked what, when: concurrency, the parts of a run, and what is handed over when it is cut short.

A run has up to three parts. In the opening every environment is asked each of its probes once, all environments at the
same time. Then, where more than one sample is wanted, samples for latency are taken in rounds (see `sampling`). And
where those have something to say, the latencies in question are sampled once more.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Final

import anyio

from envcheck.http import Gateway
from envcheck.model import PASSING_CAUSES, Unplanned
from envcheck.run.lag import LagSentinel
from envcheck.run.pacing import Pacing
from envcheck.run.sampling import Sampling
from envcheck.run.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from envcheck.evidence import Evidence
    from envcheck.judge.names import Names
    from envcheck.model import Environment
    from envcheck.redact import Redactor
    from envcheck.run.progress import Progress

MAX_ASKED_AGAIN: Final = 2
"""How often an opening request is asked again that failed by a passing cause."""
ASKED_AGAIN_AFTER_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Second:
    """When a latency is sampled a second time."""

    suspects: Callable[[Sequence[Evidence], Mapping[str, Mapping[str, Names]]], Sequence[tuple[str, str]]]
    """Names the environments, each with the probe, that were slow once; the baseline of all of them is `baseline`."""
    baseline: str
    over_s: float
    """Seconds over which the second batch is spread."""


async def run(  # noqa: PLR0913 - by name, everything that a run depends on
    environments: Sequence[Environment],
    *,
    redactor: Redactor,
    concurrency: int,
    progress: Progress,
    second: Second | None = None,
    made_up: bool = False,
    vantage: str | None = None,
) -> None:
    """Probe every environment, and hand each record to `progress.finished` as soon as it is done.

    `made_up` says that the gateways are none that anybody uses, as those of the demo; `vantage` where this process
    looks from, which each record says.

    `redactor` knows the secrets of all of them; `concurrency` bounds how many are opened, and how many connections are
    kept open, at the same time. When the run is cancelled, environments that have answered are handed over, those that
    were sampled with the samples they have.
    """
    run_id = token_hex(8)
    # Either all keep their connections for the samples or none does: a warm one and a cold one are not held together.
    keeps_connections = len(environments) <= concurrency
    pacing = Pacing()
    sentinel = LagSentinel()
    async with AsyncExitStack() as stack, anyio.create_task_group() as watching:
        watching.start_soon(sentinel.watch)
        sampled: list[Visit] = []
        places = anyio.Semaphore(concurrency)

        async def visit_one(visit: Visit) -> None:
            try:
                if visit.environment.samples > 1:
                    await stack.enter_async_context(visit)
                    await _open_for_samples(visit, sentinel, sampled)
                else:
                    async with visit:
                        await _open(visit, sentinel)
                        await _ask_the_rest(visit, sentinel)
                        await pacing.take(visit.hand_over)
            finally:
                places.release()

        async def ask_the_rest_of(visit: Visit) -> None:
            async with places:
                await _ask_the_rest(visit, sentinel)

        try:
            async with anyio.create_task_group() as opening:
                for environment in environments:
                    gateway = Gateway(environment, keeps_connections=keeps_connections)
                    within = redactor.for_server(shows_text=environment.server_text)
                    visit = Visit(environment, within, gateway, pacing, progress, run_id, made_up, vantage)
                    if environment.key_is_missing:
                        visit.spare()
                        visit.hand_over()
                        continue
                    await places.acquire()
                    async with pacing.lock:
                        opening.start_soon(visit_one, visit)
            await _sample(sampled, Sampling(sentinel, progress, concurrency), second)
            async with anyio.create_task_group() as rest:
                for visit in sampled:
                    rest.start_soon(ask_the_rest_of, visit)
        finally:
            for visit in sampled:
                visit.hand_over()
            sentinel.stop()


async def _open_for_samples(visit: Visit, sentinel: LagSentinel, sampled: list[Visit]) -> None:
    """Ask each probe once; what was answered when the run is cut short is kept, although it was to be asked again."""
    try:
        await _open(visit, sentinel)
    finally:
        if visit.is_answered:
            sampled.append(visit)


async def _open(visit: Visit, sentinel: LagSentinel) -> None:
    for probe in visit.sampled_probes:
        if visit.is_to_ask(probe):
            await _ask_first(visit, probe, sentinel)


async def _ask_the_rest(visit: Visit, sentinel: LagSentinel) -> None:
    """Ask what is asked once only, one probe at a time: it may harm what is asked after it."""
    for probe in visit.other_probes:
        if visit.is_to_ask(probe):
            await _ask_first(visit, probe, sentinel)


async def _ask_first(visit: Visit, probe: str, sentinel: LagSentinel) -> None:
    """Ask a probe's opening request; once more where it says nothing of the gateway, or what may be over in a moment.

    The first is a deadline that passed because this process stood still; the second a failure by a passing cause,
    where samples are wanted at all.
    """
    why: Unplanned | None = None
    for tries_left in reversed(range(1 + MAX_ASKED_AGAIN)):
        exchange = await visit.ask(probe, why)
        is_spoiled = exchange is not None and sentinel.spoils(exchange, visit.environment.timeout_s)
        if is_spoiled and exchange is not None and exchange.fault is not None and tries_left:
            why = Unplanned.RETAKEN
            continue
        reading = await visit.read(probe, exchange)
        if visit.is_of_our_making(probe, reading):
            return
        visit.note_opening(probe, replace(reading, voided=is_spoiled and reading.failure is None))
        if visit.environment.samples == 1 or reading.failure not in PASSING_CAUSES or not tries_left:
            return
        why = Unplanned.ASKED_AGAIN
        await anyio.sleep(ASKED_AGAIN_AFTER_S)


async def _sample(visits: Sequence[Visit], sampling: Sampling, second: Second | None) -> None:
    await sampling.first_batch(visits)
    if second is None:
        return
    by_name = {visit.environment.name: visit for visit in visits}
    if second.baseline not in by_name:
        return
    slow = second.suspects(
        [visit.evidence() for visit in visits], {name: visit.names() for name, visit in by_name.items()}
    )
    if slow:
        probes = dict.fromkeys(probe for _, probe in slow)
        pairs = [(by_name[second.baseline], probe) for probe in probes]
        pairs += [(by_name[name], probe) for name, probe in slow]
        await sampling.second_batch(pairs, len(slow), second.over_s)
