"""Where reports live: a folder of this machine, or object storage, spelled `s3://bucket/prefix`.

A place in object storage is a value that knows its address and nothing more; `store` alone talks to what is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_SEGMENT: Final = re.compile(r"[^\x00-\x1f\x7f\\?#*]{1,255}")
SCHEMES: Final = ("s3", "gs", "az")
"""Of Amazon S3 and what speaks like it, Google Cloud Storage, and Azure Blob Storage, as obstore spells them."""


@dataclass(frozen=True, slots=True, order=True)
class ObjectPath:
    """An object, or the prefix of several, with the members of `pathlib.Path` that a place of reports is asked for."""

    root: str
    """Scheme and bucket, or container: `s3://bucket`."""
    key: str
    """The rest, without a slash at either end; empty for the bucket itself."""

    def __str__(self) -> str:
        return f"{self.root}/{self.key}" if self.key else self.root

    def __truediv__(self, name: str) -> ObjectPath:
        return replace(self, key=f"{self.key}/{name}" if self.key else name)

    @property
    def name(self) -> str:
        """What stands after the last slash."""
        return self.key.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The ending of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> ObjectPath:
        """The prefix that it is under."""
        return replace(self, key=self.key.rpartition("/")[0])

    def resolve(self) -> ObjectPath:
        """Return the same, for there are no links."""
        return self


if TYPE_CHECKING:
    Location = Path | ObjectPath
else:
    # typer reads the annotations of the commands and takes no unions; what makes a place of the text is the parser.
    Location = Path


def place_named(text: str) -> Location:
    """Read where reports are.

    Raises:
        ValueError: it is a URL, and none of object storage; says why, and repeats nothing of it.

    """
    url = _URL.fullmatch(text)
    if url is None:
        return Path(text)
    scheme, rest = url.groups()
    bucket, _, key = rest.partition("/")
    if scheme not in SCHEMES:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise ValueError(f"is a URL that is no object storage; write a folder's path, or one of {known}")
    if "@" in bucket or "?" in rest or "#" in rest:
        raise ValueError("has a user, a query or a fragment; leave them out, credentials are taken from variables")
    if not _BUCKET.fullmatch(bucket):
        raise ValueError(f"names no bucket; write {scheme}://bucket/prefix")
    segments = key.removesuffix("/").split("/") if key else []
    if any(segment in {".", ".."} or not _SEGMENT.fullmatch(segment) for segment in segments):
        raise ValueError("has a part that is empty, a dot, or no name of an object; write it without")
    return ObjectPath(f"{scheme}://{bucket}", "/".join(segments))
