from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import cell, compared, states, whys
from evidences import TODAY, WHEN, chat, evidence, timed
from scipy.stats import mannwhitneyu

from envcheck.compare import compare_runs, suspects
from envcheck.comparison import CellState, DurationValue
from envcheck.evidence import Latency, Measured
from envcheck.judge.columns import Against, Column
from envcheck.judge.context import Chance, Context
from envcheck.judge.duration import Duration, samples_to_tell
from envcheck.judge.stats import smallest_p
from envcheck.model import Connection
from envcheck.policy import Policy
from envcheck.rules import Severity

if TYPE_CHECKING:
    from comparing import How

    from envcheck.comparison import Comparison

FAST_MS = (230.0, 240.0, 250.0, 236.0, 244.0)
SLOW_MS = (600.0, 610.0, 620.0, 606.0, 614.0)
FAST = timed(*FAST_MS, again_ms=FAST_MS)
SLOW = timed(*SLOW_MS, again_ms=SLOW_MS)
SLOW_ONCE = timed(*SLOW_MS)


def held(*latencies: Latency, samples: int = 5, how: How | None = None) -> Comparison:
    """Compare environments named by their place, the first of them the baseline."""
    records = [evidence(f"e{n}", chat(latency=latency), samples=samples) for n, latency in enumerate(latencies)]
    return compared(*records, **(how or {}))


def latency(comparison: Comparison, name: str = "e1") -> DurationValue:
    value = cell(comparison, "latency", name).value
    assert isinstance(value, DurationValue)
    return value


def state(comparison: Comparison, name: str = "e1") -> CellState:
    return cell(comparison, "latency", name).state


def rules(comparison: Comparison) -> list[str]:
    return [each.rule for each in comparison.findings]


def test_what_is_slower_twice_is_one_finding() -> None:
    """By the ratio, the floor and significantly, in both batches: a warning in numbers, with SciPy's p value."""
    comparison = held(FAST, SLOW)
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity, finding.field) == ("latency.slower", "warn", "chat.latency")
    assert (finding.expected, finding.actual, finding.value) == (None, None, None)
    assert (finding.expected_ms, finding.actual_ms, finding.ratio, finding.n) == (240, 610, 2.542, 5)
    assert finding.p == pytest.approx(mannwhitneyu(FAST_MS, SLOW_MS, method="exact").pvalue)
    assert state(comparison) is CellState.DIFFERS
    assert latency(comparison) == DurationValue(median_ms=610, half_iqr_ms=4, n=5, ratio=2.542, p=finding.p)
    assert cell(comparison, "latency", "e1").notes == ()
    assert comparison.summary.exit_code == 3


@pytest.mark.parametrize(
    ("after_ms", "policy"),
    [
        ((280, 290, 300, 286, 294), Policy()),  # past the floor, at 290 not past 1.25 times 240
        ((290, 300, 310, 296, 304), Policy()),  # at the ratio, not past it
        ((330, 340, 350, 336, 344), Policy(latency_floor_ms=100)),  # past the ratio, at the floor
        ((30, 40, 50, 36, 44), Policy()),  # faster
        (FAST_MS, Policy()),
    ],
)
def test_ratio_and_floor_must_both_be_exceeded(after_ms: tuple[float, ...], policy: Policy) -> None:
    """However significant, a median that is not slower by both is the same."""
    comparison = held(FAST, timed(*after_ms, again_ms=SLOW_MS), how={"policy": policy})
    assert comparison.findings == ()
    assert state(comparison) is CellState.SAME
    assert latency(comparison).p is not None


def test_slower_by_both_is_enough() -> None:
    """A little past the ratio and the floor is found where it is significant in both batches."""
    after = timed(291, 301, 311, 297, 305, again_ms=(291, 301, 311, 297, 305))
    assert rules(held(FAST, after)) == ["latency.slower"]
    at_the_floor = Policy(latency_ratio=1, latency_floor_ms=60.9)
    assert rules(held(FAST, after, how={"policy": at_the_floor})) == ["latency.slower"]


