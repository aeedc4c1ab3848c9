"""Samples are taken in rounds, all origins at the same time and one in flight for each; nothing of ours is in them."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING

import anyio
import pytest
from collecting import Collected, environment_at, run, running
from pydantic import SecretStr
from stalls import Loop

from envcheck.http import Gateway
from envcheck.model import Outcome, Unplanned
from envcheck.probes import PROBES
from envcheck.run import lag, runner, sampling, visit
from envcheck.run.runner import Second
from envcheck.seam.normalize import normalize
from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving, serving_all
from gateways.wire import Exchange as Served
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from envcheck.evidence import Check, Evidence
    from envcheck.model import Environment, Exchange, Request
    from envcheck.probes.base import Asking
    from envcheck.seam.normalize import Reading
    from gateways.gateway import Behaviour
    from gateways.gateway import Gateway as ServedGateway
    from gateways.server import Server

GOOD = good_gateway()


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no sample again, however busy this machine is: the test is about something else."""
    monkeypatch.setattr(lag, "LATE_S", 1e9)


@pytest.fixture
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "ASKED_AGAIN_AFTER_S", 0.0)


def models_by(behaviour: Behaviour) -> ServedGateway:
    return replace(GOOD, models=behaviour)


def for_models(base_url: str, name: str = "e", *, samples: int = 4) -> Environment:
    return environment_at(base_url, name, samples=samples, probes=("models",), timeout_s=30.0)


def named(servers: Sequence[Server], names: str, *, samples: int = 4) -> list[Environment]:
    return [for_models(server.base_url, name, samples=samples) for name, server in zip(names, servers, strict=True)]


def only_check(collected: Collected, name: str = "e") -> Check:
    [check] = collected.evidences[name].checks
    return check


@dataclass
class Traffic:
    """What was in flight at the same time at each server, and the order in which environments were asked."""

    now: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)

    def holding(self, origin: str, hold: Callable[[Served], Awaitable[object]], opening: int = 1) -> Behaviour:
        """Answer openings at once, and note what else comes; it is answered after `hold`."""

        async def answer(exchange: Served) -> None:
            if exchange.number > opening:
                self.order.append(exchange.request.headers.get("x-name", origin))
                for which in (origin, "all"):
                    self.now[which] += 1
                    self.most[which] = max(self.most[which], self.now[which])
                await hold(exchange)
                self.now.subtract((origin, "all"))
            await GOOD.models(exchange)

        return answer


@pytest.mark.usefixtures("_patient")
def test_a_round_asks_all_origins_at_the_same_time() -> None:
    """None of four is answered before all four were asked, in each of three rounds."""
    traffic, together = Traffic(), asyncio.Barrier(4)

    async def until_all_are_here(_: Served) -> None:
        async with asyncio.timeout(20):
            await together.wait()

    names = "abcd"
    with serving_all([models_by(traffic.holding(name, until_all_are_here)) for name in names]) as servers:
        collected = run(
            [for_models(server.base_url, name, samples=3) for name, server in zip(names, servers, strict=True)]
        )
    assert traffic.most["all"] == 4
    assert [sorted(traffic.order[at : at + 4]) for at in (0, 4, 8)] == [list(names)] * 3
    assert [only_check(collected, name).latency.samples for name in names] == [3] * 4


@pytest.mark.usefixtures("_patient")
def test_a_round_has_one_request_in_flight_for_each_origin() -> None:
    """Three environments of one server, in spellings of its own, wait for each other; a round has each of them once."""
    traffic = Traffic()

    async def a_while(_: Served) -> None:
        await asyncio.sleep(0.05)

    with serving(models_by(traffic.holding("one", a_while, opening=3))) as server:
        spellings = [server.base_url, server.base_url + "/", server.base_url.replace("http:", "HTTP:")]
        environments = [
            replace(for_models(url, name, samples=3), headers={"X-Name": SecretStr(name)})
            for name, url in zip("abc", spellings, strict=True)
        ]
        run(environments)
    assert traffic.most["one"] == 1
    assert [sorted(traffic.order[at : at + 3]) for at in (0, 3, 6)] == [["a", "b", "c"]] * 3


