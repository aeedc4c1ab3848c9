"""Reading saved reports back: from files alone, through no link, and nothing larger than an honest record is.

What a shell or another program hands over by its descriptor, as `<(ssh host cat report.json)` does, is read too.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from envcheck.descriptors import named_by, read_up_to
from envcheck.errors import ConfigError, EvidenceError
from envcheck.evidence import SCHEMA_VERSION as EVIDENCE_VERSION
from envcheck.evidence import Evidence
from envcheck.paths import Found, kind_of, opened, reason_of
from envcheck.places import ObjectPath
from envcheck.redact import Redactor
from envcheck.seam.bounded_json import TooManyMembersError, bounded
from envcheck.store.remote import SAVED_LIMIT, found_in, read_object, records_under

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.comparison import Comparison
    from envcheck.places import Location

COMPARISON_STEM: Final = "comparison"
SAVED_MEMBERS: Final = 2_000_000
"""Members of a saved file past which it is not read: an honest one has one in 25 bytes, for 100,000 findings."""

_Saved = TypeVar("_Saved", bound=BaseModel)


def load_evidence(path: Location) -> Evidence:
    """Read one saved record; every text in it is redacted anew.

    Raises:
        ConfigError: there is no such file.
        EvidenceError: it is not a record of this schema.
        StorageError: object storage does not give it.

    """
    return _load(path, Evidence, EVIDENCE_VERSION)


def load_comparison(path: Location) -> Comparison:
    """Read the comparison in a report folder, or the file itself; raises like `load_evidence`."""
    from envcheck.comparison import SCHEMA_VERSION, Comparison  # noqa: PLC0415 - a run that writes reports needs neither

    file = path / f"{COMPARISON_STEM}.json" if found_in(path) is Found.FOLDER else path
    return _load(file, Comparison, SCHEMA_VERSION)


def records_in(folder: Location) -> list[Location]:
    """Name the records of the last run in a report folder, in the order of their names.

    A report of an environment that has since gone may still lie there; it is no part of the last run.

    Raises:
        ConfigError: there are none, or the folder cannot be read.
        StorageError: object storage does not say.

    """
    files = _json_files(folder)
    comparison = comparison_in(folder)
    if comparison is not None:
        of_the_run = set(comparison.environments)
        files = [file for file in files if file.stem in of_the_run]
    files = [file for file in files if file.stem != COMPARISON_STEM]
    if not files:
        raise ConfigError(f"{folder}: holds no evidence; a run with -o and this folder writes NAME.json files there")
    return files


def _json_files(folder: Location) -> list[Location]:
    if isinstance(folder, ObjectPath):
        return [*records_under(folder)]
    try:
        return [*sorted(file for file in folder.iterdir() if file.suffix == ".json")]
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read ({reason_of(error)}); name another folder") from None


def comparison_in(folder: Location) -> Comparison | None:
    """Give a folder's comparison; None where there is none, or none that can be read."""
    try:
        return load_comparison(folder)
    except (ConfigError, EvidenceError):
        return None


def run_id_in(path: Location) -> str | None:
    """Give the run that a saved record says it is of, without reading the rest; None where it does not say."""
    try:
        document = from_json(bounded(_read_saved(path), SAVED_MEMBERS))
    except (ConfigError, EvidenceError, ValueError):
        return None
    run_id = document.get("run_id") if isinstance(document, dict) else None
    return run_id if isinstance(run_id, str) else None


def load_record(file: Location) -> Evidence:
    """Read a record of a report folder; raise like `load_evidence`, and where its name is not its environment's."""
    evidence = load_evidence(file)
    if file.stem != evidence.environment:
        raise EvidenceError(f"{file}: is the record of another environment than its name says; rename it")
    return evidence


def _load(path: Location, kind: type[_Saved], version: str) -> _Saved:
    data = _read_saved(path)
    try:
        document = from_json(bounded(data, SAVED_MEMBERS))
    except TooManyMembersError:
        raise EvidenceError(f"{path}: has more members than envcheck writes; give a file that it wrote") from None
    except ValueError:
        raise EvidenceError(f"{path}: is not JSON; give a file that envcheck wrote") from None
    found = document.get("schema_version") if isinstance(document, dict) else None
    if found != version:
        raise EvidenceError(f"{path}: {_wrong_version(found, version)}")
    try:
        return kind.model_validate(document, context=Redactor(), extra="ignore")
    except ValidationError as error:
        # Only where the first mistake is; what stands there may be anything.
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise EvidenceError(f"{path}: {_safe_place(place)} is not what {version} allows; was it edited?") from None


def _read_saved(path: Location) -> bytes:
    if isinstance(path, ObjectPath):
        return read_object(path)
    try:
        # Without waiting, for a pipe under a report's name would hold the command up until somebody writes into it.
        descriptor = opened(path, os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return _read_opened(descriptor, path)
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigError(f"{path}: there is no such file; name a report file or a folder of reports") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ELOOP:
            raise ConfigError(f"{path}: is a symbolic link; name the file itself") from None
        raise ConfigError(f"{path}: cannot be read ({reason_of(error)}); name another path") from None


def _read_opened(descriptor: int, path: Path) -> bytes:
    status = os.fstat(descriptor)
    kind = kind_of(status.st_mode)
    if kind is not Found.FILE and named_by(path) is None:
        raise ConfigError(f"{path}: is {kind.value}; name a report file or a folder of reports")
    data = b"" if status.st_size > SAVED_LIMIT else read_up_to(descriptor, SAVED_LIMIT + 1)
    if max(len(data), status.st_size) > SAVED_LIMIT:
        raise EvidenceError(f"{path}: is larger than {SAVED_LIMIT // 1024 // 1024} MiB; envcheck did not write it")
    return data


def _wrong_version(found: object, expected: str) -> str:
    family = expected.rpartition("/")[0]
    if isinstance(found, str) and found.rpartition("/")[0] == family:
        return f"was written by another version of envcheck, which this one cannot read; it reads {expected}"
    return f"has no schema_version of {family}; give a file that `envcheck run` or `envcheck probe` wrote"


def _safe_place(place: str) -> str:
    return place if place.isascii() and place.replace(".", "").replace("_", "").isalnum() else "a field"
