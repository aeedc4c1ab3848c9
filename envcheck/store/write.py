"""Writing files whole or not at all: a reader, or an interruption, finds the old one or the new one and never a part.

A report is private to its owner (0600) when it is first written: it names hosts and models of a company. Whoever
widens a report's mode by `chmod` keeps that choice, for a file that is written again keeps its permissions; those of
another user's file are nobody's choice here.

A report is written through no symbolic link, nor into a pipe or a device that lies where it should: whoever can write
into a shared folder would choose which file a run overwrites. The folder itself may be reached by links, for its owner
named it: volumes, releases and home folders are often such.
"""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from envcheck.errors import ConfigError, ReportError
from envcheck.paths import Found, kind_of, reason_of
from envcheck.places import ObjectPath
from envcheck.store.remote import check_storage, set_object_aside, write_objects
from envcheck.store.saved import COMPARISON_STEM
from envcheck.store.temporary import Temporary, remove_leftovers, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from envcheck.places import Location

_AT_THE_SAME_TIME: Final = 8
"""Files: a disk syncs several in about the time of one, and the gain ends about here."""
REMEDY: Final = "choose another place with -o or --out"


class NotWritten(NamedTuple):
    """A file that is missing, or still the old one."""

    path: Location
    why: str
    """The rest of the sentence, with its remedy."""


def _permissions_of_ours(found: os.stat_result) -> int | None:
    """Give what a report keeps of the file whose place it takes; None where that one is not ours."""
    return _permissions(found) if found.st_uid == os.geteuid() else None


def _permissions(found: os.stat_result) -> int:
    """Give who may read and write a file, without what would make a user of whoever runs it."""
    return found.st_mode & 0o777


def write_files(
    files: Sequence[tuple[Location, str]],
    *,
    remedy: str = REMEDY,
    kept: Callable[[os.stat_result], int | None] = _permissions_of_ours,
) -> Sequence[NotWritten]:
    """Write each file, and give those that could not be; a comparison comes after the records that it speaks of.

    Args:
        files: where each goes, and its text.
        remedy: what to do about one that cannot be written.
        kept: which permissions stay of a file that is there already; None makes the new one private.

    """
    encoded = [(path, text.encode("utf-8")) for path, text in files if not isinstance(path, ObjectPath)]
    objects = [(path, text.encode("utf-8")) for path, text in files if isinstance(path, ObjectPath)]
    folders = dict.fromkeys(path.parent for path, _ in encoded)
    for folder in folders:
        remove_leftovers(folder)
    write = partial(_write, remedy=remedy, kept=kept)
    failures = [
        *_side_by_side(write, [each for each in encoded if each[0].stem != COMPARISON_STEM]),
        *map(write, [each for each in encoded if each[0].stem == COMPARISON_STEM]),
    ]
    for folder in folders:
        sync_folder(folder)
    not_stored = write_objects(objects, last=COMPARISON_STEM) if objects else []
    return [failure for failure in failures if failure is not None] + [NotWritten(*each) for each in not_stored]


def write_text(path: Path, text: str) -> None:
    """Write one report.

    Raises:
        ReportError: it cannot be written; the old file, if there was one, is still there.

    """
    for failure in write_files([(path, text)]):
        raise ReportError(f"{path}: {failure.why}")


def set_aside(path: Location) -> Location | None:
    """Rename a file that must not be believed any more, and give its new name; None where that is not possible.

    What was set aside before keeps its name, for nobody may have looked at it yet: the new one is numbered; in object
    storage it is replaced, for buckets keep versions where their owners want them.
    """
    if isinstance(path, ObjectPath):
        return set_object_aside(path)
    names = chain([f"{path.name}.old"], (f"{path.name}.old.{number}" for number in count(1)))
    try:
        aside = next(each for each in map(path.with_name, names) if there_already(each) is None)
        path.rename(aside)
    except OSError:
        return None
    return aside


def edit_text(path: Path, text: str) -> None:
    """Write a file of the user's own, such as the configuration, behind any links to it: people keep theirs elsewhere.

    Whoever could read it still can, for it may be a colleague's, or that of who runs `sudo envcheck accept`.

    Raises:
        ReportError: it cannot be written; the old file, if there was one, is still there.

    """
    try:
        target = Path(os.path.realpath(path))  # `Path.resolve` raises RuntimeError for a loop
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: cannot be written ({reason_of(error)}); name another path") from None
    for failure in write_files([(target, text)], remedy="name another path", kept=_permissions):
        raise ReportError(f"{path}: {failure.why}")


def try_folder(folder: Location | None, *, remedy: str) -> None:
    """Make a folder and write a file into it that is gone again, so that it is known to take reports.

    Of object storage only its variables are looked at: what it refuses later costs the reports and not the result.

    Args:
        folder: where reports are to be written; None where there will be none.
        remedy: what to do about a folder that takes none.

    Raises:
        ConfigError: it takes none.

    """
    if folder is None:
        return
    if isinstance(folder, ObjectPath):
        check_storage(folder, remedy=remedy)
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


def _write(file: tuple[Path, bytes], *, remedy: str, kept: Callable[[os.stat_result], int | None]) -> NotWritten | None:
    path, data = file
    try:
        _make_folder(path.parent)
        found = there_already(path)
        if found is not None and (kind := kind_of(found.st_mode)) is not Found.FILE:
            return NotWritten(path, f"{in_the_way(kind)}; remove it, or {remedy}")
        with Temporary(path.parent) as temporary:
            temporary.fill(data, None if found is None else kept(found))
            temporary.replace(path)
    except (OSError, ValueError) as error:
        return NotWritten(path, f"cannot be written ({reason_of(error)}); {remedy}")
    return None


def there_already(path: Path) -> os.stat_result | None:
    """Look at what is in a file's place, and through no link; one that comes later is replaced."""
    try:
        return path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def in_the_way(kind: Found) -> str:
    """Say what keeps a report from its place."""
    return f"is {kind.value} and no regular file"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:  # the system's words, "File exists", would be about what is wanted
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None
