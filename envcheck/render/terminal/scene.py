"""What the table shows, and how much room there is for it: the same for every arrangement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from envcheck.render.marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.comparison import Comparison
    from envcheck.render.bands import Band


@dataclass(frozen=True, slots=True)
class Scene:
    """A comparison, as much of it as is shown."""

    comparison: Comparison
    bands: Sequence[Band]
    width: int
    """Of the terminal, in columns."""
    most: int | None
    """Lines for the members of one difference; None for all of them."""
    only_differences: bool = False

    def names(self) -> Sequence[str]:
        """Name the environments that have something to tell: the baseline is what they are held against."""
        if not self.only_differences:
            return self.comparison.environments
        return [name for name in self.comparison.environments if self._is_worth_a_look(name)]

    def _is_worth_a_look(self, name: str) -> bool:
        rows = (row for band in self.bands for row in band.all_rows())
        return self.comparison.is_baseline(name) or any(mark_of(row.cells[name]).is_worth_a_look for row in rows)
