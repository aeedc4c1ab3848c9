"""Taking out of a report folder what is there of environments that the file no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from envcheck.cli.jobs.inputs import counted
from envcheck.config.problems import listed
from envcheck.errors import ConfigError, EvidenceError
from envcheck.paths import Found, found_at, reason_of
from envcheck.places import ObjectPath
from envcheck.store import COMPARISON_STEM, load_record

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from envcheck.cli.console import Console
    from envcheck.places import Location

_FORMS: Final = (".md", ".html", ".json")
"""The record comes last: by it the others are known to be ours, also where a removal was cut short."""


def refuse_in_storage(folder: Location | None) -> None:
    """Refuse to remove reports of object storage: what is in a bucket goes by the bucket's own rules.

    Raises:
        ConfigError: the folder is none of this machine's.

    """
    if isinstance(folder, ObjectPath):
        raise ConfigError(
            f"--prune: {folder} is object storage; have its own rules for how long things stay remove them"
        )


def remove_gone(folder: Path, known: Collection[str], console: Console) -> None:
    """Remove the reports of environments that are not known, which is said; one that cannot be is told.

    Whose reports they are is told by the record beside them: a file without one, or of another hand, stays.
    """
    removed = []
    for record in sorted(folder.glob("*.json")):
        if record.stem not in known and record.stem != COMPARISON_STEM and _is_ours(record):
            for path in map(record.with_suffix, _FORMS):
                _remove(path, console)
            if found_at(record) is Found.NOTHING:
                removed.append(record.stem)
    if removed:
        what = counted(len(removed), "environment")
        console.note(f"{folder}: removed the reports of {what} that the file no longer has: {listed(removed)}")


def _is_ours(record: Path) -> bool:
    try:
        load_record(record)
    except (ConfigError, EvidenceError):
        return False
    return True


def _remove(path: Path, console: Console) -> None:
    if found_at(path) is not Found.FILE or path.is_symlink():
        return
    try:
        path.unlink()
    except OSError as error:
        console.complain(f"warning: {path}: cannot be removed ({reason_of(error)}); remove it by hand")
