"""Start a server as a child, wait until it answers, and end it: that one, by its own handle."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

_POLL_S: Final = 0.1
_END_S: Final = 10.0


class NotStartedError(Exception):
    """An installed server did not come up; the message holds the end of its log."""


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    ready: Callable[[], bool],
    env: Mapping[str, str],
    limit_s: float = 90.0,
) -> Iterator[float]:
    """Run a server for as long as the block lasts; give the seconds its start took.

    It gets the given variables and nothing else of this process's but PATH: no proxy, no key of the developer's.

    Raises:
        NotStartedError: it ended, or was not ready in `limit_s`.

    """
    started = time.monotonic()
    with (
        log.open("ab") as output,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(log.parent), **env},
        ) as child,
    ):
        try:
            while not ready():
                if child.poll() is not None or time.monotonic() - started > limit_s:
                    tail = log.read_text(errors="replace")[-2000:]
                    raise NotStartedError(f"{command[0]} did not come up:\n{tail}")
                time.sleep(_POLL_S)
            yield time.monotonic() - started
        finally:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_END_S)
    except subprocess.TimeoutExpired:
        child.kill()


def accepts(port: int) -> bool:
    """Whether something listens on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_ports(count: int) -> list[int]:
    """Give ports that nothing listens on; held all at once while choosing, so that they are distinct."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextmanager
def refused_port() -> Iterator[int]:
    """Give a port that refuses connections, and that no other server is given meanwhile: bound, not listening."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def silent_listener() -> Iterator[int]:
    """Listen and never answer: the kernel completes the connection, and nobody reads from it. Gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def answers(url: str) -> bool:
    """Tell whether a server answers there, whatever it says."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True  # whatever it says, it is up
    except OSError:
        return False
    return True
