"""A series in one line of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.render.sparkline import BLOCKS, CHANGE, GAP, sparkline


@pytest.mark.parametrize(
    ("values", "changed", "line"),
    [
        ([], (), ""),
        ([None, None], (), "  "),
        ([100, 200, 300, 400, 500, 600, 700, 800], (), "▁▂▃▅▆▇██"),
        ([240, 240, None, 298, 298], (3,), "▁▁ │██"),
        ([240, 242, 238, 241], (), "▁▁▁▁"),
        ([240, 9000, 240, 298], (), "▁█▁▃"),
        ([0, 0], (), "▁▁"),
    ],
)
def test_a_series_as_a_line(values: list[float | None], changed: tuple[int, ...], line: str) -> None:
    """Gaps are spaces, a change is a stroke, noise is flat, and one outlier leaves room for the rest."""
    assert sparkline(values, changed) == line


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9))), st.sets(st.integers(0, 40)))
def test_any_series_has_a_character_for_each_number(values: list[float | None], changed: set[int]) -> None:
    """And one more for each change; what is larger is never drawn lower."""
    line = sparkline(values, changed)
    drawn = line.replace(CHANGE, "")
    assert len(drawn) == len(values)
    assert line.count(CHANGE) == sum(place < len(values) for place in changed)
    assert [each == GAP for each in drawn] == [value is None for value in values]
    known = ((value, each) for value, each in zip(values, drawn, strict=True) if value is not None)
    heights = sorted((value, BLOCKS.index(each)) for value, each in known)
    assert [height for _, height in heights] == sorted(height for _, height in heights)
