"""Reading back what a run saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck.store import load_record, records_in

if TYPE_CHECKING:
    from pathlib import Path

    from envcheck.evidence import Evidence


def read_reports(folder: Path) -> list[Evidence]:
    """Read the records of the last run in a report folder, in the order of their names; each text is redacted anew.

    Raises:
        ConfigError: there are none, or the folder cannot be read.
        EvidenceError: one is no record of this schema.

    """
    return [load_record(file) for file in records_in(folder)]
