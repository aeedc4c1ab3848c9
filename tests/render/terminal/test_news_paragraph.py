"""The paragraph that stands above a run in a mail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import TODAY, chat, evidence, models

from envcheck.comparison import FindingState
from envcheck.comparison.news import Changing, News, Outage
from envcheck.render.terminal.news import paragraph

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from envcheck.comparison import Finding

USUAL = (models("a", "b"), chat())
BEFORE = TODAY - timedelta(days=10)
RUN = compared(
    evidence("production", *USUAL),
    evidence("staging", models("a", "c"), chat(usage=None, answered="gpt-4o-mini")),
    evidence("eu", models("a"), chat()),
    seen_before=[evidence("production", models("a", "b", "o3"), chat(answered="gpt-4o-2024"))],
)


def found(*rules: str, state: FindingState = FindingState.NEW, runs: int | None = None) -> tuple[Finding, ...]:
    """Give what the run found by these rules."""
    as_told = {"state": state, "runs": runs, "first_seen": BEFORE}
    return tuple(each.model_copy(update=as_told) for each in RUN.findings if each.rule in rules)


MODEL = Changing("staging", "models.removed", "models.model_ids", "o3", (0, 1, 3), is_there=True)
NIGHTS = {
    "first": News(None, found=found("models.removed", state=FindingState.OPEN)),
    "new and gone": News(
        BEFORE,
        new=found("models.removed", "chat.model_answered"),
        gone=found("models.added", "chat.usage", state=FindingState.ABSENT),
        standing=found("chat.usage", state=FindingState.UNCHANGED, runs=5),
    ),
    "outages": News(
        BEFORE,
        outages=(
            Outage("staging", TODAY, 1, (("models", "network"),)),
            Outage("eu", BEFORE, 3, (("chat", "timeout"), ("stream", "timeout")), is_whole=False, comes_and_goes=True),
        ),
        over=(Outage("canary", BEFORE, 4), Outage("asia", None, 0)),
        is_conclusive=False,
    ),
    "comes and goes": News(
        BEFORE,
        begun=(MODEL, Changing("eu", "chat.usage", "chat.usage_fields", None, (0, 1, 3), is_there=False)),
        settled=(MODEL, MODEL._replace(is_there=False)),
    ),
    "environments": News(BEFORE, joined=("europe", "asia"), left=("eu",)),
    "told again": News(BEFORE, due=found("models.removed", state=FindingState.UNCHANGED, runs=1)),
    "matters more": News(BEFORE, graver=found("models.added", state=FindingState.UNCHANGED, runs=4)),
    "many": News(BEFORE, joined=tuple(f"region-{number}" for number in range(9))),
}


@pytest.mark.parametrize("night", NIGHTS)
def test_what_is_told(night: str, snapshot: SnapshotAssertion) -> None:
    """A line for each kind of news: what is down first, what is new and gone, since when the rest stands."""
    assert paragraph(NIGHTS[night], RUN, width=100) == snapshot


@pytest.mark.parametrize(
    ("named", "unnamed", "said"),
    [
        (2, 20, "m0, m1, 20 that are not named"),
        (3, 1, "m0, m1, m2, … and 1 more"),
        (4, 0, "m0, m1, m2, m3"),
        (200, 9800, "m0, m1, m2, … and 9,997 more"),
    ],
)
def test_members_without_a_name_are_counted(named: int, unnamed: int, said: str) -> None:
    """They are as many as they are, however few are named."""
    (one,) = (each for each in found("models.added") if each.environment == "staging")
    members = [one.model_copy(update={"actual": f"m{number}"}) for number in range(named)]
    rest = [one.model_copy(update={"actual": None, "unnamed": unnamed})] if unnamed else []
    told = paragraph(News(BEFORE, new=(*members, *rest)), RUN, width=200)
    assert told == f"New since the last run ({BEFORE.isoformat()}): staging also has {said}.\n"


def test_no_line_is_wider_than_the_terminal_and_nothing_moves_it() -> None:
    """A name that somebody chose is made harmless, as everywhere."""
    sneaky = MODEL._replace(value="\x1b[2Jo3\nenvcheck: fine")
    told = paragraph(News(date(2026, 3, 1), begun=(sneaky,) * 4), RUN, width=60)
    assert "\x1b" not in told
    assert "\nenvcheck" not in told
    assert max(map(len, told.splitlines())) <= 60
