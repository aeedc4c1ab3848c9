"""The file a report is written into before it takes the report's place, and what killed runs left of such.

A run that is killed cannot remove its temporary file, so the next one that writes into the folder does. It must not
take away what another run is writing at that moment, and a lock tells: a run holds one on each of its temporary files,
and the system drops the locks of a process that is gone.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from tempfile import mkstemp
from typing import TYPE_CHECKING, Final

from envcheck.descriptors import write_whole

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_PREFIX: Final = ".envcheck-"
_SUFFIX: Final = ".tmp"
_OURS: Final = re.compile(r"\.envcheck-[a-z0-9_]{8}\.tmp")
"""Names that nobody else gives a file. Taking the report's own name up would make them look like somebody's copy."""
_NO_SYNC_HERE: Final = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


class Temporary:
    """A new file in a folder, private to its owner, that goes away unless it takes another's place.

    Raises:
        OSError: the folder takes no file.

    """

    def __init__(self, folder: Path) -> None:
        while True:
            self._descriptor, name = mkstemp(dir=folder, prefix=_PREFIX, suffix=_SUFFIX)
            self._path: Path | None = Path(name)
            if _is_held(self._descriptor):
                return
            # Another run took it for a leftover in the moment before it was locked.
            self._discard()

    def __enter__(self) -> Self:
        return self

    def fill(self, data: bytes, mode: int | None) -> None:
        """Write all of it, to the disk; `mode` is that of the file whose place it takes, where there is one.

        Without the sync a machine that loses power may know of the new name and not of what the file holds.
        """
        if mode is not None:
            os.fchmod(self._descriptor, mode)
        write_whole(self._descriptor, data)
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            if error.errno not in _NO_SYNC_HERE:
                raise

    def replace(self, target: Path) -> None:
        """Take the place of a file, in one step for whoever reads it."""
        if self._path is not None:
            self._path.replace(target)
            self._path = None

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._discard()

    def _discard(self) -> None:
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()
        os.close(self._descriptor)


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # locks are not known here: nobody can take it for a leftover either
    return os.fstat(descriptor).st_nlink > 0


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of runs that are gone; what cannot be told from a live run's stays."""
    with suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if _OURS.fullmatch(entry.name)]:
            with suppress(OSError):
                _remove_if_left(folder / name)


def _remove_if_left(path: Path) -> None:
    # For writing, which NFS asks of whoever locks; without waiting, for it might be a pipe that somebody made.
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if S_ISREG(os.fstat(descriptor).st_mode):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the folder's new names on the disk, as far as the system does that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
