"""What is told of a run to whoever hears of it only when something changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from comparing import compared
from evidences import WHEN, chat, evidence, failed, models, skipped
from hypothesis import given, settings
from hypothesis import strategies as st
from known_pasts import past_from

from envcheck.compare import compare
from envcheck.compare.news import known_from, news_of
from envcheck.compare.nightly_outages import down_in
from envcheck.comparison import FindingState
from envcheck.comparison.news import News, key_of
from envcheck.policy import Accept, Policy
from envcheck.rules import PROBE_FAILED, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from envcheck.comparison import Comparison, Finding
    from envcheck.comparison.news import Changing
    from envcheck.evidence import Check, Evidence

USUAL = (models("a", "b"), chat())
LACKS_B = (models("a"), chat())
DOWN = (failed("models", "network"), skipped("chat"))
CHAT_DOWN = (models("a", "b"), failed("chat", "upstream_or_gateway", status=502))
FIRST_DAY = WHEN.date()


def nights(
    *checks: Mapping[str, Sequence[Check]], remind_days: int | None = 7, policy: Policy | None = None
) -> list[tuple[Comparison, News]]:
    """Run a night for each, one a day, each held against the one before; what is given is beside a usual production."""
    runs: list[Comparison] = []
    told = []
    for number, of_one in enumerate(checks):
        moment = WHEN + timedelta(days=number)
        records = [evidence(name, *its) for name, its in {"production": USUAL, **of_one}.items()]
        run = compare(
            records,
            baseline="production",
            policy=policy or Policy(),
            generated_at=moment,
            today=moment.date(),
            earlier=runs[-1] if runs else None,
        )
        told.append((run, news_of(run, past_from(runs), today=moment.date(), remind_days=remind_days)))
        runs.append(run)
    return told


def staging(*checks: Sequence[Check], remind_days: int | None = 7) -> list[News]:
    """Give what is told of nights that differ in staging alone."""
    return [news for _, news in nights(*({"staging": each} for each in checks), remind_days=remind_days)]


def about(news: News) -> list[str]:
    """Name the parts of the news that say something."""
    parts = ("found", "new", "graver", "gone", "begun", "settled", "outages", "over", "joined", "left", "due")
    return [part for part in parts if getattr(news, part)]


def test_a_difference_is_told_when_it_comes_and_when_it_goes() -> None:
    """And not on the nights between; the first night tells all there is, whatever it is."""
    told = staging(USUAL, LACKS_B, LACKS_B, LACKS_B, USUAL, USUAL)
    assert [about(each) for each in told] == [[], ["new"], [], [], ["gone"], []]
    assert [each.is_silent for each in told] == [False, False, True, True, False, True]
    assert [each.since for each in told[:2]] == [None, FIRST_DAY]
    (standing,) = told[3].standing
    assert (standing.value, standing.first_seen) == ("b", FIRST_DAY + timedelta(days=1))
    assert about(staging(LACKS_B)[0]) == ["found"]


@pytest.mark.parametrize(("remind_days", "on"), [(7, [7, 14]), (2, [2, 4, 6, 8, 10, 12, 14]), (None, [])])
def test_what_stands_is_told_again_after_each_period(remind_days: int | None, on: list[int]) -> None:
    """Counted from the day on which it was first seen."""
    told = staging(USUAL, *[LACKS_B] * 16, remind_days=remind_days)
    assert [number - 1 for number, each in enumerate(told) if each.due] == on
    assert all(each.is_silent != bool(each.due) for each in told[2:])


def test_a_reminder_waits_for_a_night_that_can_tell() -> None:
    """On the night on which it is due the baseline is down, so nobody knows; the next night that does tells it."""
    checks = [{"staging": LACKS_B} for _ in range(11)]
    checks[0] = {"staging": USUAL}
    checks[8] = {"production": DOWN, "staging": LACKS_B}
    told = [news for _, news in nights(*checks)]
    assert [number for number, each in enumerate(told) if each.due] == [9]


def test_an_outage_is_told_every_night_and_its_end_once() -> None:
    """With the day on which it began and the number of nights; what it hides is neither new nor gone."""
    told = staging(LACKS_B, DOWN, DOWN, DOWN, LACKS_B, LACKS_B)
    assert [about(each) for each in told] == [["found"], *[["outages"]] * 3, ["over"], []]
    (last,) = told[3].outages
    assert (last.since, last.nights, last.is_whole) == (FIRST_DAY + timedelta(days=1), 3, True)
    assert last.failed == (("models", "network"),)
    (end,) = told[4].over
    assert (end.environment, end.since, end.nights) == ("staging", last.since, 3)


def test_an_outage_that_changes_its_cause_is_one() -> None:
    """A gateway that refuses connections and then times out was down since the first of these nights."""
    slow = (failed("models", "timeout"), skipped("chat"))
    told = staging(USUAL, DOWN, slow, USUAL)
    assert [about(each) for each in told[1:]] == [["outages"], ["outages"], ["over"]]
    assert [(each.since, each.nights) for each in told[2].outages] == [(FIRST_DAY + timedelta(days=1), 2)]


def test_a_probe_that_fails_by_what_may_pass_is_an_outage_of_it() -> None:
    """The list of models answers, and the model behind it does not."""
    (outage,) = staging(USUAL, CHAT_DOWN)[1].outages
    assert (outage.is_whole, outage.failed) == (False, (("chat", "upstream_or_gateway"),))


def test_a_probe_that_fails_for_good_is_a_finding_like_others() -> None:
    """A route that is not there is told when it is new and not every night."""
    broken = (models("a", "b"), failed("chat", "base_url_or_route", status=404))
    assert [about(each) for each in staging(USUAL, broken, broken, USUAL)[1:]] == [["new"], [], ["gone"]]


def test_what_begins_to_count_or_to_be_graver_is_told_once() -> None:
    """As when the file says so, or the last days of a certificate begin; what matters less is not."""
    more = (models("a", "b", "c"), chat())
    by_night = ["info", "info", "warn", "warn", "err", "err", "warn", "warn"]
    runs: list[Comparison] = []
    told = []
    for number, severity in enumerate(by_night):
        moment = WHEN + timedelta(days=number)
        run = compare(
            [evidence("production", *USUAL), evidence("staging", *more)],
            baseline="production",
            policy=Policy(severity={"models.added": Severity(severity)}),
            generated_at=moment,
            today=moment.date(),
            earlier=runs[-1] if runs else None,
        )
        told.append(news_of(run, past_from(runs), today=moment.date(), remind_days=None))
        one = [known_from(runs[-1], FIRST_DAY)] if runs else []
        assert [news_of(run, each, today=moment.date(), remind_days=None).graver for each in one] == [
            told[-1].graver for _ in one
        ]
        runs.append(run)
    assert [about(each) for each in told] == [["found"], [], ["graver"], [], ["graver"], [], [], []]
    counts = runs[1].model_copy(
        update={"findings": tuple(each.model_copy(update={"counted": True}) for each in runs[1].findings)}
    )
    news = news_of(counts, past_from(runs[:1]), today=FIRST_DAY, remind_days=None)
    assert (about(news), news.standing) == (["graver"], ())


def test_an_environment_whose_key_is_missing_does_not_answer_again() -> None:
    """Nothing was asked of it, so nobody knows; that its key is missing is news."""
    keyless = (failed("models", "missing_key"), skipped("chat"))
    told = staging(USUAL, DOWN, keyless, USUAL)
    assert [about(each) for each in told[1:]] == [["outages"], ["new"], ["gone"]]


def test_a_probe_that_was_not_asked_has_not_recovered() -> None:
    """What is known of it is that it failed; the night that asks again tells."""
    told = staging(USUAL, CHAT_DOWN, USUAL[:1], CHAT_DOWN)
    assert [about(each) for each in told] == [[], ["outages"], [], ["outages"]]


def test_an_outage_that_is_accepted_is_not_told() -> None:
    """Neither while it lasts nor when it ends."""
    policy = Policy(accept=(Accept(rule=PROBE_FAILED.name, environment="staging", reason="being rebuilt"),))
    told = nights(*({"staging": each} for each in (USUAL, DOWN, DOWN)), policy=policy)
    assert [about(news) for _, news in told[1:]] == [[], []]


def test_a_baseline_that_is_down_is_an_outage_and_inconclusive() -> None:
    """Such a run is never silent, and of the others nothing is new or gone."""
    told = [news for _, news in nights({"staging": LACKS_B}, {"production": DOWN, "staging": LACKS_B})]
    assert (about(told[1]), told[1].is_conclusive) == (["outages"], False)


def test_what_comes_and_goes_is_told_once_and_when_it_settles() -> None:
    """Three changes within seven runs say it; from then on it is silent until fewer are left in seven runs."""
    told = staging(USUAL, LACKS_B, USUAL, *[LACKS_B, USUAL] * 3, *[USUAL] * 5)
    assert [about(each) for each in told] == [[], ["new"], ["gone"], ["begun"], *[[]] * 9, ["settled"]]
    (settled,) = told[-1].settled
    assert (settled.environment, settled.value, settled.is_there) == ("staging", "b", False)


def test_an_outage_that_comes_and_goes_is_told_on_the_nights_of_it() -> None:
    """Its ends are not, until it has settled."""
    told = staging(USUAL, DOWN, USUAL, DOWN, USUAL, DOWN, *[USUAL] * 6)
    assert [about(each) for each in told[:6]] == [[], ["outages"], ["over"], ["outages"], [], ["outages"]]
    assert [each.comes_and_goes for night in (1, 3, 5) for each in told[night].outages] == [False, True, True]
    assert [about(each) for each in told[6:]] == [[], [], [], [], [], ["over"]]
    assert [each.since for each in told[11].over] == [None]


def test_an_outage_lasts_as_many_nights_as_days() -> None:
    """A run by hand on the same day makes it no night longer."""
    (first, _), (second, _) = nights({"staging": DOWN}, {"staging": DOWN})
    again = news_of(second, past_from([first, second]), today=second.generated_at.date(), remind_days=7)
    assert [each.nights for each in again.outages] == [2]


@pytest.mark.parametrize(
    "part",
    ["found", "new", "graver", "gone", "begun", "settled", "outages", "over", "joined", "left", "due", "standing"],
)
def test_any_news_is_told(part: str) -> None:
    """But for what merely stands; a run that is inconclusive is told, and one that is the first."""
    said: dict[str, Any] = {part: ("something",)}
    assert replace(News(FIRST_DAY), **said).is_silent == (part == "standing")
    assert News(FIRST_DAY).is_silent
    assert not News(FIRST_DAY, is_conclusive=False).is_silent
    assert not News(None).is_silent


def of_production(*ids: str) -> list[News]:
    """Give what is told of nights on which production lists these models, a letter each, and there is no other."""
    runs: list[Comparison] = []
    told = []
    before: list[Evidence] = []
    for number, listed in enumerate(ids):
        moment = WHEN + timedelta(days=number)
        record = evidence("production", models(*listed), chat())
        run = compared(record, today=moment.date(), earlier=runs[-1] if runs else None, seen_before=before)
        told.append(news_of(run, past_from(runs), today=moment.date(), remind_days=7))
        runs.append(run.model_copy(update={"generated_at": moment}))
        before = [record]
    return told


def test_a_model_that_production_loses_and_finds_comes_and_goes() -> None:
    """Three models that are lost on three nights are three news; one that is lost, found and lost again is restless."""
    assert [about(each) for each in of_production("abcd", "abc", "ab", "a", "a")] == [[], *[["new"]] * 3, []]
    assert [about(each) for each in of_production("ab", "a", "ab", "a", "ab", "ab")] == [
        [], ["new"], ["new"], ["begun"], [], []
    ]  # fmt: skip


def test_environments_that_join_or_leave_are_told_once() -> None:
    """One that is renamed does both."""
    told = [news for _, news in nights({"eu": USUAL}, {"europe": USUAL}, {"europe": USUAL})]
    assert [(each.joined, each.left) for each in told] == [((), ()), (("europe",), ("eu",)), ((), ())]


def test_what_could_not_be_decided_is_no_news_unless_it_counts() -> None:
    """Two redacted names that look alike come and go with what can be told."""
    hidden = (models("[redacted]"), chat())
    for counts in (False, True):
        told = nights(
            {"staging": USUAL}, {"production": hidden, "staging": hidden}, policy=Policy(fail_on_undecided=counts)
        )
        assert any(each.is_undecided for each in told[1][0].findings)
        assert any(each.is_undecided for each in told[1][1].new) == counts


def test_one_earlier_comparison_says_what_is_new_and_since_when_the_rest_stands() -> None:
    """Without a history: the outage's first day is that of its finding, and nothing comes and goes."""
    runs = [run for run, _ in nights(*({"staging": each} for each in (LACKS_B, DOWN, DOWN)))]
    day = FIRST_DAY + timedelta(days=2)
    past = known_from(runs[-1], day)
    assert past.last == {"production": day, "staging": day}
    assert past.lately["staging"].since == FIRST_DAY + timedelta(days=1)
    assert (past.lately["production"].was_down, past.changing) == ((False,), {})
    news = news_of(runs[-1], past, today=day + timedelta(days=1), remind_days=7)
    assert (about(news), news.outages[0].since) == (["outages"], FIRST_DAY + timedelta(days=1))
    seen = known_from(runs[0], FIRST_DAY).seen
    assert seen == {key_of(each): FIRST_DAY for each in runs[0].findings}


