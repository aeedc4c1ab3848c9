from __future__ import annotations

import asyncio
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import anyio
import pytest
from collecting import Collected, run

from envcheck.config.secrets import secrets_of
from envcheck.judge.scalar import Scalar
from envcheck.model import Environment
from envcheck.probes import PROBES
from envcheck.probes.base import Facts, Reply
from envcheck.probes.chat import MODEL_ANSWERED
from envcheck.redact import Redactor
from envcheck.run import runner, visit
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from envcheck.evidence import Evidence
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking, Probe

MODELS = PROBES["models"]


def among_the_probes(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a probe take the place of the real one."""
    monkeypatch.setattr(visit, "PROBES", MappingProxyType({**PROBES, "models": probe}))


def wrong_for(asked: str, wrong: Callable[[], Awaitable[object]]) -> Probe:
    """Make a probe that is wrong while it asks one environment, told by the model that is asked there."""

    async def ask(asking: Asking) -> Exchange:
        if asking.model == asked:
            await wrong()
        return await MODELS.ask(asking)

    return replace(MODELS, ask=ask)


def two(**settings: object) -> tuple[Evidence, Evidence, list[tuple[str, Exception]]]:
    """Probe an environment in trouble beside a healthy one."""
    with serving_all([good_gateway(), good_gateway()]) as servers:
        environments = [
            Environment(name, server.base_url, model=name, **settings)  # type: ignore[arg-type]  # a test's own names
            for name, server in zip(("troubled", "healthy"), servers, strict=True)
        ]
        collected = run(environments)
    return collected.evidences["troubled"], collected.evidences["healthy"], collected.faults


def classes(evidence: Evidence) -> list[str | None]:
    return [check.failure_class for check in evidence.checks]


@pytest.mark.parametrize("samples", [1, 3])
def test_a_probe_that_hangs_by_itself_is_one_column(samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No deadline of a gateway's is running, so it has one of its own; the others are probed."""
    monkeypatch.setattr(visit, "PROBE_GRACE_S", 0.2)
    among_the_probes(wrong_for("troubled", anyio.sleep_forever), monkeypatch)
    troubled, healthy, faults = two(timeout_s=1.0, samples=samples)
    assert classes(troubled) == ["internal", None]
    assert healthy.summary.ok
    assert {(name, type(error)) for name, error in faults} == {("troubled", TimeoutError)}


@pytest.mark.parametrize("samples", [1, 3])
def test_a_probe_that_cancels_itself_is_one_column(samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task of its own may have been cancelled; nobody has ended the run."""

    async def cancelled() -> None:
        raise asyncio.CancelledError

    among_the_probes(wrong_for("troubled", cancelled), monkeypatch)
    troubled, healthy, faults = two(samples=samples)
    assert classes(troubled) == ["internal", None]
    assert healthy.summary.ok
    assert {name for name, _ in faults} == {"troubled"}


@pytest.mark.parametrize("natively", [True, False])
def test_a_run_that_is_ended_is_no_fault_of_its_probes(*, natively: bool) -> None:
    """Whoever ends it, a task or a scope: the cancellation passes, and nothing is told as a fault."""
    collected = Collected()

    async def ended() -> None:
        running = asyncio.ensure_future(_one(server.base_url, collected))
        await collected.tenth.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    async def ended_by_a_scope() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(_one, server.base_url, collected)
            await collected.tenth.wait()
            group.cancel_scope.cancel()

    with serving_all([good_gateway()]) as (server,):
        anyio.run(ended if natively else ended_by_a_scope)
    assert collected.faults == []
    assert collected.evidences["e"].checks[0].failed_samples == {}


async def _one(base_url: str, collected: Collected) -> None:
    environments = [Environment("e", base_url, samples=1000)]
    redactor = Redactor(secrets_of(environments))
    await runner.run(environments, redactor=redactor, concurrency=1, progress=collected)


@pytest.mark.parametrize("facts", [{"model_count": 1}, None, Facts(), MODELS])
def test_facts_that_are_not_the_probes_are_its_fault_alone(facts: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other probe of the same environment stands as it was read."""

    def read(_exchange: Exchange, _redactor: Redactor) -> Reply:
        return Reply(facts)  # type: ignore[arg-type]  # it is wrong

    among_the_probes(replace(MODELS, read=read), monkeypatch)
    troubled, _, faults = two()
    assert classes(troubled) == ["internal", None]
    assert {type(error) for _, error in faults} == {TypeError}


def test_a_field_that_the_facts_do_not_have_breaks_its_probe_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found only when the record is put together; what else was read is kept."""
    among_the_probes(replace(MODELS, fields=(Scalar("no_such_fact", MODEL_ANSWERED),)), monkeypatch)
    served = good_gateway(Manner(models=(("a", "b"), ("a",))))
    with serving_all([served]) as (server,):
        collected = run([Environment("e", server.base_url, timeout_s=5.0, samples=3, model="a")])
    assert classes(collected.evidences["e"]) == ["internal", None]
    assert {type(error) for _, error in collected.faults} == {AttributeError}
