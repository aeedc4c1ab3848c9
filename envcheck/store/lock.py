"""One run at a time for each report folder: a lock on a file in it, which the system drops with its process.

Object storage has no such lock: a run there holds nothing, and whoever wants one at a time gives each a prefix.

The file says since when the folder is held, and is removed at the end, so that a folder holds reports alone. That a
killed run leaves it there blocks nobody: what counts is the lock, never the file.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from envcheck.descriptors import read_up_to, write_whole
from envcheck.errors import BusyError, ConfigError
from envcheck.paths import Found, kind_of, reason_of
from envcheck.places import ObjectPath

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from envcheck.places import Location

LOCK_NAME: Final = ".envcheck.lock"
_ASK_AGAIN_S: Final = 0.1
_WRITTEN: Final = "%Y-%m-%dT%H:%M:%SZ"
_LENGTH: Final = len("2026-01-01T00:00:00Z")


@contextmanager
def held(folder: Location, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold a report folder that is there; another process that asks for it meanwhile is refused, but in object storage.

    Args:
        folder: whose reports are to be written.
        wait_s: for how long to wait for another run that holds it, in seconds.

    Raises:
        BusyError: another run holds it, and still does after the wait.
        ConfigError: no lock can be had there, or none is known there and it is to be waited for.

    """
    if isinstance(folder, ObjectPath):
        if wait_s:
            raise ConfigError("--wait-for-lock: object storage has no lock; leave it out, and give each run its prefix")
        yield
        return
    path = folder / LOCK_NAME
    deadline = time.monotonic() + wait_s
    try:
        while (descriptor := _taken(path)) is None:
            if time.monotonic() >= deadline:
                raise BusyError(f"{folder}: {_holder(path)}; add --wait-for-lock 10m to wait, or name another folder")
            time.sleep(min(_ASK_AGAIN_S, max(0.0, deadline - time.monotonic())))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be locked ({reason_of(error)}); name another folder with -o") from None
    try:
        yield
    finally:
        # In this order: whoever opened the file before it went finds that it is no longer the one in its place.
        if _is_in_place(descriptor, path):
            path.unlink(missing_ok=True)
        os.close(descriptor)


def _taken(path: Path) -> int | None:
    """Lock the file and write the moment into it; None where another process holds it, or just let go of it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        if _is_locked(descriptor, path):
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _is_locked(descriptor: int, path: Path) -> bool:
    if kind_of(os.fstat(descriptor).st_mode) is not Found.FILE:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    if not _is_in_place(descriptor, path):
        return False
    os.ftruncate(descriptor, 0)
    write_whole(descriptor, datetime.now(UTC).strftime(_WRITTEN).encode())
    return True


def _is_in_place(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    """Say since when another run holds it; the file is anybody's, so only a moment is read out of it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            written = read_up_to(descriptor, _LENGTH).decode("ascii")
        finally:
            os.close(descriptor)
        since = datetime.strptime(written, _WRITTEN).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return "another run is at work there"
    return f"another run is at work there since {since:%Y-%m-%d %H:%M:%S} UTC"
