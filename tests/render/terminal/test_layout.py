"""Fitting text into columns of a terminal."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from envcheck.render.terminal.layout import clip, listed, packed, share_out, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_width_is_counted_in_columns() -> None:
    """What is wide takes two, what stands on another takes none."""
    assert [width_of(text) for text in ("abc", "模型", "e\u0301")] == [3, 4, 1]


@given(st.text("ab-模 ", max_size=60), st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    """Only blanks may go."""
    lines = wrap(text, width)
    assert lines
    assert max(map(width_of, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_words_stay_whole_where_they_can() -> None:
    """A word that is longer than a line is broken, no other."""
    assert wrap("one two abcdefghij x", 6) == ["one", "two", "abcdef", "ghij x"]


def test_a_block_that_is_too_tall_says_that_it_goes_on() -> None:
    """By an ellipsis in the place of its last character."""
    assert clip(["ab", "cd"], 2) == ["ab", "cd"]
    assert clip(["ab", "cd", "ef"], 2) == ["ab", "c…"]
    assert clip(["", "x"], 1) == ["…"]


def test_a_list_is_cut_with_a_count() -> None:
    """Whole where it fits, tail included; the first item always shows."""
    assert listed(["o1", "o3"], 2, 6) == "o1, o3"
    assert listed(["o1", "o3"], 2, 5) == "o1, … and 1 more"
    assert listed(["o1", "o3", "o4"], 40, 20) == "o1, … and 39 more"
    assert listed(["o1", "o3", "o4"], 40, 80) == "o1, o3, o4, … and 37 more"


def test_a_long_list_is_not_read_to_its_end() -> None:
    """There may be thousands of items that nobody will see."""
    asked: list[int] = []

    def items() -> Iterator[str]:
        for number in range(5000):
            asked.append(number)
            yield f"model-{number}"

    assert listed(items(), 5000, 60).endswith("more")
    assert len(asked) < 10


@given(st.lists(st.text("ab 模", max_size=12), max_size=8), st.integers(1, 100), st.integers(30, 90))
def test_a_list_fits_its_room(items: list[str], more: int, room: int) -> None:
    """Where the first item and the count leave any."""
    shown = listed(iter(items), len(items) + more, room)
    assert not items or width_of(shown) <= room + 24


def test_items_share_lines_where_they_fit() -> None:
    """None of them is broken."""
    assert packed(["ab", "cd", "efgh"], 7) == ["ab   cd", "efgh"]
    assert packed([], 7) == []


@given(st.lists(st.integers(1, 80), min_size=1, max_size=8), st.integers(8, 200))
def test_room_is_taken_from_the_widest_first(wanted: list[int], room: int) -> None:
    """Each gets what it wants, or an equal part, whichever is less; none of the room is lost."""
    widths = share_out(wanted, room)
    assert all(1 <= width <= want for width, want in zip(widths, wanted, strict=True))
    assert sum(widths) == min(sum(wanted), max(room, len(wanted))) or sum(widths) <= room
    cut = [width for width, want in zip(widths, wanted, strict=True) if width < want]
    assert not cut or max(islice(sorted(widths, reverse=True), 1)) <= min(cut) + len(widths)