def test_slower_once_is_undecided() -> None:
    """Without a second batch, as in records of 0.1.0, what was slow once is neither found nor the same."""
    comparison = held(timed(*FAST_MS), SLOW_ONCE)
    (finding,) = comparison.findings
    assert (finding.rule, finding.severity) == ("latency.undecided", "info")
    assert (finding.expected_ms, finding.actual_ms, finding.ratio) == (240, 610, 2.542)
    assert finding.p == pytest.approx(2 / 252)
    assert finding.note is not None
    assert finding.note.why == "not_confirmed"
    assert state(comparison) is CellState.UNDECIDED
    assert whys(cell(comparison, "latency", "e1")) == [("not_confirmed", None)]
    assert (comparison.summary.undecided, comparison.summary.exit_code) == (1, 0)


@pytest.mark.parametrize(("before", "after"), [(FAST_MS, SLOW_MS[:4]), (FAST_MS[:4], SLOW_MS), ((), SLOW_MS)])
def test_a_second_batch_that_is_too_small_confirms_nothing(before: tuple[float, ...], after: tuple[float, ...]) -> None:
    """Five samples a side are needed in the second batch too."""
    comparison = held(timed(*FAST_MS, again_ms=before), timed(*SLOW_MS, again_ms=after))
    assert rules(comparison) == ["latency.undecided"]


def test_new_connections_are_held_against_open_ones_without_their_opening() -> None:
    """A gateway that closes every connection is found slow by its answers, and not for the connections alone."""
    opened = {"connection": Connection.NEW, "dns_ms": 20.0, "connect_ms": 340.0}
    slow_to_open = SLOW.model_copy(update=opened)
    assert rules(held(FAST, slow_to_open)) == []
    assert latency(held(FAST, slow_to_open)).median_ms == 250
    assert (latency(held(FAST, slow_to_open)).p or 0) > 0.05
    assert rules(held(slow_to_open, FAST)) == []
    assert rules(held(FAST.model_copy(update=opened), slow_to_open)) == ["latency.slower"]
    slow = timed(*(each + 360 for each in SLOW_MS), again_ms=[each + 360 for each in SLOW_MS]).model_copy(update=opened)
    assert rules(held(FAST, slow)) == ["latency.slower"]


@pytest.mark.parametrize(
    "again_ms",
    [
        FAST_MS,
        (280, 290, 295, 286, 294),  # significant, and not past the ratio
        (235, 239, 420, 430, 440),  # past the ratio, and not significant
    ],
)
def test_what_is_not_slower_again_proves_nothing(again_ms: tuple[float, ...]) -> None:
    """Slow at first and not when it was sampled again is noise, and says so."""
    comparison = held(FAST, timed(*SLOW_MS, again_ms=again_ms))
    assert comparison.findings == ()
    assert state(comparison) is CellState.NOISY
    assert whys(cell(comparison, "latency", "e1")) == [("not_seen_twice", None)]


def test_without_a_second_batch_by_wish_once_is_enough() -> None:
    """With `confirm_over_s = 0` nothing is sampled twice, and what was slower once is found."""
    assert rules(held(timed(*FAST_MS), SLOW_ONCE, how={"policy": Policy(confirm_over_s=0)})) == ["latency.slower"]


def test_a_slower_median_that_may_be_chance_is_undecided() -> None:
    """Samples that overlap widely are shown with their p value; twice as many might tell."""
    comparison = held(timed(100, 110, 120, 900, 910), timed(115, 125, 400, 890, 920))
    assert rules(comparison) == ["latency.undecided"]
    assert state(comparison) is CellState.UNDECIDED
    assert whys(cell(comparison, "latency", "e1")) == [("not_significant", 10)]
    assert latency(comparison).p is not None


