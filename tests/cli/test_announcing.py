"""What is said of how much is sent and how long it takes: before a run, and while it goes on."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from cli_runs import console_of
from envcheck.cli.jobs.probing import Probed
from envcheck.cli.jobs.progress import ProgressDisplay
from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran


@pytest.fixture
def display() -> Iterator[ProgressDisplay]:
    """A bar that counts on three requests."""
    with ProgressDisplay(3, sys.stderr) as shown:
        yield shown


def counts(display: ProgressDisplay) -> tuple[float, float | None]:
    task = display._bar.tasks[0]
    return task.completed, task.total


def test_the_bar_counts_requests(display: ProgressDisplay) -> None:
    """Each that is over, of those that are planned, samples among them as soon as they are."""
    for _ in range(2):
        display.one_more("staging")
    assert counts(display) == (2, 3)
    display.expect(14)
    assert counts(display) == (2, 17)
    assert display._bar.tasks[0].fields["latest"] == "staging"


def test_the_bar_never_counts_more_than_all(display: ProgressDisplay) -> None:
    """A request that was not planned, for one is asked again, is one more of one more."""
    for _ in range(5):
        display.one_more("staging")
    assert counts(display) == (5, 5)


def test_the_bar_is_away_while_a_line_is_written(display: ProgressDisplay) -> None:
    """Otherwise the line would begin in the middle of it; and it comes back whatever happens."""
    with display.out_of_the_way():
        assert not is_there(display)
    assert is_there(display)
    with suppress(ZeroDivisionError), display.out_of_the_way():
        raise ZeroDivisionError
    assert is_there(display)


def is_there(display: ProgressDisplay) -> bool:
    return display._bar.live.is_started


@pytest.mark.parametrize(
    ("latencies", "words"),
    [
        (1, "confirming a slow latency with 14 more requests over about 15 s"),
        (3, "confirming 3 slow latencies with 14 more requests over about 15 s"),
    ],
)
def test_what_is_confirmed_is_said_with_how_long_that_takes(latencies: int, words: str) -> None:
    """Also where there is no display."""
    console, said = console_of()
    Probed(console).confirming(latencies, 14, 15.2)
    assert said.getvalue() == f"envcheck: {words}\n"


def test_a_short_while_is_not_worth_a_line() -> None:
    """And none is said to who wants quiet."""
    console, said = console_of()
    probed = Probed(console)
    probed.sampling(14, 1.9)
    assert said.getvalue() == ""
    probed.sampling(14, 2.0)
    assert said.getvalue() == "envcheck: taking 14 samples, which takes about 2 s\n"
    console.quiet = True
    probed.sampling(14, 20.0)
    probed.confirming(1, 14, 15.0)
    assert said.getvalue().count("\n") == 1


def test_the_display_is_told_of_all_that_comes(display: ProgressDisplay) -> None:
    """Samples, a second batch and what is asked again."""
    console, said = console_of()
    probed = Probed(console, display)
    probed.sampling(14, 5.0)
    probed.confirming(2, 7, 15.0)
    probed.expect_more(2)
    probed.exchanged("staging")
    assert counts(display) == (1, 3 + 14 + 7 + 2)
    assert said.getvalue().count("\n") == 2


def test_a_run_says_what_it_sends_how_long_that_takes_and_that_it_confirms(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """Before a run the number of requests; before samples their time; before the second batch that there is one."""
    slow = good_gateway(Manner(chat_delay=Delay(0.3)))
    with serving_all([good_gateway(Manner(chat_delay=Delay(0.05))), slow]) as (one, two):
        (tmp_path / "environments.toml").write_text(
            f"""baseline = "production"
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{two.base_url}"
[compare]
confirm_over_s = 0.5
"""
        )
        ran = envcheck("run", "--no-reports", "--samples", "7")
        sent = len(one.requests) + len(two.requests)
    lines = [line.removeprefix("envcheck: ") for line in ran.stderr.splitlines()]
    assert lines[0] == "sending 32 requests to 2 environments, 7 samples of each probe among them"
    assert re.fullmatch(r"taking 28 samples, which takes about [2-9] s", lines[1])
    assert re.fullmatch(r"confirming a slow latency with 14 more requests over about [2-9] s", lines[2])
    assert re.fullmatch(rf"sent {sent} requests \(32 announced\), among them beyond the plan: .*14 to see .*", lines[3])
    assert ran.code == 3
