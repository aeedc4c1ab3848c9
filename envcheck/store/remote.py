"""Reports in object storage: what is there, read once, and written so that the comparison comes after its records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Final

from envcheck.errors import ConfigError, EvidenceError, StorageError
from envcheck.paths import Found, found_at
from envcheck.places import ObjectPath
from envcheck.store.objects import StorageFault, connect, get, move, names_under, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from envcheck.places import Location

_AT_THE_SAME_TIME: Final = 16
"""Requests: an object takes tens of milliseconds whatever its size, most of them waiting."""
SAVED_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a saved file past which it is not read: the largest honest record is far smaller."""
_SUFFIX: Final = ".json"
_REMEDY: Final = "see docs/many-machines.md, or choose another place with -o"


def found_in(place: Location, *, option: str = "") -> Found:
    """Say what is at a place of reports, behind all links.

    A prefix is a folder where there is an object right under it, and what ends as a record does is an object.

    Raises:
        ConfigError: the system does not say; the sentence names the option, where there is one, and the path.
        StorageError: the same of object storage.

    """
    if not isinstance(place, ObjectPath):
        return found_at(place, option=option)
    if place.suffix == _SUFFIX:
        return Found.NOTHING if _content(place) is None else Found.FILE
    return Found.FOLDER if records_under(place) else Found.NOTHING


def records_under(folder: ObjectPath) -> list[ObjectPath]:
    """Name the JSON objects right under a prefix, in the order of their names.

    Raises:
        StorageError: the storage does not say.

    """
    try:
        return sorted(folder / name for name in names_under(folder) if name.endswith(_SUFFIX))
    except StorageFault as fault:
        raise _unread(folder, fault) from None


def read_ahead(places: Iterable[Location]) -> None:
    """Fetch what is going to be read from object storage, several at a time; what fails fails again where it is read.

    Files of this machine are left alone, for they cost nothing to wait for.
    """
    objects = [place for place in places if isinstance(place, ObjectPath)]
    if objects:
        with ThreadPoolExecutor(_AT_THE_SAME_TIME) as pool:
            for _ in pool.map(_fetched, objects):
                pass


def _fetched(place: ObjectPath) -> bool:
    try:
        return _content(place) is not None
    except (StorageError, EvidenceError):
        return False


def read_object(place: ObjectPath) -> bytes:
    """Give what a saved record holds.

    Raises:
        ConfigError: there is none.
        EvidenceError: it is larger than a record is.
        StorageError: the storage does not give it.

    """
    content = _content(place)
    if content is None:
        raise ConfigError(f"{place}: there is no such object; name a report or a prefix of reports")
    return content


@cache
def _content(place: ObjectPath) -> bytes | None:
    """Give what an object holds; None where there is none. Reports are read more than once, and fetched once."""
    try:
        content = get(place, SAVED_LIMIT)
    except FileNotFoundError:
        return None
    except StorageFault as fault:
        raise _unread(place, fault) from None
    if content is None:
        raise EvidenceError(f"{place}: is larger than {SAVED_LIMIT // 1024 // 1024} MiB; envcheck did not write it")
    return content


def _unread(place: ObjectPath, fault: StorageFault) -> StorageError:
    return StorageError(f"{place}: cannot be read ({fault.why}); see docs/many-machines.md, or run again later")


def set_object_aside(place: ObjectPath) -> ObjectPath | None:
    """Rename an object that must not be believed any more; None where that is not possible."""
    try:
        return move(place, f"{place.name}.old")
    except StorageFault:
        return None
    finally:
        _content.cache_clear()


def check_storage(place: ObjectPath, *, remedy: str) -> None:
    """See to it that the variables say enough to reach a place; nothing is sent, for the result is worth more.

    Raises:
        ConfigError: they do not.

    """
    try:
        connect(place)
    except ConfigError as error:
        raise ConfigError(f"{error}, or {remedy}") from None


def write_objects(files: Sequence[tuple[ObjectPath, bytes]], *, last: str) -> list[tuple[ObjectPath, str]]:
    """Write each object, and give those that are not written and why; those of the stem `last` come after all others.

    Once one has failed, after all that is tried again, the rest is not tried: a thousand reports would each wait as
    long, and a comparison without its records is no report. So what speaks of the others is there only with them.
    """
    upload = _Upload()
    with ThreadPoolExecutor(_AT_THE_SAME_TIME) as pool:
        list(pool.map(upload.one, [each for each in files if each[0].stem != last]))
    for each in files:
        if each[0].stem == last:
            upload.one(each)
    _content.cache_clear()
    return upload.failed


class _Upload:
    """What became of several objects."""

    def __init__(self) -> None:
        self.failed: list[tuple[ObjectPath, str]] = []

    def one(self, file: tuple[ObjectPath, bytes]) -> None:
        """Write an object, unless another one could not be written."""
        place, data = file
        if self.failed:
            self.failed.append((place, self.failed[0][1]))
            return
        try:
            put(place, data)
        except StorageFault as fault:
            self.failed.append((place, f"cannot be written ({fault.why}); {_REMEDY}"))
