"""Name look-ups that can be left behind.

The system's resolver blocks, for half a minute when a name server is dead, and a thread in it cannot be stopped.
aiohttp's own resolver uses the event loop's pool: a handful of threads that all environments share, and that the
loop waits for before it closes. Here each look-up has a daemon thread of its own, so one dead name neither delays
another environment nor keeps the process from ending at its deadline.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from collections.abc import Callable


class AbandonableResolver(AbstractResolver):
    """The operating system's resolver, asked in a thread that nobody waits for."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look a name up.

        Raises:
            OSError: the name has no address; with EAGAIN, no thread could be started to look it up.

        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()

        def look_up() -> None:
            deliver: Callable[[], None]
            try:
                found = _look_up(host, port, family)
            except Exception as error:  # noqa: BLE001 - raised where it is waited for, or nobody would ever answer
                failure = error

                def deliver() -> None:
                    if not answer.done():
                        answer.set_exception(failure)
            else:

                def deliver() -> None:
                    if not answer.done():
                        answer.set_result(found)

            with suppress(RuntimeError):  # the loop has closed: nobody wants to know any more
                loop.call_soon_threadsafe(deliver)

        try:
            threading.Thread(target=look_up, name="envcheck-dns", daemon=True).start()
        except RuntimeError:
            # What pthread_create(3) calls it; Python keeps the number to itself.
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from None
        return await answer

    async def close(self) -> None:
        """Nothing is held."""


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    return [
        ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=int(address[1]),
            family=found_family,
            proto=proto,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for found_family, _, proto, _, address in socket.getaddrinfo(
            host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
    ]
