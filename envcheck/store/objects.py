"""Object storage: bytes go to `s3://bucket/key` and come back, in bounded time whatever the storage does.

The one module that knows obstore, of the extra `llm-envcheck[s3]`, and it is loaded where a place of that kind is used.
An object is there whole or not at all, which is the storage's own promise. Nothing here quotes what it answers: its
errors hold the request, and that may hold a key.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import anyio

from envcheck.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from obstore import ObjectMeta
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

    from envcheck.places import ObjectPath

REQUEST_S: Final = 30.0
"""Seconds that one request may take, its body included."""
RETRY_S: Final = 45.0
"""Seconds after which a request that failed is not sent again; so an object costs 75 at the most."""
LIST_S: Final = 75.0
"""Seconds that a whole list may take, as many as an object costs at the most."""
_RETRIES: Final = 4
_STATUS: Final = re.compile(r"status code: ([0-9]{3})")
_NO_BUCKET: Final = "<Code>NoSuchBucket</Code>"


class StorageFault(Exception):  # noqa: N818 - never leaves the room, which makes a sentence of it
    """The storage refused or did not answer; `why` is a phrase of ours."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def connect(place: ObjectPath) -> None:
    """Read what the environment says of the storage; nothing is sent.

    Raises:
        ConfigError: it says too little.

    """
    _store(place.root)


def get(place: ObjectPath, limit: int) -> bytes | None:
    """Give what an object holds; None where it is larger than `limit` bytes.

    Raises:
        FileNotFoundError: there is no such object, or no such bucket.
        StorageFault: the storage does not give it.

    """
    from obstore.exceptions import BaseError  # noqa: PLC0415 - not everybody has it installed

    try:
        found = _store(place.root).get(place.key)
        return None if found.meta["size"] > limit else bytes(found.bytes())
    except FileNotFoundError as error:
        if _NO_BUCKET in str(error):
            raise StorageFault("there is no such bucket") from None
        raise
    except BaseError as error:
        raise _fault(error) from None


def put(place: ObjectPath, data: bytes) -> None:
    """Write an object, whole or not at all.

    Raises:
        StorageFault: the storage does not take it.

    """
    from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

    try:
        _store(place.root).put(place.key, data, use_multipart=False)
    except (BaseError, FileNotFoundError) as error:
        raise _fault(error) from None


def move(place: ObjectPath, name: str) -> ObjectPath:
    """Give an object another name under the same prefix, and take the place of one that has it.

    Raises:
        StorageFault: the storage does not do that.

    """
    from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

    moved = place.parent / name
    try:
        _store(place.root).rename(place.key, moved.key)
    except (BaseError, FileNotFoundError) as error:
        raise _fault(error) from None
    return moved


def names_under(folder: ObjectPath) -> list[str]:
    """Name the objects right under a prefix, in no order.

    Raises:
        StorageFault: the storage does not say.

    """
    from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

    try:
        found = anyio.run(_listed, folder)
    except TimeoutError:
        raise StorageFault("the list of what is there does not end") from None
    except (BaseError, FileNotFoundError) as error:
        raise _fault(error) from None
    return [meta["path"].rpartition("/")[2] for meta in found]


async def _listed(folder: ObjectPath) -> Sequence[ObjectMeta]:
    """List what is there, in time: a list comes in pages, each of which says whether there is another."""
    with anyio.fail_after(LIST_S):
        return (await _store(folder.root).list_with_delimiter_async(folder.key or None))["objects"]


@lru_cache
def _store(root: str) -> ObjectStore:
    from obstore.exceptions import BaseError  # noqa: PLC0415 - as above
    from obstore.store import from_url  # noqa: PLC0415 - as above

    retries: RetryConfig = {"max_retries": _RETRIES, "retry_timeout": timedelta(seconds=RETRY_S)}
    # Options of ours hide those that obstore reads itself, so the one that a storage on loopback needs is handed on.
    allow_http = os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}
    client: ClientConfig = {"timeout": timedelta(seconds=REQUEST_S), "allow_http": allow_http}
    try:
        return from_url(root, retry_config=retries, client_options=client)
    except (BaseError, ValueError):
        raise ConfigError(
            f"{root}: the variables of this storage say too little or what cannot be; set its account and credentials"
            " as docs/many-machines.md has them"
        ) from None


def _fault(error: Exception) -> StorageFault:
    """Say what kind of error it is; of its text only a status is taken, which is a number."""
    from obstore.exceptions import PermissionDeniedError, UnauthenticatedError  # noqa: PLC0415 - as above

    if isinstance(error, FileNotFoundError) or _NO_BUCKET in str(error):
        return StorageFault("there is no such bucket")
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return StorageFault("the credentials in the variables are refused, or may not do that")
    status = _STATUS.search(str(error))
    if status is not None:
        return StorageFault(f"the storage answered {status[1]}, and so did it when asked again")
    return StorageFault("the storage could not be reached, or did not answer in time")
