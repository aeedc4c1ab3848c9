"""The library's comparison of saved evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envcheck import api
from envcheck.comparison import CellState
from envcheck.demo.sample import sample_evidences

if TYPE_CHECKING:
    from collections.abc import Sequence


def latencies(run_ids: Sequence[str]) -> set[CellState]:
    """Give what is said of the candidates' latencies where the records are of these runs."""
    records = [each.model_copy(update={"run_id": one}) for each, one in zip(sample_evidences(), run_ids, strict=False)]
    comparison = api.compare(records)
    rows = [row for row in comparison.rows if row.field == "latency"]
    return {row.cells[name].state for row in rows for name in comparison.environments[1:]}


def test_latencies_are_judged_only_where_they_were_taken_side_by_side() -> None:
    """Of different runs a slower one proves nothing of the gateway."""
    number = len(sample_evidences())
    assert CellState.INCOMPARABLE not in latencies(["0" * 16] * number)
    assert latencies([f"{place:016x}" for place in range(number)]) <= {CellState.INCOMPARABLE, CellState.ERROR}