def test_samples_are_of_no_more_origins_at_once_than_are_asked_for() -> None:
    """What is open at the same time was held against the limit on open files before anything was sent."""
    traffic = Traffic()

    async def a_while(_: Served) -> None:
        await asyncio.sleep(0.05)

    names = "abcdef"
    with serving_all([models_by(traffic.holding(name, a_while)) for name in names]) as servers:
        run(
            [for_models(server.base_url, n, samples=2) for n, server in zip(names, servers, strict=True)], concurrency=2
        )
    assert traffic.most["all"] == 2


@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize("origins", ["one", "many"])
def test_each_round_has_an_order_of_its_own(origins: str) -> None:
    """A drift of the machine hits all alike. Ten rounds of four are the same by chance once in 10 million million."""
    traffic, names = Traffic(), "abcd"

    async def at_once(_: Served) -> None:
        pass

    count, opening = (4, 1) if origins == "many" else (1, 4)
    with serving_all([models_by(traffic.holding(str(at), at_once, opening)) for at in range(count)]) as servers:
        environments = [
            replace(for_models(servers[at % count].base_url, name, samples=10), headers={"X-Name": SecretStr(name)})
            for at, name in enumerate(names)
        ]
        run(environments, concurrency=4 if origins == "one" else len(names))
    rounds = [tuple(traffic.order[at : at + 4]) for at in range(0, 40, 4)]
    assert {frozenset(each) for each in rounds} == {frozenset(names)}
    assert len(set(rounds)) > 1
    assert len(set(rounds[::2])) > 1


class InFlight:
    """How many exchanges run, seen from where they are sent; and where and when replies are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0
        self.while_read: list[int] = []
        self.threads: set[int] = set()
        exchange_as_ever = Gateway.exchange

        async def exchange(gateway: Gateway, request: Request) -> Exchange:
            self.now += 1
            try:
                return await exchange_as_ever(gateway, request)
            finally:
                self.now -= 1

        def read(*arguments: object) -> Reading:
            self.while_read.append(self.now)
            self.threads.add(threading.get_ident())
            return normalize(*arguments)  # type: ignore[arg-type]  # handed on as they came

        monkeypatch.setattr(Gateway, "exchange", exchange)
        monkeypatch.setattr(visit, "normalize", read)


def served_in_turn(sizes: Sequence[int]) -> Behaviour:
    """Give lists of models of so many names; each list has names of its own."""

    async def answer(exchange: Served) -> None:
        ids = [f"model-{exchange.number}-{number}" for number in range(sizes[min(exchange.number, len(sizes)) - 1])]
        await exchange.send(json_reply(200, {"data": [{"id": each} for each in ids]}))

    return answer


def test_nothing_is_read_while_a_clock_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that takes its time is not called slow for our reading of what another one said."""
    seen = InFlight(monkeypatch)
    slow = good_gateway(Manner(models_delay=Delay(0.1)))
    with serving_all([models_by(served_in_turn([3])), slow]) as servers:
        run(named(servers, "ab"))
    opened = 2
    assert len(seen.while_read) > opened
    assert set(seen.while_read[opened:]) == {0}


