"""Fitting text into columns of a terminal."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.render.terminal.layout import Lines, Room, clip, listed, packed, share_out, width_of, wrap

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


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("gpt-4o-mini-2024-07-18", ["gpt-4o-mini-", "2024-07-18"]),
        ("meta-llama/Llama-3.3", ["meta-llama/", "Llama-3.3"]),
        ("choices[].message.role", ["choices[].", "message.role"]),
        ("a:b_c:deeply-nested", ["a:b_c:deeply-", "nested"]),
        ("a-verylongpartofaname-b", ["a-verylongpar", "tofaname-b"]),
    ],
)
def test_a_long_id_is_broken_between_its_parts(name: str, lines: list[str]) -> None:
    """Behind what joins them; within a part only where that alone is too long."""
    assert wrap(name, 13) == lines


def test_words_that_belong_together_stay_together() -> None:
    """Unless they do not even fit on a line of their own."""
    lines = Lines(8)
    lines.add("a")
    lines.add_together("and 2 b")
    lines.add_together("and many more")
    assert lines.all() == ["a", "and 2 b", "and many", "more"]


def test_a_block_that_is_too_tall_says_that_it_goes_on() -> None:
    """By an ellipsis in the place of its last character."""
    assert clip(["ab", "cd"], 2) == ["ab", "cd"]
    assert clip(["ab", "cd", "ef"], 2) == ["ab", "c…"]
    assert clip(["", "x"], 1) == ["…"]


def test_a_list_is_cut_with_a_count() -> None:
    """Whole where it fits; the first item always shows, and what there is no room to say is not said."""
    ids = ["o1", "o3", "o4-mini"]
    assert listed(ids, 3, Room(16, 1)) == (["o1, o3, o4-mini"], False)
    assert listed(ids, 3, Room(15, 1)) == (["o1, o3, o4-mini"], False)
    assert listed(ids, 3, Room(14, 2)) == (["o1, o3,", "o4-mini"], False)
    assert listed(ids, 3, Room(14, 1)) == (["o1,", "… and 2 more"], True)
    assert listed(ids, 40, Room(24, 1)) == (["o1, o3, … and 38 more"], True)
    assert listed(ids, 1240, Room(40, None)) == (["o1, o3, o4-mini, … and 1,237 more"], True)


def test_a_list_has_words_before_and_behind_it() -> None:
    """They share its lines."""
    said = listed(["o1", "o3"], 2, Room(20, 3), lead="models.removed:", end="(known since May)")
    assert said == (["models.removed: o1,", "o3 (known since May)"], False)


def test_a_long_list_is_not_read_to_its_end() -> None:
    """There may be thousands of items that nobody will see."""
    asked: list[int] = []

    def items() -> Iterator[str]:
        for number in range(5000):
            asked.append(number)
            yield f"model-{number}"

    assert listed(items(), 5000, Room(60, 1)).lines[0].endswith("more")
    assert len(asked) < 10


@given(
    st.lists(st.text("ab 模-", max_size=12), min_size=1, max_size=8),
    st.integers(0, 100),
    st.integers(24, 90),
    st.integers(1, 3),
)
def test_a_list_fits_its_room_and_counts_what_it_leaves_out(items: list[str], more: int, width: int, most: int) -> None:
    """Where the first item leaves any; shown and counted are together all there are."""
    said = listed(iter(items), len(items) + more, Room(width, most))
    assert max(map(width_of, said.lines)) <= width
    assert len(said.lines) <= most + 1
    tail = re.search(r"… and (\d+) more$", " ".join(said.lines))
    assert said.is_cut == (tail is not None)
    left_out = int(tail[1]) if tail else 0
    shown = len(items) + more - left_out
    assert 1 <= shown <= len(items)
    assert "".join("".join(items[:shown]).split()) == "".join(
        " ".join(said.lines).partition(" … and")[0].replace(",", "").split()
    )


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
