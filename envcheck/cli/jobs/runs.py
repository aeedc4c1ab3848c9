"""What `compare` compares: the records of one run, of an earlier and a later one, or of one from each vantage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from envcheck.evidence import Evidence


@dataclass(frozen=True, slots=True)
class SavedRuns:
    """What is compared."""

    after: Sequence[Evidence]
    before: Sequence[Evidence] = ()
    """An earlier run; nothing where the records are environments of one run."""
    baseline: str | None = None
    """The one that the run had, where a folder says so; its record need not be there."""
    is_of_folder: bool = False
    """Whether it is one folder's run."""
    left_out: tuple[str, ...] = ()
    """Why records were left out: a sentence each."""
    warnings: tuple[str, ...] = ()
    """What else a reader has to know."""
    vantages: tuple[str, ...] = ()
    """Where the records were looked from, in the order given; none unless they are of several such places."""
    baselines: tuple[str, ...] = ()
    """The different ones that the runs of several vantages had."""

    @property
    def is_one_run(self) -> bool:
        """Whether all records, or all of a vantage, were made together, so that their latencies were side by side."""
        ids: dict[str | None, set[str | None]] = {}
        for evidence in self.after:
            ids.setdefault(evidence.vantage if self.vantages else None, set()).add(evidence.run_id)
        return not self.before and all(len(of_one) == 1 and None not in of_one for of_one in ids.values())


def newest(records: Sequence[Evidence]) -> datetime:
    """Give when the last of these records was made."""
    return max(record.generated_at for record in records)


def said(moment: datetime) -> str:
    """Say a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
