"""What this process slept through is known, and is never the gateway's doing."""

from __future__ import annotations

import time
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import anyio
import pytest

from envcheck.model import Exchange, Fault, Request, Route, Timing
from envcheck.run.lag import LATE_S, PERIOD_S, LagSentinel

if TYPE_CHECKING:
    from collections.abc import Callable


def exchange(started: float, seconds: float, fault: Fault | None = None) -> Exchange:
    return Exchange(
        Request(Route("GET", "/models")), fault=fault, started=started, timing=Timing(total_ms=seconds * 1e3)
    )


def judged(stall_s: float, judge: Callable[[LagSentinel, float], bool], *, woken: bool) -> bool:
    """Let the loop stand still for a while under a sentinel's eyes; `judge` is told when that began."""

    async def go() -> bool:
        sentinel = LagSentinel()
        async with anyio.create_task_group() as watching:
            watching.start_soon(sentinel.watch)
            await anyio.wait_all_tasks_blocked()
            began = perf_counter()
            time.sleep(stall_s)  # noqa: ASYNC251 - this is the stall
            if woken:
                await anyio.sleep(2 * PERIOD_S)
            verdict = judge(sentinel, began)
            watching.cancel_scope.cancel()
        return verdict

    return anyio.run(go)


WOKEN = pytest.mark.parametrize("woken", [False, True], ids=["while it lasts", "afterwards"])


@WOKEN
def test_an_exchange_that_a_stall_overlaps_is_spoiled(woken: bool) -> None:  # noqa: FBT001 - a parameter
    """Also one that is looked at before the sentinel was woken: it ended together with the stall."""
    assert judged(0.1, lambda sentinel, began: sentinel.spoils(exchange(began, 0.1), 9.0), woken=woken)


@WOKEN
def test_an_exchange_that_was_over_before_the_stall_is_not(woken: bool) -> None:  # noqa: FBT001 - a parameter
    """What came before is as true as ever."""
    assert not judged(0.1, lambda sentinel, began: sentinel.spoils(exchange(began - 2, 1.9), 9.0), woken=woken)


def test_a_stall_that_is_short_beside_the_exchange_spoils_nothing() -> None:
    """A fifth of a second in a thousand is within what any two samples differ by."""
    assert not judged(0.2, lambda sentinel, began: sentinel.spoils(exchange(began - 999, 1000.0), 2000.0), woken=True)


@pytest.mark.parametrize(
    ("connect_s", "ttfb_s", "body_s", "expected"),
    [
        (0.0, 10.0, 0.0, False),  # it waits for headers, before and after
        (0.0, 2.1, 0.0, True),  # they came while nothing ran
        (0.0, 2.0, 10.0, True),  # and so did what followed them
        (2.5, 7.5, 0.0, True),  # a connection was being made
    ],
)
def test_while_headers_are_waited_for_a_stall_makes_no_difference(
    connect_s: float,
    ttfb_s: float,
    body_s: float,
    expected: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Only what arrives in it, or is made in it, takes longer for it. The stall begins two seconds after the start."""

    def judge(sentinel: LagSentinel, began: float) -> bool:
        timing = Timing(
            connect_ms=connect_s * 1000,
            ttfb_ms=ttfb_s * 1000,
            body_ms=body_s * 1000,
            total_ms=(connect_s + ttfb_s + body_s) * 1000,
        )
        return sentinel.spoils(replace(exchange(began - 2.0, 0.0), timing=timing), 99.0)

    assert judged(0.4, judge, woken=True) is expected


def test_many_short_stalls_are_no_long_one() -> None:
    """An end is noticed late by the one stall that it falls into; the grain of a busy machine does not add up."""

    def judge(sentinel: LagSentinel, began: float) -> bool:
        many = LagSentinel()
        many._stalls.extend(stall._replace(end=stall.start + LATE_S / 2) for stall in list(sentinel._stalls) * 100)
        return bool(many._stalls) and not many.spoils(exchange(began - 0.1, 1.0), 9.0)

    assert judged(0.1, judge, woken=True)


@pytest.mark.parametrize(
    ("before_s", "timeout_s", "expected"),
    [
        (0.0, 0.2, True),  # the deadline passed while nothing ran
        (9.9, 10.0, True),
        (0.0, 0.5, True),  # it passed afterwards, and more than a quarter of the time was lost
        (500.0, 1000.0, False),
        (900.0, 800.0, False),
    ],
)
def test_a_deadline_that_was_slept_through_is_excused(before_s: float, timeout_s: float, expected: bool) -> None:  # noqa: FBT001 - a parameter
    """A stall that is longer than the time left, or that took much of it, is no timeout of the gateway's."""

    def judge(sentinel: LagSentinel, began: float) -> bool:
        return sentinel.spoils(exchange(began - before_s, timeout_s, Fault.TIMEOUT_HEADERS), timeout_s)

    assert judged(0.3, judge, woken=True) is expected


def test_other_faults_are_the_gateways_whatever_this_process_did() -> None:
    """A reset stays one."""
    assert not judged(0.1, lambda sentinel, began: sentinel.spoils(exchange(began, 0.1, Fault.RESET), 0.1), woken=True)


def test_a_sentinel_that_is_not_watching_blames_nobody() -> None:
    """Before it is started and after it was ended it is late for nothing."""

    async def go() -> LagSentinel:
        sentinel = LagSentinel()
        with anyio.move_on_after(3 * PERIOD_S):
            await sentinel.watch()
        return sentinel

    for sentinel in (LagSentinel(), anyio.run(go)):
        sentinel._stalls.clear()
        began = perf_counter()
        time.sleep(0.05)
        assert not sentinel.spoils(exchange(began, 0.05), 9.0)
