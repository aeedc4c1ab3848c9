"""Writing files whole or not at all: a reader, or an interruption, finds the old one or the new one and never a part.

A report is private to its owner (0600) when it is first written: it names hosts and models of a company. Whoever
widens a report's mode by `chmod` keeps that choice, for a file that is written again keeps its mode.

A report is written through no symbolic link, nor into a pipe or a device that lies where it should: whoever can write
into a shared folder would choose which file a run overwrites. The folder itself may be reached by links, for its owner
named it: volumes, releases and home folders are often such.
"""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.descriptors import named_by, write_whole
from envcheck.errors import ConfigError, ReportError
from envcheck.paths import Found, found_at, kind_of, reason_of
from envcheck.store.saved import COMPARISON_STEM
from envcheck.store.temporary import Temporary, remove_leftovers, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_AT_THE_SAME_TIME: Final = 8
"""Files: a disk syncs several in about the time of one, and the gain ends about here."""
_REMEDY: Final = "choose another place with -o or --out"


class NotWritten(NamedTuple):
    """A file that is missing, or still the old one."""

    path: Path
    why: str
    """The rest of the sentence, with its remedy."""


def write_files(files: Sequence[tuple[Path, str]], *, remedy: str = _REMEDY) -> Sequence[NotWritten]:
    """Write each file, and give those that could not be; a comparison comes after the records that it speaks of."""
    encoded = [(path, text.encode("utf-8")) for path, text in files]
    folders = dict.fromkeys(path.parent for path, _ in files)
    for folder in folders:
        remove_leftovers(folder)
    write = partial(_write, remedy=remedy)
    failures = [
        *_side_by_side(write, [each for each in encoded if each[0].stem != COMPARISON_STEM]),
        *map(write, [each for each in encoded if each[0].stem == COMPARISON_STEM]),
    ]
    for folder in folders:
        sync_folder(folder)
    return [failure for failure in failures if failure is not None]


def write_text(path: Path, text: str, *, remedy: str = _REMEDY) -> None:
    """Write one file.

    Raises:
        ReportError: it cannot be written; the old file, if there was one, is still there.

    """
    failures = write_files([(path, text)], remedy=remedy)
    if failures:
        raise ReportError(f"{path}: {failures[0].why}")


def set_aside(path: Path) -> Path | None:
    """Rename a file that must not be believed any more, and give its new name; None where that is not possible.

    What stood under the new name is replaced: it was set aside before.
    """
    aside = path.with_name(f"{path.name}.old")
    try:
        path.rename(aside)
    except OSError:
        return None
    return aside


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
        raise ReportError(f"{path}: cannot be written ({reason_of(error)}); {_REMEDY}") from None
    if descriptor is None:
        write_text(path, text)


def edit_text(path: Path, text: str) -> None:
    """Write a file of the user's own, such as the configuration, behind any links to it: people keep theirs elsewhere.

    Raises:
        ReportError: it cannot be written; the old file, if there was one, is still there.

    """
    try:
        target = Path(os.path.realpath(path))  # `Path.resolve` raises RuntimeError for a loop
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: cannot be written ({reason_of(error)}); name another path") from None
    write_text(target, text, remedy="name another path")


def try_as_named(path: Path | None, *, remedy: str) -> None:
    """Try the folder of a file that a user named, if a file it is, like `try_folder`; None where nothing was named.

    Raises:
        ConfigError: it takes none.

    """
    if path is None or named_by(path) is not None or found_at(path) in {Found.PIPE, Found.DEVICE}:
        return
    try_folder(path.parent, remedy=remedy)


def try_folder(folder: Path | None, *, remedy: str) -> None:
    """Make a folder and write a file into it that is gone again, so that it is known to take reports.

    Args:
        folder: where reports are to be written; None where there will be none.
        remedy: what to do about a folder that takes none.

    Raises:
        ConfigError: it takes none.

    """
    if folder is None:
        return
    try:
        _make_folder(folder)
        with Temporary(folder) as temporary:
            temporary.fill(b"envcheck\n", None)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder}: no report can be written there ({reason_of(error)}); {remedy}") from None


def _side_by_side(
    write: Callable[[tuple[Path, bytes]], NotWritten | None], files: Sequence[tuple[Path, bytes]]
) -> Iterable[NotWritten | None]:
    try:
        with ThreadPoolExecutor(_AT_THE_SAME_TIME) as pool:  # starts as many threads as it has files, up to this
            return list(pool.map(write, files))
    except RuntimeError:  # the system starts no more threads
        return list(map(write, files))


def _write(file: tuple[Path, bytes], *, remedy: str) -> NotWritten | None:
    path, data = file
    try:
        _make_folder(path.parent)
        in_the_way, mode = _there_already(path)
        if in_the_way is not None:
            return NotWritten(path, f"is {in_the_way.value} and no regular file; remove it, or {remedy}")
        with Temporary(path.parent) as temporary:
            temporary.fill(data, mode)
            temporary.replace(path)
    except (OSError, ValueError) as error:
        return NotWritten(path, f"cannot be written ({reason_of(error)}); {remedy}")
    return None


def _there_already(path: Path) -> tuple[Found | None, int | None]:
    """Give what is in a file's way, and the mode of the file there is; a link that comes later is replaced."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None, None
    kind = kind_of(mode)
    return (None, stat.S_IMODE(mode)) if kind is Found.FILE else (kind, None)


def _special(path: Path) -> int | None:
    """Open what is no file; None where a file is or can be."""
    descriptor = named_by(path)
    if descriptor is not None:
        return os.dup(descriptor)
    try:
        kind = kind_of(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if kind not in {Found.PIPE, Found.DEVICE}:
        return None
    try:
        # Without waiting, else a pipe that nobody reads from would hold the command up for ever.
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if kind is Found.PIPE and error.errno == errno.ENXIO:
            raise ReportError(f"{path}: is a pipe that nobody reads from; start its reader first") from None
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # the system's words, "File exists", would be about what is wanted
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