def test_too_many_environments_for_so_few_samples_says_how_many_are_needed() -> None:
    """Five samples a side cannot be significant among seven environments: undecided, with the number that can."""
    comparison = held(FAST, *[SLOW] * 7)
    assert rules(comparison) == ["latency.undecided"] * 7
    assert whys(cell(comparison, "latency", "e7")) == [("not_significant", 6)]
    assert rules(held(FAST, *[SLOW] * 6)) == ["latency.slower"] * 6


def test_the_p_values_are_corrected_over_the_environments_and_probes() -> None:
    """With three candidates the least p value counts three times; another probe's latency counts too."""
    comparison = held(FAST, SLOW, FAST, FAST)
    assert [finding.p for finding in comparison.findings] == [pytest.approx(3 * smallest_p(5, 5))]
    questions = [
        question
        for field in (Duration("latency"), Duration("other"))
        for question in field.questions(_columns(FAST, SLOW, FAST), Context("chat", Policy(), TODAY))
    ]
    assert [(each.environment, each.field) for each in questions] == [
        ("e1", "chat.latency"),
        ("e2", "chat.latency"),
        ("e1", "chat.other"),
        ("e2", "chat.other"),
    ]


def _columns(*latencies: Latency, samples: int = 5) -> list[Column]:
    records = [evidence(f"e{n}", chat(latency=latency), samples=samples) for n, latency in enumerate(latencies)]
    baseline = Against("e0", records[0])
    return [Column("e0", records[0]), *(Column(each.environment, each, baseline) for each in records[1:])]


def test_the_questions_are_not_chosen_by_their_answers() -> None:
    """Latencies that are nowhere near apart are asked about too; else the correction would be too small."""
    assert len(list(Duration().questions(_columns(SLOW, FAST, SLOW, FAST), Context("chat", Policy(), TODAY)))) == 3


@pytest.mark.parametrize(("questions", "samples"), [(0, 5), (1, 5), (6, 5), (7, 6), (20, 6), (1000, 9)])
def test_more_questions_need_more_samples(questions: int, samples: int) -> None:
    """As many as the least p value needs to be significant after correction, and never fewer than five."""
    assert samples_to_tell(questions) == samples
    assert smallest_p(samples, samples) * max(questions, 1) < 0.05


@pytest.mark.parametrize("asked", [1, 4])
def test_fewer_than_five_asked_for_is_shown_and_not_judged(asked: int) -> None:
    """Nothing is undecided for that, and one line for all of them says so."""
    times = [timed(*each[:asked]) for each in (FAST_MS, SLOW_MS, SLOW_MS)]
    comparison = held(*times, samples=asked)
    assert comparison.findings == ()
    assert (state(comparison), cell(comparison, "latency", "e1").notes) == (CellState.NOISY, ())
    assert [
        (notice.environment, notice.note and notice.note.why, notice.note and notice.note.number)
        for notice in comparison.notices
    ] == [(None, "latency_not_judged", asked)]


@pytest.mark.parametrize(
    ("before", "after", "expected", "why"),
    [
        (FAST, timed(*SLOW_MS[:4]), CellState.UNDECIDED, ("too_few", 14)),
        (timed(*FAST_MS[:4]), SLOW, CellState.UNDECIDED, ("too_few", 14)),
        (FAST, timed(*FAST_MS[:4]), CellState.NOISY, ("few_left", None)),
        (FAST, timed(280, 290, 300, 286), CellState.NOISY, ("few_left", None)),
    ],
)
def test_what_cannot_be_tested_says_why(
    before: Latency, after: Latency, expected: CellState, why: tuple[str, int | None]
) -> None:
    """Too few that are apart are undecided, with the number that helps; others prove nothing, and are not the same."""
    comparison = held(before, after, samples=7)
    assert (state(comparison), whys(cell(comparison, "latency", "e1"))) == (expected, [why])
    assert rules(comparison) == (["latency.undecided"] if expected is CellState.UNDECIDED else [])