STATES: Final = {
    "usual": USUAL,
    "lacks b": LACKS_B,
    "has c, lacks usage": (models("a", "b", "c"), chat(usage=None)),
    "down": DOWN,
    "chat down": CHAT_DOWN,
}
_STATES = st.sampled_from([*STATES])


def what(each: Finding | Changing) -> tuple[str, str, str | None]:
    return each.environment, each.rule, each.value


@settings(max_examples=25)
@given(
    st.lists(st.fixed_dictionaries({"staging": _STATES, "eu": _STATES}), min_size=2, max_size=14),
    st.sampled_from([1, 3, 7]),
)
def test_nothing_is_untold_and_nothing_is_told_twice(drawn: list[dict[str, str]], remind_days: int) -> None:
    """Whatever comes and goes: what counts is told when it is new, and silence means that nothing came or went."""
    checks = [{name: STATES[state] for name, state in each.items()} for each in drawn]
    told_on: dict[object, date] = {}
    restless: set[object] = set()
    for run, news in nights(*checks, remind_days=remind_days):
        day = run.generated_at.date()
        down = {each.environment for each in news.outages}
        assert down == set(down_in(run))
        restless = (restless | {what(each) for each in news.begun}) - {what(each) for each in news.settled}
        told = [what(each) for each in (*news.found, *news.new, *news.due)]
        told += [what(each) for each in news.settled]
        keys = [*told, *(what(each) for each in (*news.gone, *news.standing)), *(what(each) for each in news.begun)]
        assert len(keys) == len(set(keys))
        told_on |= dict.fromkeys(told, day)
        for each in run.findings:
            if each.rule == PROBE_FAILED.name:
                assert each.environment in down or each.state is FindingState.ABSENT
            else:
                assert what(each) in {*keys, *restless}
        for each in news.standing:
            assert (day - told_on[what(each)]).days > 0
        if news.is_silent:
            changed = [each for each in run.findings if each.state in {FindingState.NEW, FindingState.ABSENT}]
            assert {what(each) for each in changed if each.rule != PROBE_FAILED.name} <= restless


@settings(max_examples=15)
@given(st.lists(_STATES, min_size=9, max_size=18))
def test_what_stands_every_night_is_told_within_a_period(drawn: list[str]) -> None:
    """No difference stands for longer than the period without being told, where each night could tell of it."""
    told_on: dict[object, date] = {}
    for run, news in nights(*({"staging": STATES[state]} for state in drawn), remind_days=3):
        day = run.generated_at.date()
        told_on |= {what(each): day for each in (*news.found, *news.new, *news.due)}
        told_on |= {what(each): day for each in (*news.begun, *news.settled)}
        if "staging" in {each.environment for each in news.outages}:
            told_on = dict.fromkeys(told_on, day)  # it begins anew, for the night could not tell
        assert all((day - told_on[what(each)]).days < 3 for each in news.standing)
