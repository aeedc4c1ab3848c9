"""What has arrived is read in its turn, and not lost when the run is cancelled while it waits."""

from __future__ import annotations

from functools import partial

import anyio
import pytest

from envcheck.run import pacing
from envcheck.run.pacing import LARGE_BODY, Pacing

SIZES = pytest.mark.parametrize("size", [LARGE_BODY, LARGE_BODY + 1], ids=["small", "large"])


async def _cancelled_while_it_waits(size: int, kept: list[int]) -> None:
    taken = Pacing()

    async def wait_and_read() -> None:
        kept.append(await taken.read(lambda: size, size))
        await anyio.sleep_forever()  # where the cancellation is to arrive in the end

    async with taken.lock, taken._thread, anyio.create_task_group() as group:
        group.start_soon(wait_and_read)
        await anyio.wait_all_tasks_blocked()
        assert kept == []
        group.cancel_scope.cancel()


@SIZES
def test_an_answer_that_waits_for_its_turn_is_read_when_the_run_is_cancelled(size: int) -> None:
    """It has come, so it is handed over; after that the cancellation goes on."""
    kept: list[int] = []
    anyio.run(partial(_cancelled_while_it_waits, size, kept))
    assert kept == [size]


@SIZES
def test_reading_on_after_a_cancellation_has_an_end(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten huge lists would take longer than anybody waits who has pressed the keys."""
    monkeypatch.setattr(pacing, "WIND_UP_S", -1.0)
    kept: list[int] = []
    anyio.run(partial(_cancelled_while_it_waits, size, kept))
    assert kept == []


def test_one_piece_of_work_is_done_at_a_time() -> None:
    """The next one waits until the one before it is done, and the loop has come round."""
    order: list[str] = []

    async def go() -> None:
        taken = Pacing()

        async def one(name: str) -> None:
            await taken.take(lambda: order.append(name))

        async with anyio.create_task_group() as group, taken.lock:
            group.start_soon(one, "first")
            group.start_soon(one, "second")
            await anyio.wait_all_tasks_blocked()
            assert order == []

    anyio.run(go)
    assert order == ["first", "second"]