@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize("why", ["it is large", "much is waiting"])
def test_what_takes_much_memory_is_read_at_once_and_beside_the_loop(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other gateway answers its sample only when the reply of this one has been read."""
    if why == "much is waiting":
        monkeypatch.setattr(sampling, "HELD_BODIES", 0)
    else:
        monkeypatch.setattr(sampling, "LARGE_BODY", 20_000)
    seen, was_read = InFlight(monkeypatch), []

    async def wait_for_the_other(exchange: Served) -> None:
        # Two openings were read, and of this one nothing more is, for it says the same each time.
        expected = 2 + exchange.number - 1
        if exchange.number > 1:
            with suppress(TimeoutError):
                async with asyncio.timeout(10):
                    # What is waited for happens in the run's thread.
                    while len(seen.while_read) < expected:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
            was_read.append(len(seen.while_read) == expected)
        await GOOD.models(exchange)

    with serving_all([models_by(served_in_turn([2000])), models_by(wait_for_the_other)]) as servers:
        run(named(servers, "ab", samples=2))
    assert was_read == [True, True]


def test_a_large_reply_is_read_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop's own thread would notice no arrival meanwhile; a small one is worth no thread."""
    for size, is_beside in ((2000, True), (3, False)):
        seen = InFlight(monkeypatch)
        with serving(models_by(served_in_turn([size]))) as server:
            run([for_models(server.base_url)])
        assert (threading.get_ident() in seen.threads) is not is_beside
        assert len(seen.threads) == 1
        monkeypatch.undo()


def test_no_body_is_kept_for_longer_than_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest says whether the same bytes came again: they are read once."""
    seen = InFlight(monkeypatch)
    with serving(good_gateway()) as server:
        collected = run([for_models(server.base_url, samples=9)])
    assert len(seen.while_read) == 1
    assert only_check(collected).latency.taken >= 9


def test_a_sample_that_a_stall_overlaps_is_taken_again_at_most_twice() -> None:
    """Every one of two samples is void: six were taken, four of them beyond the plan, and none is shown."""
    loop = Loop()

    async def stall(exchange: Served) -> None:
        if exchange.number > 1:
            loop.stall(0.1)
        await asyncio.sleep(0.02)
        await GOOD.models(exchange)

    with serving(models_by(stall)) as server:
        collected = loop.run([for_models(server.base_url, samples=2)])
        assert len(server.requests) == 7
    latency = only_check(collected).latency
    assert (latency.taken, latency.voided, latency.samples, latency.total_ms) == (6, 6, 0, None)
    target = collected.evidences["e"].target
    assert (target.planned_requests, target.sent_requests) == (3, 7)
    assert target.unplanned_requests == {Unplanned.RETAKEN: 4}
    assert collected.more == 4


def test_a_stall_costs_the_sample_that_it_touches_and_no_later_one() -> None:
    """The one that is taken again after a stall is as good as any."""
    loop = Loop()

    async def stall_once(exchange: Served) -> None:
        if exchange.number == 3:
            loop.stall(0.1)
            await asyncio.sleep(0.02)
        await GOOD.models(exchange)

    with serving(models_by(stall_once)) as server:
        collected = loop.run([for_models(server.base_url, samples=5)])
        latency = only_check(collected).latency
        assert len(server.requests) == 1 + latency.taken
    assert latency.voided >= 1
    assert latency.taken == latency.samples + latency.voided
    assert latency.samples >= 1


def test_a_failure_is_one_whatever_this_process_did_meanwhile() -> None:
    """A gateway that answers 500 while nothing runs here has failed; only its time would not be its own."""
    loop = Loop()

    async def fail_in_a_stall(exchange: Served) -> None:
        if exchange.number == 2:
            loop.stall(0.1)
            await asyncio.sleep(0.02)
        await failing(500, lambda number: number == 2)(exchange)

    with serving(models_by(fail_in_a_stall)) as server:
        collected = loop.run([for_models(server.base_url, samples=2)])
    check = only_check(collected)
    assert (dict(check.failed_samples), check.latency.failed) == ({"upstream_or_gateway": 1}, 1)


def test_a_deadline_that_this_process_slept_through_is_no_timeout() -> None:
    """The opening request and a sample are asked again, and the gateway is called what it is."""
    loop = Loop()

    async def silent_while_stalled(exchange: Served) -> None:
        if exchange.number in {1, 3}:
            loop.stall(1.5)
            await exchange.peer.gone()
        else:
            await GOOD.models(exchange)

    with serving(models_by(silent_while_stalled)) as server:
        collected = loop.run([replace(for_models(server.base_url, samples=3), timeout_s=1.0)])
    check = only_check(collected)
    assert (check.outcome, dict(check.failed_samples)) == (Outcome.PASS, {})
    assert check.passed_when_asked_again is False
    assert check.latency.voided >= 1
    assert collected.evidences["e"].target.unplanned_requests[Unplanned.RETAKEN] >= 2


def test_deadlines_that_were_slept_through_are_no_failures_in_a_row() -> None:
    """All three tries of the first sample were; the second one is taken all the same."""
    loop = Loop()

    async def silent_while_stalled(exchange: Served) -> None:
        if exchange.number in {2, 3, 4}:
            loop.stall(0.6)
            await exchange.peer.gone()
        else:
            await GOOD.models(exchange)

    with serving(models_by(silent_while_stalled)) as server:
        collected = loop.run([replace(for_models(server.base_url, samples=2), timeout_s=0.5)])
        assert len(server.requests) > 4
    check = only_check(collected)
    assert dict(check.failed_samples) == {}
    assert check.latency.voided >= 3


def test_an_opening_exchange_that_a_stall_touched_has_no_latency() -> None:
    """With one sample there is nothing else to show, and it would be shown as the gateway's."""
    loop = Loop()

    async def stall(exchange: Served) -> None:
        loop.stall(0.1)
        await asyncio.sleep(0.02)
        await GOOD.models(exchange)

    with serving(models_by(stall)) as server:
        collected = loop.run([for_models(server.base_url, samples=1)])
        assert len(server.requests) == 1
    check = only_check(collected)
    assert check.outcome is Outcome.PASS
    assert (check.latency.taken, check.latency.voided, check.latency.total_ms) == (1, 1, None)


def failing(status: int, at: Callable[[int], bool]) -> Behaviour:
    async def answer(exchange: Served) -> None:
        if at(exchange.number):
            await exchange.send(json_reply(status, {"error": {"message": "No."}}))
        else:
            await GOOD.models(exchange)

    return answer


@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize(
    ("status", "at", "taken", "failed"),
    [
        (500, lambda number: number % 2 == 0, 9, 5),  # every second one: sampling goes on
        (500, lambda number: number in {3, 4, 6, 7}, 9, 4),  # never three in a row
        (500, lambda number: number > 4, 6, 3),  # it died
        (429, lambda number: number > 3, 3, 1),  # asking on would harm
        (404, lambda number: number == 9, 9, 1),
    ],
)
def test_sampling_goes_on_after_failures_and_counts_them(
    status: int, at: Callable[[int], bool], taken: int, failed: int
) -> None:
    """It ends on a limit of the rate, and after three failures in a row; the denominator is what was really taken."""
    with serving(models_by(failing(status, at))) as server:
        collected = run([for_models(server.base_url, samples=9)])
        assert len(server.requests) == 1 + taken
    check = only_check(collected)
    assert check.outcome is Outcome.PASS
    assert (check.latency.taken, check.latency.failed) == (taken, failed)
    assert check.latency.samples == taken - failed
    assert sum(check.failed_samples.values()) == failed


@pytest.mark.usefixtures("_patient", "_soon_again")
@pytest.mark.parametrize(
    ("samples", "failures", "openings", "outcome"),
    [(5, 1, 2, Outcome.PASS), (5, 2, 3, Outcome.PASS), (5, 3, 3, Outcome.FAIL), (1, 1, 1, Outcome.FAIL)],
)
def test_an_opening_that_may_pass_is_asked_again_where_samples_are_wanted(
    samples: int, failures: int, openings: int, outcome: Outcome
) -> None:
    """Passed then, it is unreliable and not failed; with one sample a run asks once."""
    with serving(models_by(failing(503, lambda number: number <= failures))) as server:
        collected = run([for_models(server.base_url, samples=samples)])
        assert len(server.requests) == openings + (samples if outcome is Outcome.PASS else 0)
    check = only_check(collected)
    assert check.outcome is outcome
    assert check.passed_when_asked_again is (outcome is Outcome.PASS)
    assert dict(check.failed_samples) == ({"upstream_or_gateway": failures} if outcome is Outcome.PASS else {})
    again = {Unplanned.ASKED_AGAIN: openings - 1} if openings > 1 else {}
    assert collected.evidences["e"].target.unplanned_requests == again


def test_an_opening_is_asked_again_a_second_later_at_the_earliest() -> None:
    """What failed a moment ago fails again a moment later."""
    moments: list[float] = []

    async def fail_once(exchange: Served) -> None:
        moments.append(perf_counter())
        await failing(503, lambda number: number == 1)(exchange)

    with serving(models_by(fail_once)) as server:
        run([for_models(server.base_url, samples=2)])
    assert moments[1] - moments[0] >= 1.0


@pytest.mark.usefixtures("_soon_again")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
def test_an_opening_that_will_not_pass_is_asked_once(status: int) -> None:
    """A refused key is refused again, and a limit of the rate is made worse."""
    with serving(models_by(failing(status, lambda _: True))) as server:
        run([for_models(server.base_url, samples=5)])
        assert len(server.requests) == 1


def test_a_probe_that_breaks_in_a_sample_breaks_no_other_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a failed sample of that one, and is told."""
    asked: Counter[str | None] = Counter()
    as_ever = PROBES["models"].ask

    async def ask(asking: Asking) -> Exchange:
        asked[asking.model] += 1
        if asking.model == "troubled" and asked[asking.model] == 3:
            raise ZeroDivisionError
        return await as_ever(asking)

    monkeypatch.setattr(visit, "PROBES", MappingProxyType({**PROBES, "models": replace(PROBES["models"], ask=ask)}))
    with serving_all([GOOD, GOOD]) as servers:
        names = ("troubled", "healthy")
        collected = run(
            [replace(for_models(server.base_url, n), model=n) for n, server in zip(names, servers, strict=True)]
        )
    assert dict(only_check(collected, "troubled").failed_samples) == {"internal": 1}
    assert dict(only_check(collected, "healthy").failed_samples) == {}
    assert [(name, type(error)) for name, error in collected.faults] == [("troubled", ZeroDivisionError)]


@pytest.mark.usefixtures("_patient")
def test_what_was_slow_is_sampled_again_spread_out_and_alone() -> None:
    """Baseline and candidate as often as before, evenly over the time that is set; nobody else is asked."""
    over_s, samples = 0.8, 5
    moments: dict[str, list[float]] = {name: [] for name in "abc"}

    def noting(name: str) -> Behaviour:
        async def answer(exchange: Served) -> None:
            moments[name].append(perf_counter())
            await GOOD.models(exchange)

        return answer

    began: list[float] = []

    def suspects(evidences: object, names: object) -> list[tuple[str, str]]:
        began.append(perf_counter())
        return [("b", "models")]

    with serving_all([models_by(noting(name)) for name in "abc"]) as servers:
        environments = named(servers, "abc", samples=samples)
        collected = run(environments, second=Second(suspects, "a", over_s))
    assert [len(moments[name]) for name in "abc"] == [1 + 2 * samples, 1 + 2 * samples, 1 + samples]
    for name in "ab":
        again = moments[name][-samples:]
        assert all(at - began[0] >= over_s * number / (samples - 1) for number, at in enumerate(again))
        latency = only_check(collected, name).latency
        assert (len(latency.totals_ms), len(latency.again_ms)) == (samples, samples)
    assert only_check(collected, "c").latency.again_ms == ()
    assert collected.confirmed == [(1, 2 * samples, over_s)]
    sent = {name: collected.evidences[name].target.unplanned_requests for name in "abc"}
    assert sent == {"a": {Unplanned.CONFIRMING: samples}, "b": {Unplanned.CONFIRMING: samples}, "c": {}}


@dataclass
class Held:
    """A gateway that stops answering from one request on, and tells when that is."""

    at: int
    there: threading.Event = field(default_factory=threading.Event)

    async def answer(self, exchange: Served) -> None:
        if exchange.number >= self.at:
            self.there.set()
            await exchange.peer.gone()
        else:
            await GOOD.models(exchange)


def cut_short(
    environments: Sequence[Environment],
    when: Callable[[Collected], bool],
    there: threading.Event | None = None,
    second: Second | None = None,
) -> Collected:
    """Cancel a run at a point."""
    collected = Collected()

    async def go() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(running(environments, collected, second=second))
            with anyio.fail_after(20):
                # What is waited for happens in a server's thread.
                while not when(collected) or not (there is None or there.is_set()):  # noqa: ASYNC110
                    await anyio.sleep(0.005)
            group.cancel_scope.cancel()

    anyio.run(go)
    return collected


@pytest.mark.usefixtures("_patient")
def test_a_run_cut_short_while_it_opens_keeps_who_has_answered() -> None:
    """The one that is still being asked is not handed over, with samples or without."""
    for samples in (1, 5):
        held = Held(1)
        with serving_all([GOOD, models_by(held.answer)]) as servers:
            environments = named(servers, "ab", samples=samples)
            collected = cut_short(environments, lambda told: "a" in told.exchanges, held.there)
        assert list(collected.evidences) == ["a"]
        assert collected.evidences["a"].summary.ok


def test_a_run_cut_short_before_it_asks_again_keeps_the_failure() -> None:
    """It has answered, although it was to have another chance; the chat is spared as ever."""
    with serving(models_by(failing(503, lambda _: True))) as server:
        environment = environment_at(server.base_url, samples=5)
        collected = cut_short([environment], lambda told: len(told.exchanges) == 1)
    assert [check.outcome for check in collected.evidences["e"].checks] == [Outcome.FAIL, Outcome.SKIPPED]


@pytest.mark.usefixtures("_patient")
def test_a_run_cut_short_in_a_round_keeps_the_samples_of_that_round_too() -> None:
    """One had answered its third sample, and the other hangs in its third."""
    held = Held(4)
    with serving_all([GOOD, models_by(held.answer)]) as servers:
        environments = named(servers, "ab")
        collected = cut_short(environments, lambda told: told.exchanges.count("a") == 4, held.there)
    assert only_check(collected, "a").latency.taken == 3
    assert only_check(collected, "b").latency.taken == 2


@pytest.mark.usefixtures("_patient")
def test_a_run_cut_short_while_it_confirms_keeps_both_batches() -> None:
    """What is there of the second one is handed over with the first."""
    second = Second(lambda *_: [("b", "models")], "a", 60.0)
    with serving_all([GOOD, GOOD]) as servers:
        environments = named(servers, "ab")
        collected = cut_short(environments, lambda told: len(told.exchanges) == 12, second=second)
    assert [len(only_check(collected, name).latency.again_ms) for name in "ab"] == [1, 1]
    assert [only_check(collected, name).latency.samples for name in "ab"] == [4, 4]


@pytest.mark.usefixtures("_patient")
def test_what_is_asked_once_only_has_its_turn_after_the_samples_were_looked_at() -> None:
    """What was slow is looked for before, when nothing is known of it yet."""
    seen: list[Outcome] = []

    def suspects(evidences: Sequence[Evidence], names: object) -> list[tuple[str, str]]:
        seen.extend(check.outcome for each in evidences for check in each.checks)
        return []

    with serving_all([GOOD, GOOD]) as servers:
        environments = [
            replace(each, probes=("models", "tools"), model="gpt-4o") for each in named(servers, "ab", samples=2)
        ]
        collected = run(environments, second=Second(suspects, "a", 0.0))
    assert collected.faults == []
    assert seen == [Outcome.PASS, Outcome.SKIPPED] * 2
    assert [check.outcome for name in "ab" for check in collected.evidences[name].checks] == [Outcome.PASS] * 4


@pytest.mark.usefixtures("_patient")
def test_a_run_cut_short_among_its_samples_says_what_had_not_had_its_turn() -> None:
    """The samples stand; the probe that is asked once only, after them, was skipped."""
    held = Held(3)
    with serving(models_by(held.answer)) as server:
        environment = environment_at(server.base_url, samples=3, probes=("models", "tools"), model="gpt-4o")
        collected = cut_short([environment], lambda told: len(told.exchanges) == 2, held.there)
    models, tools = collected.evidences["e"].checks
    assert collected.faults == []
    assert (models.outcome, models.latency.taken) == (Outcome.PASS, 1)
    assert (tools.outcome, tools.failure_detail) == (
        Outcome.SKIPPED,
        "not sent, because the run ended before its turn",
    )
