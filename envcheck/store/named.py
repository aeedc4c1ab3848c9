"""Writing to what a user named for one text: a file as any report is, a pipe, or a device such as `/dev/stdout`."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Final

from envcheck.descriptors import named_by, write_whole
from envcheck.errors import ConfigError, ReportError
from envcheck.paths import Found, kind_of, reason_of
from envcheck.store.write import REMEDY, in_the_way, there_already, try_folder, write_text

if TYPE_CHECKING:
    from pathlib import Path

_TRAP: Final = "is a pipe of another user, in a folder that anybody may write to"


def write_as_named(path: Path, text: str) -> None:
    """Write to what a user named for this text alone; a pipe or a device, such as `/dev/stdout`, is one to write to.

    Raises:
        ReportError: it cannot be written, or nobody reads from the pipe.

    """
    data = text.encode("utf-8")
    try:
        descriptor = _special(path)
        if descriptor is not None:
            try:
                write_whole(descriptor, data)
            finally:
                os.close(descriptor)
    except BrokenPipeError:
        return  # a reader that has seen enough, as on stdout
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: cannot be written ({reason_of(error)}); {REMEDY}") from None
    if descriptor is None:
        write_text(path, text)


def try_as_named(path: Path | None, *, remedy: str) -> None:
    """Try the place of a file that a user named, if a file it is, like `try_folder`; None where nothing was named.

    Raises:
        ConfigError: it takes none.

    """
    if path is None or named_by(path) is not None:
        return
    try:
        found = there_already(path)
        trap = found is not None and _is_a_trap(path, found)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: no report can be written there ({reason_of(error)}); {remedy}") from None
    if trap:
        raise ConfigError(f"{path}: {_TRAP}; {remedy}")
    kind = Found.FILE if found is None else kind_of(found.st_mode)
    if kind in {Found.PIPE, Found.DEVICE}:
        return
    if kind is not Found.FILE:
        raise ConfigError(f"{path}: {in_the_way(kind)}; {remedy}")
    try_folder(path.parent, remedy=remedy)


def _special(path: Path) -> int | None:
    """Open what is no file; None where a file is or can be."""
    descriptor = named_by(path)
    if descriptor is not None:
        return os.dup(descriptor)
    found = there_already(path)
    kind = None if found is None else kind_of(found.st_mode)
    if found is None or kind not in {Found.PIPE, Found.DEVICE}:
        return None
    if _is_a_trap(path, found):
        raise ReportError(f"{path}: {_TRAP}; {REMEDY}")
    try:
        # Without waiting, else a pipe that nobody reads from would hold the command up for ever.
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if kind is Found.PIPE and error.errno == errno.ENXIO:
            raise ReportError(f"{path}: is a pipe that nobody reads from; start its reader first") from None
        raise


def _is_a_trap(path: Path, found: os.stat_result) -> bool:
    """Say whether somebody else laid out a pipe where everybody can, to read what is written to it."""
    is_theirs = kind_of(found.st_mode) is Found.PIPE and found.st_uid != os.geteuid()
    return is_theirs and bool(path.parent.stat().st_mode & stat.S_IWOTH)
