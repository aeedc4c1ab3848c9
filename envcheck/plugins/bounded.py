"""A stranger's code under a deadline, in a thread that keeps nobody from ending the process."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


class HungError(Exception):
    """It did not end within its deadline. Its thread goes on until the process ends, for nothing can end a thread."""


def bounded(work: Callable[[], _T], seconds: float) -> _T:
    """Do some work, and wait for it no longer than so many seconds.

    Raises:
        HungError: it had not ended by then.
        RuntimeError: it raised what is no `Exception`, as `sys.exit` does, which must not end the process.
        Exception: what the work raised.

    """
    done: SimpleQueue[tuple[_T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:  # noqa: BLE001 - it is handed over to who waits
            done.put((None, error))

    # Not one of a pool's: those are waited for when the process ends.
    Thread(target=run, daemon=True, name="envcheck plug-in").start()
    try:
        result, error = done.get(timeout=seconds)
    except Empty:
        raise HungError from None
    if error is None:
        return result  # type: ignore[return-value]  # None where the work gives that
    if isinstance(error, Exception):
        raise error
    raise RuntimeError("it tried to end the process") from error