@pytest.mark.parametrize(
    ("before", "after"),
    [(FAST, timed(voided=21)), (timed(voided=21), SLOW), (timed(voided=21), timed(voided=21))],
)
def test_samples_that_are_all_void_are_undecided(before: Latency, after: Latency) -> None:
    """A busy machine of ours never makes a latency vanish, on whichever side, nor both; the row stays."""
    comparison = held(before, after, samples=7)
    assert rules(comparison) == ["latency.undecided"]
    assert (state(comparison), cell(comparison, "latency", "e1").notes[0].why) == (CellState.UNDECIDED, "voided")
    finding = comparison.findings[0]
    assert (finding.ratio, finding.n) == (None, len(after.totals_ms))


def test_samples_of_which_more_than_half_stayed_void_are_undecided() -> None:
    """Though enough are left to be tested; half and less may be void."""
    few_of_many = timed(*SLOW_MS, *SLOW_MS[:2], again_ms=SLOW_MS, voided=24)
    assert rules(held(FAST, few_of_many, samples=15)) == ["latency.undecided"]
    half = timed(*SLOW_MS, *SLOW_MS[:2], again_ms=SLOW_MS, voided=21)
    assert rules(held(FAST, half, samples=14)) == ["latency.slower"]


def test_samples_that_were_taken_again_are_not_missing() -> None:
    """Void at first and good when taken again is as good as good."""
    assert rules(held(FAST, timed(*SLOW_MS, again_ms=SLOW_MS, voided=10))) == ["latency.slower"]


def test_samples_none_of_which_can_be_used_are_undecided() -> None:
    """Where each one failed, or was sent twice, nothing is known about the latency, and that is said."""
    nothing_left = Latency(taken=3, failed=3)
    comparison = held(FAST, nothing_left, samples=7)
    assert (state(comparison), whys(cell(comparison, "latency", "e1"))) == (CellState.UNDECIDED, [("too_few", 14)])


def test_different_runs_are_shown_and_not_judged() -> None:
    """Samples that were not taken side by side prove nothing unless that is asked for; nothing is said of too few."""
    comparison = held(FAST, SLOW, how={"judge_latency": False})
    assert comparison.findings == ()
    assert (state(comparison), latency(comparison).ratio) == (CellState.INCOMPARABLE, 2.542)
    assert whys(cell(comparison, "latency", "e1")) == [("different_runs", None)]
    assert held(timed(9), timed(99), samples=1, how={"judge_latency": False}).notices == ()


def test_switched_off_a_slower_environment_is_the_same() -> None:
    """With `none` the cell says so, there is no finding, and nothing is sampled twice for it."""
    off: How = {"policy": Policy(severity={"latency.slower": Severity.NONE})}
    comparison = held(FAST, SLOW_ONCE, how=off)
    assert comparison.findings == ()
    assert state(comparison) is CellState.SAME
    assert [(note.why, note.word) for note in cell(comparison, "latency", "e1").notes] == [
        ("switched_off", "latency.slower")
    ]
    too_few = held(FAST, timed(*SLOW_MS[:4]), how=off)
    assert (state(too_few), too_few.findings) == (CellState.UNDECIDED, ())


def test_undecided_latencies_can_be_switched_off() -> None:
    """Then there is no finding, and the cell is still not the same."""
    comparison = held(FAST, SLOW_ONCE, how={"policy": Policy(severity={"latency.undecided": Severity.NONE})})
    assert (comparison.findings, state(comparison)) == ((), CellState.UNDECIDED)


def test_the_fingerprint_of_a_slower_environment_has_no_timings() -> None:
    """Tomorrow's medians are others, and it is the same finding; 0.1.0 gave it the same fingerprint."""
    other_ms = (700, 710, 720, 706, 714)
    first, second = (held(FAST, slow).findings[0] for slow in (SLOW, timed(*other_ms, again_ms=other_ms)))
    assert first.actual_ms != second.actual_ms
    assert first.fingerprint == second.fingerprint == "2dd8ec1c403d8f3a"


