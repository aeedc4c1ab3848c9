from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

import anyio
import pytest
from collecting import Collected, environment_at, run, running
from pydantic import SecretStr

from envcheck.model import Outcome
from envcheck.probes import PROBES
from envcheck.probes.models import ModelsFacts
from envcheck.run import visit
from gateways.gateway import Listening
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving, serving_all
from gateways.wire import Exchange as Served
from gateways.wire import json_reply

if TYPE_CHECKING:
    from envcheck.model import Environment, Exchange
    from envcheck.probes.base import Asking, Reply
    from envcheck.redact import Redactor
    from gateways.gateway import Behaviour


@dataclass
class Traffic:
    """Counts the requests that are being answered at the same time, over all servers of a test."""

    now: int = 0
    most: int = 0
    order: list[str] = field(default_factory=list)
    reached: anyio.Event = field(default_factory=anyio.Event)

    def counting(self, name: str, behaviour: Behaviour, enough: int, patience_s: float) -> Behaviour:
        """Hold each answer back until as many are in flight as are expected, or for as long as is waited for them."""

        async def answer(exchange: Served) -> None:
            self.now += 1
            self.most = max(self.most, self.now)
            self.order.append(name)
            if self.most >= enough:
                self.reached.set()
            with anyio.move_on_after(patience_s):
                await self.reached.wait()
            self.now -= 1
            await behaviour(exchange)

        return answer


def test_environments_are_opened_at_the_same_time() -> None:
    """Twenty environments are all in flight before the first of them is answered."""
    traffic = Traffic()
    good = good_gateway()
    served = [replace(good, models=traffic.counting(str(number), good.models, 20, 30.0)) for number in range(20)]
    with serving_all(served) as servers:
        collected = run([environment_at(s.base_url, str(n), timeout_s=60.0) for n, s in enumerate(servers)])
    assert traffic.most == 20
    assert all(evidence.summary.ok for evidence in collected.evidences.values())


def test_concurrency_bounds_how_many_are_open() -> None:
    """With two at a time there are never three."""
    traffic = Traffic()
    good = good_gateway()
    served = [replace(good, models=traffic.counting(str(number), good.models, 3, 0.2)) for number in range(6)]
    with serving_all(served) as servers:
        run([environment_at(server.base_url, str(number)) for number, server in enumerate(servers)], concurrency=2)
    assert traffic.most == 2


def test_a_large_list_is_read_beside_the_loop_and_all_the_same() -> None:
    """A reply that is read in a thread gives the same facts as one that is read in its turn."""
    ids = [f"vendor/model-{number}" for number in range(6000)]
    with serving(good_gateway(Manner(models=(ids,)))) as server:
        collected = run([environment_at(server.base_url)])
    facts = collected.evidences["e"].checks[0].facts
    assert isinstance(facts, ModelsFacts)
    assert (facts.model_count, facts.sample_model_ids[0]) == (6000, "vendor/model-0")


def test_a_dead_gateway_is_a_column_and_the_others_complete() -> None:
    """One refused connection changes nothing for its neighbours."""
    with serving_all([good_gateway(), replace(good_gateway(), listening=Listening.NOTHING)]) as (alive, dead):
        collected = run([environment_at(alive.base_url, "alive"), environment_at(dead.base_url, "dead")])
    assert collected.evidences["alive"].summary.ok
    assert collected.evidences["dead"].summary.failure_class == "network"
    assert [check.outcome for check in collected.evidences["dead"].checks] == [Outcome.FAIL, Outcome.SKIPPED]


def test_nothing_is_sent_without_the_key_that_is_asked_for() -> None:
    """An unset variable fails as missing_key before a connection is opened."""
    with serving(good_gateway()) as server:
        collected = run([environment_at(server.base_url, api_key_env="UNSET_KEY", model="m-1")])
        assert server.connections == 0
    evidence = collected.evidences["e"]
    assert evidence.summary.failure_class == "missing_key"
    assert evidence.target.planned_requests == 0
    assert [check.outcome for check in evidence.checks] == [Outcome.FAIL, Outcome.SKIPPED]


def test_the_first_listed_model_is_asked_for_as_the_server_wrote_it() -> None:
    """Where no model is configured the first of the list is, even when a report would not show its id whole."""
    opaque = "ft:gpt-4o:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
    with serving(good_gateway(Manner(models=((opaque, *MODELS),)))) as server:
        run([environment_at(server.base_url)])
        assert server.requests[1].json()["model"] == opaque


