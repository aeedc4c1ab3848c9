"""One environment is a column, whatever it does: opening, asking, reading, assembling, closing."""

from __future__ import annotations

import errno
import os
import resource
import threading
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import anyio
import pytest
from collecting import run

from envcheck.http import Gateway, gateway
from envcheck.http.faults import fault_of
from envcheck.model import Environment, Fault, Request, Route
from envcheck.probes import PROBES
from envcheck.run import visit
from envcheck.seam import assemble as record
from envcheck.seam import gathered
from gateways.certificates import Certificate
from gateways.good import good_gateway
from gateways.server import serving_all
from gateways.wire import json_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from envcheck.evidence import Evidence
    from envcheck.model import Exchange
    from envcheck.probes.base import Asking
    from gateways.wire import Exchange as Served


class OurError(Exception):
    """A fault of ours."""


def two(
    first: Callable[[Environment], Environment] = lambda environment: environment, **each: object
) -> tuple[Evidence, Evidence, list[tuple[str, Exception]]]:
    """Probe a troubled environment beside a healthy one."""
    with serving_all([good_gateway(), good_gateway()]) as servers:
        troubled, healthy = (
            replace(Environment(name=name, base_url=server.base_url, timeout_s=5.0), **each)  # type: ignore[arg-type]
            for name, server in zip(("troubled", "healthy"), servers, strict=True)
        )
        collected = run([first(troubled), healthy])
    return collected.evidences["troubled"], collected.evidences["healthy"], collected.faults


def classes(evidence: Evidence) -> list[str | None]:
    return [check.failure_class for check in evidence.checks]


