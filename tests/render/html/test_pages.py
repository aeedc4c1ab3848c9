"""The pages as text: what they hold, in which order, and what they make of a gateway that means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from html_pages import HOSTILE, Parsed, comparison_of, every_page, four, hostile
from jinja2 import UndefinedError
from pasts import day, days, levels, sixty_nights
from pasts import latency as latency_of
from render_samples import four_environments, four_evidences

from envcheck.comparison import Result
from envcheck.past import EnvironmentPast, NightOutcome, Past
from envcheck.render.html import html_files, latency, nights
from envcheck.render.html.axis import Axis
from envcheck.render.html.pages import comparison_page
from envcheck.render.html.past import nights_of, past_page
from envcheck.render.html.templating import page
from envcheck.render.verdict import verdict

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "h1", "h2", "h3"),
    *("p", "a", "span", "strong", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("svg", "desc", "path", "text", "rect"),
}


@pytest.mark.parametrize(("name", "text"), every_page().items(), ids=lambda each: each if len(each) < 40 else "")
def test_a_page_is_one_file_without_a_script(name: str, text: str) -> None:
    """Its policy stands in it, its tags are those of the templates, and nothing in it names another file."""
    parsed = Parsed(text)
    policies = [tag["content"] for tag in parsed.of("meta") if tag.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [POLICY], name
    assert {tag for tag, _ in parsed.tags} <= ALLOWED
    attributes = [(key, value) for _, each in parsed.tags for key, value in each.items()]
    assert not [key for key, _ in attributes if key.startswith("on") or key == "src"]
    assert {value for key, value in attributes if key == "href"} == {"#main"}
    assert all(tag.get("scope") in {"col", "row"} for tag in parsed.of("th"))
    ids = [value for key, value in attributes if key == "id"]
    assert len(ids) == len(set(ids))


def test_the_order_is_that_of_a_reader_in_a_hurry() -> None:
    """The verdict first, what was left out last; a history between the latency and the capabilities."""
    text = comparison_page(four_environments(), four_evidences(), nights_of(sixty_nights()))
    marks = (
        'class="verdict',
        'id="matrix"',
        'id="failed"',
        'id="findings"',
        'id="latency"',
        'id="nights"',
        'id="safety"',
    )
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert verdict(four_environments()) in Parsed(text).said


def test_every_state_has_a_shape_and_a_word() -> None:
    """Colour alone tells nobody."""
    said = Parsed(four()["comparison.html"]).said
    for shape_and_word in ("≠ differs", "✗ failed", "~ noisy", "+ added", "- missing", "≈ accepted", "· not probed"):
        assert shape_and_word in said


def test_what_failed_says_what_to_check_first() -> None:
    """The advice stands beside each class."""
    assert "Check first: From this machine, check the host name" in Parsed(four()["comparison.html"]).said


def test_what_a_server_wrote_is_text() -> None:
    """It reads as it was written, but for what steers the eye, and is never markup."""
    said = Parsed(hostile()["comparison.html"]).said + Parsed(hostile()["staging.html"]).said
    for text in HOSTILE[:5]:
        assert text in said
    assert "gpt\ufffdgnp\ufffd[31m" in said
    assert "\u202e" not in said
    assert "\x1b" not in said


def test_many_environments_are_rows_and_few_are_columns() -> None:
    """A page scrolls down."""
    assert '<th scope="col">fact</th><th scope="col">production' in comparison_of(6)
    assert '<th scope="col">environment</th><th scope="col">models.outcome' in comparison_of(7)


def test_two_hundred_environments_are_less_than_two_mebibytes() -> None:
    """A page that is mailed should arrive."""
    assert len(comparison_of(200).encode()) < 2 * 1024 * 1024


def test_a_name_that_nobody_gave_is_a_mistake() -> None:
    """Not an empty place in the page."""
    with pytest.raises(UndefinedError, match="undefined"):
        page("record.html", title="", status=("same", "", ""), cautions=[], when="", version="")


def test_an_axis_ends_at_a_round_number_past_the_largest() -> None:
    """Its ticks begin at nothing, and the largest value lies on it."""
    axis = Axis.over([31, 604.2], 100, 500)
    assert [(tick.at, tick.value) for tick in axis.ticks()] == [
        (100, 0),
        (225, 200),
        (350, 400),
        (475, 600),
        (600, 800),
    ]
    assert axis.at(400) == 350
    assert Axis.over([], 0, 10).end_ms == 1
    assert Axis.over([500], 0, 10).end_ms == 500


def test_each_sample_is_a_dot_and_half_of_them_are_in_the_box() -> None:
    """On one axis for all environments of a measure."""
    samples = latency.Samples("staging", (10, 20, 30, 40, 50))
    assert list(samples.quartiles) == [20, 30, 40]
    assert samples.numbers == ["5", "30 ms", "20 ms", "40 ms", "10 ms", "50 ms"]
    assert list(latency.Samples("staging", (7,)).quartiles) == [7, 7, 7]
    models = latency.plots_of(four_evidences())[0]
    assert [strip.dots.count("M") for strip in models.strips] == [len(each.values) for each in models.samples]
    assert models.title == "models.latency"
    assert all(strip.box_x <= strip.median_x <= strip.box_x + strip.box_width for strip in models.strips)


def test_both_batches_are_drawn() -> None:
    """Slow is sampled twice, and the second batch is no less a sample."""
    chats = latency.plots_of(four_evidences())[1]
    assert [len(each.values) for each in chats.samples] == [10, 10]


def test_no_cell_says_one_word_twice() -> None:
    """A set that is gone is missing, and not missing missing."""
    assert "missing missing" not in Parsed(four()["comparison.html"]).said


def test_nights_without_samples_leave_a_gap_and_a_change_is_marked() -> None:
    """A gap is not a zero."""
    past = nights_of(sixty_nights())
    drawn = nights.curve(past.days, past.series[1])
    assert drawn.line.count("M") == 2
    assert drawn.dots.count("M") == 58
    assert [changed for _, changed in drawn.changes] == [day(51)]
    assert "It changed on 2026-11-18." in drawn.said
    assert drawn.numbers[9] == (day(9), "no samples")


def test_a_strip_says_in_words_what_its_squares_show() -> None:
    """For who does not see them: how many of each, and from when to when."""
    said = Parsed(past_page(sixty_nights())).said
    assert "same: 15, differs: 15, failed: 15, no run: 15" in said
    assert "production 2026-09-28 2026-11-26 60 same" in said
    assert "staging 2026-09-29 2026-09-29 1 differs" in said


def test_each_night_is_a_square_with_the_shape_of_how_it_came_out() -> None:
    """At its place, in one path for all that came out alike; a night without a run is an empty one."""
    same, differs, none = NightOutcome.SAME, NightOutcome.DIFFERS, NightOutcome.NO_RUN
    drawn = {each.kind: each for each in nights.squares([same, none, differs, same])}
    assert drawn["same"].boxes == "M1 1h12v12h-12zM43 1h12v12h-12z"
    assert drawn["same"].signs.count("M") == 2
    assert drawn["differs"].boxes == "M29 1h12v12h-12z"
    assert (drawn["none"].boxes, drawn["none"].signs) == ("M15 1h12v12h-12z", "")
    assert list(drawn) == ["same", "differs", "none"]


def test_of_very_many_nights_the_numbers_are_those_of_weeks() -> None:
    """A table of four hundred rows is read by nobody; a night between two gaps is still seen."""
    medians: list[float | None] = [*levels((100, 240)), None, 240.0, None]
    series = nights.NightlySeries("staging", "chat.latency", medians)
    few = nights.curve(days(90), nights.NightlySeries("staging", "chat.latency", medians[:90]))
    many = nights.curve(days(103), series)
    assert (few.of_each, len(few.numbers), few.dots.count("M")) == ("night", 90, 90)
    assert (many.of_each, len(many.numbers), many.dots.count("M")) == ("week from", 15, 1)
    assert many.line.count("M") == 2


def test_many_nights_of_many_environments_are_less_than_two_mebibytes() -> None:
    """As a page of two hundred environments is."""
    steady = latency_of("e", [240.0] * 400)
    of_one = [
        EnvironmentPast(f"e{number}", (NightOutcome.SAME,) * 400, latencies=(steady,) * 2) for number in range(40)
    ]
    page = past_page(Past(days(400), tuple(of_one)))
    assert len(page.encode()) < 2 * 1024 * 1024


def test_the_page_of_many_nights_tells_what_changed_and_what_failed() -> None:
    """As the command does, in tables; where nothing did there is none."""
    past = sixty_nights()
    said = Parsed(past_page(past)).said
    assert "staging 2026-10-01 models.model_ids -o3 +o4 +o4-mini" in said
    assert "staging 2026-10-07 to 2026-10-08 2 nights timeout chat" in said
    steady = Parsed(past_page(replace(past, environments=past.environments[:1]))).said
    assert "What changed" not in steady
    assert "What failed" not in steady


def test_a_run_with_a_past_shows_its_nights() -> None:
    """The strip and the latency over time stand on the page of the comparison, and nowhere without a history."""
    with_past = dict(html_files(Result(four_evidences(), four_environments(), sixty_nights())))["comparison.html"]
    assert 'id="nights"' in with_past
    assert 'id="nights"' not in four()["comparison.html"]


def test_a_series_without_a_night_among_those_shown_is_left_out() -> None:
    """Its nights were before the first one shown, and an empty drawing says nothing."""
    past = sixty_nights()
    late = replace(past, days=tuple(day(number) for number in range(60, 120)))
    assert nights_of(late).series == []


def test_nights_that_do_not_line_up_are_refused() -> None:
    """A square would stand under the wrong day."""
    with pytest.raises(ValueError, match="every day"):
        nights.Nights([date(2026, 1, 1)], {"production": []})


def test_a_series_of_nothing_is_refused() -> None:
    """There would be nothing to draw."""
    with pytest.raises(ValueError, match="at least one night"):
        nights.NightlySeries("staging", "chat.latency", [None])