async def no_such_route(exchange: Served) -> None:
    await exchange.send(json_reply(404, {"detail": "Not Found"}))


@pytest.mark.parametrize(("model", "expected"), [("m-1", Outcome.PASS), (None, Outcome.SKIPPED)])
def test_chat_goes_on_without_a_list_when_a_model_is_configured(model: str | None, expected: Outcome) -> None:
    """Many gateways serve no list; a configured model needs none."""
    with serving(replace(good_gateway(), models=no_such_route)) as server:
        collected = run([environment_at(server.base_url, model=model)])
    assert [check.outcome for check in collected.evidences["e"].checks] == [Outcome.FAIL, expected]


@pytest.mark.parametrize("status", [401, 429, 500, 408])
def test_chat_is_spared_when_models_failed_in_a_way_that_it_would_too(status: int) -> None:
    """A second request would only fail the same way, or make it worse."""

    async def fail(exchange: Served) -> None:
        await exchange.send(json_reply(status, {"error": {"message": "No."}}))

    with serving(replace(good_gateway(), models=fail)) as server:
        collected = run([environment_at(server.base_url, model="m-1", api_key=SecretStr("k" * 20))])
        assert len(server.requests) == 1
    assert collected.evidences["e"].checks[1].outcome is Outcome.SKIPPED


def test_a_refused_key_that_was_accepted_a_moment_before_is_somebody_elses() -> None:
    """A gateway that passes on its provider's 401 sends nobody looking at the wrong key."""

    async def refuse(exchange: Served) -> None:
        await exchange.send(json_reply(401, {"error": {"message": "No."}}))

    with serving(replace(good_gateway(), chat=refuse)) as server:
        collected = run([environment_at(server.base_url, api_key=SecretStr("k" * 20))])
    check = collected.evidences["e"].checks[1]
    assert check.failure_class == "auth"
    assert "upstream" in (check.failure_detail or "")


def test_an_environment_of_which_nothing_was_asked_is_not_ok() -> None:
    """With chat alone and no model to ask for there is no answer, and no answer is never a pass."""
    with serving(good_gateway()) as server:
        collected = run([environment_at(server.base_url, probes=("chat",))])
    assert not collected.evidences["e"].summary.ok


def test_a_probe_that_breaks_is_a_column_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours in one environment is said there and does not cancel the others."""

    async def ask(_: Asking) -> Exchange:
        raise ZeroDivisionError

    monkeypatch.setattr(visit, "PROBES", MappingProxyType({**PROBES, "models": replace(PROBES["models"], ask=ask)}))
    with serving(good_gateway()) as server:
        collected = run([environment_at(server.base_url)])
    check = collected.evidences["e"].checks[0]
    assert check.failure_class == "internal"
    [(name, error)] = collected.faults
    assert (name, type(error)) == ("e", ZeroDivisionError)


def test_facts_that_vary_are_told_apart_from_facts_that_do_not() -> None:
    """A model that is listed every other time and a reason that alternates are in the evidence as varying."""
    manner = Manner(models=(("a", "b"), ("a",)), finish_reasons=("stop", "length"))
    with serving(good_gateway(manner)) as server:
        collected = run([environment_at(server.base_url, samples=4, model="a")])
    models, chat = collected.evidences["e"].checks
    assert models.varying == {"model_ids": ("b",)}
    assert chat.varying == {"finish_reason": ("length", "stop")}


def test_what_is_open_is_handed_over_when_a_run_is_cut_short() -> None:
    """An environment that was opened keeps the samples it has."""
    collected = Collected()

    async def cut_short(environment: Environment) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(running([environment], collected))
            await collected.tenth.wait()
            group.cancel_scope.cancel()

    with serving(good_gateway()) as server:
        anyio.run(cut_short, environment_at(server.base_url, samples=1000))
    assert collected.evidences["e"].checks[0].latency.samples > 0


def test_what_was_measured_is_of_each_sample_though_they_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal bytes are read once, but for a probe that measures when they came."""
    models, numbers = PROBES["models"], count(1)

    def read(exchange: Exchange, redactor: Redactor) -> Reply:
        return replace(models.read(exchange, redactor), measured={"toy": float(next(numbers))})

    monkeypatch.setattr(visit, "PROBES", MappingProxyType({**PROBES, "models": replace(models, read=read)}))
    with serving(good_gateway()) as server:
        collected = run([environment_at(server.base_url, samples=3, probes=("models",))])
    measured = collected.evidences["e"].checks[0].latency.measured["toy"].samples_ms
    assert len(set(measured)) == len(measured) > 1
