"""The event reader, held to the cases of the WHATWG text and to what its grammar allows."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.probes.events import MOST_LINES, Event, TooManyLinesError, events_of


def said(body: bytes) -> list[tuple[str, str]]:
    return [(event.kind, event.data) for event in events_of(body)]


def messages(body: bytes) -> list[str]:
    assert all(kind == "message" for kind, _ in said(body))
    return [data for _, data in said(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b"data: The first message.\n\ndata: The second message, it\ndata: has two lines.\n\ndata: The third.\n\n",
            ["The first message.", "The second message, it\nhas two lines.", "The third."],
        ),
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            ["first event", "second event", " third event"],
        ),
        (b"data\n\ndata\ndata\n\ndata:", ["", "\n"]),
        (b"data:test\n\ndata: test\n\n", ["test", "test"]),
    ],
    ids=["three messages", "several data lines", "comment, ids and blanks", "empty and unfinished", "optional blank"],
)  # fmt: skip
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "BOM"])
def test_the_specifications_own_streams_are_read_as_it_says(
    body: bytes, expected: list[str], end: bytes, mark: bytes
) -> None:
    """Its examples of section 9.2, with each of the three line ends, and with a byte order mark before them."""
    assert messages(mark + body.replace(b"\n", end)) == expected


def test_the_specifications_named_events_keep_their_names() -> None:
    """A name holds for one event, and is forgotten with it."""
    body = b"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\ndata: 1\n\n"
    assert said(body) == [("add", "73857293"), ("remove", "2153"), ("add", "113411"), ("message", "1")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"event: add\n\ndata: 1\n\n", [("message", "1")]),
        (b"event: a\nevent: b\ndata: 1\n\n", [("b", "1")]),
        (b"retry: 10\nid: 7\nunknown: x\ndata: 1\n\n", [("message", "1")]),
        (b"Data: 1\n\n", []),
        (b" data: 1\n\n", []),
        (b"data: a: b\n\n", [("message", "a: b")]),
        (b"\n\n\n:\n: x\n\n", []),
        (b"data: 1\n\xef\xbb\xbfdata: 2\n\n", [("message", "1")]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\n", []),
        (b"data: 1\r\ndata: 2\rdata: 3\n\n", [("message", "1\n2\n3")]),
        (b"data: \xff\n\n", [("message", "\ufffd")]),
        (b"data: 1\n\ndata: 2\n", [("message", "1")]),
        (b"data: 1\n\ndata: 2", [("message", "1")]),
        (b"", []),
    ],
)
def test_the_grammar_is_kept_to(body: bytes, expected: list[tuple[str, str]]) -> None:
    """What has no data, no known field or no blank line behind it is no event; names are told by case."""
    assert said(body) == expected


@pytest.mark.parametrize(
    ("body", "ends"),
    [
        (b"data: 1\n\ndata: 2\n\n", [9, 18]),
        (b"data: 1\r\n\r\ndata: 2\r\n\r\n", [10, 21]),
        (b"data: 1\r\rdata: 2\r\r", [9, 18]),
        (b"\xef\xbb\xbfdata: 1\n\n: comment\n\ndata: 2\n\n", [12, 32]),
    ],
)
def test_an_event_ends_with_the_byte_that_completes_it(body: bytes, ends: list[int]) -> None:
    """So that the piece that brought this byte is the one by which it came."""
    assert [event.ends_at for event in events_of(body)] == ends
    for event, end in zip(events_of(body), ends, strict=True):
        assert list(events_of(body[:end]))[-1] == event
        assert event not in list(events_of(body[: end - 1]))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n")), min_size=1))
def test_what_is_written_line_by_line_is_read_again(lines: list[str]) -> None:
    """Whatever the data says, as long as it has no line ends of its own."""
    body = "".join(f"data: {line}\n" for line in lines).encode() + b"\n"
    assert list(events_of(body)) == [Event("message", "\n".join(lines), len(body))]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_and_no_event_ends_past_them(body: bytes) -> None:
    """Anything at all is a stream, of as many events as it has."""
    ends = [event.ends_at for event in events_of(body)]
    assert ends == sorted(set(ends))
    assert all(0 < end <= len(body) for end in ends)


def test_a_body_of_too_many_lines_is_not_read() -> None:
    """Eight MiB may be four million of them; a hundred thousand events are still read."""
    with pytest.raises(TooManyLinesError):
        list(events_of(b"\n" * (MOST_LINES + 1)))
    assert sum(1 for _ in events_of(b"data: {}\n\n" * 100_000)) == 100_000


@pytest.mark.clock
@pytest.mark.parametrize("body", [b"data\n" * (MOST_LINES - 1) + b"\n", b"x" * (8 << 20), b":\n\n" * (MOST_LINES // 2)])
def test_no_body_takes_long(body: bytes) -> None:
    """Each byte is looked at once."""
    started = perf_counter()
    assert sum(1 for _ in events_of(body)) <= 1
    assert perf_counter() - started < 3