def failing_for_the_troubled(function: Callable[..., object]) -> Callable[..., object]:
    """Wrap a method of `Visit` or `Gateway` so that it breaks in one of the two."""

    def wrapper(self: object, *arguments: object, **named: object) -> object:
        environment = self.environment if isinstance(self, visit.Visit) else self._environment  # type: ignore[attr-defined]
        if environment.name == "troubled":
            raise OurError
        return function(self, *arguments, **named)

    return wrapper


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("step", ["__aenter__", "exchange"])
def test_what_breaks_while_it_is_opened_or_asked_breaks_one_column(
    step: str, samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is told with its environment, and the other one is probed as if nothing had been."""
    monkeypatch.setattr(Gateway, step, failing_for_the_troubled(getattr(Gateway, step)))
    troubled, healthy, faults = two(samples=samples, model="gpt-4o")
    assert classes(troubled) == ["internal", "internal"]
    assert troubled.checks[0].failure_detail == Fault.INTERNAL.value
    assert healthy.summary.ok
    assert {(name, type(error)) for name, error in faults} == {("troubled", OurError)}


@pytest.mark.parametrize("samples", [1, 3])
def test_what_breaks_while_it_is_closed_leaves_its_answers(samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it said stands; the fault is told all the same, and the other one is closed."""
    close = Gateway.__aexit__

    async def break_after_closing(gateway: Gateway, *arguments: object) -> None:
        await close(gateway, *arguments)  # type: ignore[arg-type]  # handed on as they came
        if gateway._environment.name == "troubled":
            raise OurError

    monkeypatch.setattr(Gateway, "__aexit__", break_after_closing)
    troubled, healthy, faults = two(samples=samples)
    assert troubled.summary.ok
    assert healthy.summary.ok
    assert [name for name, _ in faults] == ["troubled"]


@pytest.mark.parametrize("samples", [1, 3])
def test_what_breaks_while_a_record_is_put_together_breaks_one_column(
    samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that says so takes its place."""
    put_together = record.evidence_of
    broken = iter([True])

    def evidence_of(environment: Environment, checks: object, model: object, *arguments: object) -> Evidence:
        if environment.name == "troubled" and (next(broken, False) or model is not None):
            raise OurError  # the second time for what the server said its model was
        return put_together(environment, checks, model, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(visit, "evidence_of", evidence_of)
    troubled, healthy, faults = two(samples=samples)
    assert classes(troubled) == ["internal", "internal"]
    assert healthy.summary.ok
    assert [name for name, _ in faults] == ["troubled"]


def test_a_probe_that_raises_a_group_is_told_as_it_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task group wraps what its children raise; that is still one column."""

    async def ask(_: Asking) -> Exchange:
        raise ExceptionGroup("several", [OurError()])

    monkeypatch.setattr(visit, "PROBES", MappingProxyType({**PROBES, "models": replace(PROBES["models"], ask=ask)}))
    troubled, _, faults = two(model="gpt-4o")
    assert classes(troubled) == ["internal", None]
    assert {type(error) for _, error in faults} == {ExceptionGroup}


def test_lists_that_are_others_in_every_reply_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of them grows neither by their names nor by what they looked like; a steady list has its names."""
    monkeypatch.setattr(gathered, "MOST_MORE", 50)
    visits: list[visit.Visit] = []
    hand_over = visit.Visit.hand_over

    def kept_by(self: visit.Visit) -> None:
        visits.append(self)
        hand_over(self)

    monkeypatch.setattr(visit.Visit, "hand_over", kept_by)

    async def others_each_time(exchange: Served) -> None:
        ids = ["steady", *(f"m{exchange.number}-{number}" for number in range(20))]
        await exchange.send(json_reply(200, {"data": [{"id": each} for each in ids]}))

    with serving_all([replace(good_gateway(), models=others_each_time), good_gateway()]) as servers:
        collected = run(
            [
                Environment(name=name, base_url=server.base_url, timeout_s=5.0, samples=9, probes=("models",))
                for name, server in zip(("troubled", "healthy"), servers, strict=True)
            ]
        )
    assert [check.varying["model_ids"] != () for check in collected.evidences["troubled"].checks] == [True]
    assert {name: "models.model_ids" in names for name, names in collected.names.items()} == {
        "troubled": False,
        "healthy": True,
    }
    assert {len(each._known_bodies) for each in visits} == {1, visit.MOST_KNOWN_BODIES}
    kept = [reading for each in visits for readings in each.readings.values() for reading in readings]
    kept += [reading for each in visits for reading in each._known_bodies.values()]
    assert [reading for reading in kept if reading.reply is not None and "model_ids" in reading.reply.names] == []


def test_an_authority_that_went_away_is_no_reason_to_stop(tmp_path: Path) -> None:
    """The file was there when the configuration was read."""
    gone = tmp_path / "gone.pem"
    troubled, healthy, faults = two(lambda environment: replace(environment, ca_file=gone))
    assert classes(troubled) == ["internal", None]
    assert troubled.checks[0].failure_detail == Fault.CA_FILE.value
    assert (healthy.summary.ok, faults) == (True, [])


def test_an_authority_that_is_no_longer_one_is_told_alike(tmp_path: Path) -> None:
    """Somebody wrote something else into it meanwhile."""
    file = tmp_path / "authority.pem"
    file.write_text("not a certificate")
    troubled, _, faults = two(lambda environment: replace(environment, ca_file=file))
    assert (troubled.checks[0].failure_detail, faults) == (Fault.CA_FILE.value, [])


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = os.dup(0)
    os.close(highest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_authority_that_could_not_be_opened_for_the_machines_limit_says_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is there and well."""

    def full(_: object) -> None:
        raise OSError(errno.EMFILE, "")

    monkeypatch.setattr(gateway, "context_of", full)
    troubled, _, _ = two(lambda environment: replace(environment, ca_file=tmp_path))
    assert troubled.checks[0].failure_detail == Fault.OPEN_FILES.value


def test_a_limit_on_open_files_has_words_of_its_own() -> None:
    """No gateway is to be blamed where this machine could not even open a connection."""

    async def exchange() -> Exchange:
        async with Gateway(Environment("e", "http://127.0.0.1:9/v1")) as gateway:
            with no_more_files():
                return await gateway.exchange(Request(Route("GET", "/models")))

    assert anyio.run(exchange).fault is Fault.OPEN_FILES


def test_threads_that_cannot_start_have_words_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up in a thread, and this machine may have no more of them."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "envcheck-dns":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    troubled, healthy, faults = two(lambda environment: replace(environment, base_url="http://gateway.invalid/v1"))
    assert (classes(troubled)[0], troubled.checks[0].failure_detail) == ("internal", Fault.THREADS.value)
    assert (healthy.summary.ok, faults) == (True, [])


def test_the_machines_limits_are_told_from_what_a_network_does() -> None:
    """EMFILE and ENFILE by their numbers; a reset is still a reset."""
    assert fault_of(OSError(errno.EMFILE, "")) is fault_of(OSError(errno.ENFILE, "")) is Fault.OPEN_FILES
    assert fault_of(OSError(errno.ECONNRESET, "")) is Fault.RESET
    with pytest.raises(OurError):
        fault_of(OurError())


def test_tls_is_untouched_by_all_this() -> None:
    """An authority that is there is used."""
    tls = replace(good_gateway(), certificate=Certificate.GOOD, base_url="https://127.0.0.1:{port}/v1")
    with serving_all([tls]) as (server,):
        collected = run([Environment("e", server.base_url, ca_file=server.ca_file, timeout_s=5.0)])
    assert collected.evidences["e"].summary.ok
