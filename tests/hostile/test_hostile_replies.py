"""The whole command line over gateways that send anything at all: each is a column, and costs nobody else's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gateways.server import serving
from hostile.replies import case_of
from hostile.runs import hostile_gateway, run_over

AT_ONCE: Final = 100
RUNS: Final = 2


# A run that fails names the gateways, each of which can be had by itself: there is nothing to make smaller.
@settings(max_examples=RUNS, deadline=None, database=None, phases=[Phase.generate])
@given(start=st.integers(0, 10**9))
def test_every_hostile_gateway_is_a_column_and_costs_nobody_elses(start: int) -> None:
    """Exit 0, 3 or 4; the healthy ones pass; each has a report of the right class, and the key is nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        judged = run_over(Path(folder), range(start, start + AT_ONCE))
    assert judged.faults == []
    assert judged.classes.keys() >= {"pass", "network"}


def test_aiohttps_other_parser_makes_no_difference(tmp_path: Path) -> None:
    """Where it has no compiled one it takes its own in Python; as `make fuzz` does, in a process of its own."""
    with serving(hostile_gateway()) as server:
        judged = run_over(tmp_path, range(AT_ONCE), port=server.port, parser="python")
    assert judged.faults == []


def test_a_number_always_stands_for_the_same_gateway() -> None:
    """What is printed for a number can be had again by it, on another machine too."""
    cases = [case_of(number) for number in range(50)]
    assert cases == [case_of(number) for number in range(50)]
    assert len(set(cases)) == len(cases)