def test_a_latency_that_was_not_taken_is_not_probed() -> None:
    """An environment without any timing, as in a record made by hand, says nothing."""
    comparison = held(FAST, Latency())
    assert (cell(comparison, "latency", "e1").value, state(comparison)) == (None, CellState.NOT_PROBED)


def test_the_ratio_to_nothing_is_not_told() -> None:
    """A baseline of 0 ms, as a coarse clock may give, breaks nothing."""
    comparison = held(timed(*[0.0] * 5), SLOW_ONCE)
    assert comparison.findings[0].ratio is None
    assert latency(comparison).ratio is None


def test_one_sample_has_no_spread() -> None:
    """And the baseline's own value stands by itself, without a ratio."""
    comparison = held(timed(240), timed(610), samples=1)
    assert latency(comparison, "e0") == DurationValue(median_ms=240, half_iqr_ms=None, n=1)


def test_another_measure_is_judged_like_the_total() -> None:
    """A probe's own time is judged by its own samples, in both batches."""
    before, after = (
        FAST.model_copy(update={"measured": {"first": Measured(samples_ms=times, again_ms=times)}})
        for times in (FAST_MS, SLOW_MS)
    )
    columns = _columns(before, after)
    field = Duration("ttft", "first")
    context = Context("chat", Policy(), TODAY, chances={("e1", "chat.ttft"): Chance(0.01, 1)})
    judgement = field.judge(columns, context)["e1"]
    assert [(each.rule, each.field, each.ratio) for each in judgement.findings] == [
        ("latency.slower", "chat.ttft", 2.542)
    ]


@pytest.mark.parametrize(
    ("latencies", "policy", "expected"),
    [
        ((FAST_MS, SLOW_MS, FAST_MS, SLOW_MS), Policy(), [("e1", "chat"), ("e3", "chat")]),
        ((FAST_MS, FAST_MS), Policy(), []),
        ((SLOW_MS, FAST_MS), Policy(), []),
        ((FAST_MS, *[SLOW_MS] * 7), Policy(), []),
        ((FAST_MS, SLOW_MS), Policy(severity={"latency.slower": Severity.NONE}), []),
    ],
)
def test_only_what_would_be_found_is_sampled_again(
    latencies: tuple[tuple[float, ...], ...], policy: Policy, expected: list[tuple[str, str]]
) -> None:
    """Not what is the same, faster, undecided for want of samples, or switched off."""
    records = [evidence(f"e{n}", chat(latency=timed(*each)), samples=5) for n, each in enumerate(latencies)]
    assert suspects(records, baseline="e0", policy=policy, names={}) == expected


def test_a_latency_of_an_earlier_run_shows_both() -> None:
    """Each environment against itself: the value that it was stands beside the value that it is."""
    before, after = (evidence("e1", chat(latency=each), samples=5) for each in (FAST, SLOW))
    for judge_latency, found in ((False, []), (True, ["latency.slower"])):
        comparison = compare_runs(
            [before], [after], policy=Policy(), judge_latency=judge_latency, generated_at=WHEN, today=TODAY
        )
        assert rules(comparison) == found
        expected = cell(comparison, "latency", "e1").expected
        assert isinstance(expected, DurationValue)
        assert (expected.median_ms, latency(comparison).median_ms) == (240, 610)


def test_an_undecided_latency_settles_nothing_over_time() -> None:
    """Last night's slower environment is neither slower nor resolved tonight; decided, the doubt itself is resolved."""
    slow = held(FAST, SLOW)
    doubtful = held(FAST, SLOW_ONCE, how={"earlier": slow})
    assert states(doubtful) == [("latency.undecided", None, "new")]
    assert [each.rule for each in doubtful.carried] == ["latency.slower"]
    same = held(FAST, FAST, how={"earlier": doubtful})
    assert states(same) == [("latency.undecided", None, "absent"), ("latency.slower", None, "absent")]
    assert same.carried == ()
