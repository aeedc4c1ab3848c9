"""Report files: their names, writing them whole or not at all, and reading saved ones back.

A report is private to its owner (0600) when it is first written: it names hosts and models of a company. Whoever
widens a report's mode by `chmod` keeps that choice, for a file that is written again keeps its mode.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from envcheck.errors import ConfigError, EvidenceError, ReportError
from envcheck.evidence import SCHEMA_VERSION as EVIDENCE_VERSION
from envcheck.evidence import Evidence
from envcheck.redact import Redactor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison

COMPARISON_STEM: Final = "comparison"
SAVED_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a saved file past which it is not read: the largest honest record is far smaller."""

_Saved = TypeVar("_Saved", bound=BaseModel)


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader, or an interruption, finds the old one or the new one and never a part.

    Something that is no regular file, such as `/dev/stdout` or a pipe, is written to as it is.

    Raises:
        ReportError: it cannot be written; the old file, if there was one, is still there.

    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "the system refused"
        raise ReportError(f"{path}: cannot be written ({reason}); choose another place with -o or --out") from None


def _replace(path: Path, text: str) -> None:
    target = path.resolve()  # a link to a report stays a link
    descriptor, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            with suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            file.write(text)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_evidence(path: Path) -> Evidence:
    """Read one saved record; every text in it is redacted anew.

    Raises:
        ConfigError: there is no such file.
        EvidenceError: it is not a record of this schema.

    """
    return _load(path, Evidence, EVIDENCE_VERSION)


def load_comparison(path: Path) -> Comparison:
    """Read the comparison in a report folder, or the file itself; raises like `load_evidence`."""
    from envcheck.comparison import SCHEMA_VERSION, Comparison  # noqa: PLC0415 - a run that writes reports needs neither

    file = path / f"{COMPARISON_STEM}.json" if path.is_dir() else path
    return _load(file, Comparison, SCHEMA_VERSION)


def load_folder(folder: Path) -> Sequence[Evidence]:
    """Read every record in a report folder, in the order of their names; raises like `load_evidence`."""
    files = sorted(file for file in folder.glob("*.json") if file.stem != COMPARISON_STEM)
    if (folder / f"{COMPARISON_STEM}.json").exists():
        # A report of an environment that has since gone may still lie there; it is no part of the last run.
        of_the_run = set(load_comparison(folder).environments)
        files = [file for file in files if file.stem in of_the_run]
    if not files:
        raise ConfigError(f"{folder}: holds no evidence; `envcheck run -o {folder}` writes NAME.json files there")
    loaded = [load_evidence(file) for file in files]
    for file, evidence in zip(files, loaded, strict=True):
        if file.stem != evidence.environment:
            raise EvidenceError(f"{file}: is the record of another environment than its name says; rename it")
    return loaded


def _load(path: Path, kind: type[_Saved], version: str) -> _Saved:
    data = _read_saved(path)
    try:
        document = from_json(data)
    except ValueError:
        raise EvidenceError(f"{path}: is not JSON; give a file that envcheck wrote") from None
    found = document.get("schema_version") if isinstance(document, dict) else None
    if found != version:
        raise EvidenceError(f"{path}: {_wrong_version(found, version)}")
    try:
        return kind.model_validate_json(data, context=Redactor())
    except ValidationError as error:
        # Only where the first mistake is; what stands there may be anything.
        place = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise EvidenceError(f"{path}: {_safe_place(place)} is not what {version} allows; was it edited?") from None


def _read_saved(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise ConfigError(f"{path}: is a symbolic link; name the file itself")
        if not path.is_file():
            raise ConfigError(f"{path}: there is no such file; name a report file or a folder of reports")
        if path.stat().st_size > SAVED_LIMIT:
            raise EvidenceError(f"{path}: is larger than {SAVED_LIMIT // 1024 // 1024} MiB; envcheck did not write it")
        return path.read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "the system refused"
        raise ConfigError(f"{path}: cannot be read ({reason})") from None


def _wrong_version(found: object, expected: str) -> str:
    family = expected.rpartition("/")[0]
    if isinstance(found, str) and found.rpartition("/")[0] == family:
        return f"was written by another version of envcheck, which this one cannot read; it reads {expected}"
    return f"has no schema_version of {family}; give a file that `envcheck run` or `envcheck probe` wrote"


def _safe_place(place: str) -> str:
    return place if place.isascii() and place.replace(".", "").replace("_", "").isalnum() else "a field"
