from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from evidences import chat, evidence, evidences, failed, models, policies, timed, twins_among
from hypothesis import given, settings
from hypothesis import strategies as st
from shards import BASELINE, SAMPLES, Fleet, but_for_times, fleet_of, merged

from envcheck.comparison import FindingState, Twin, Why, shard_of
from envcheck.judge.names import Names
from envcheck.policy import Accept, Expect, FailOn, Operator, Policy
from envcheck.rules import LATENCY_SLOWER, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from envcheck.evidence import Check, Evidence

SLOW = timed(*(900.0 + each for each in range(SAMPLES)), again_ms=[900.0 + each for each in range(SAMPLES)])
QUICK = timed(*(300.0 + each for each in range(SAMPLES)), again_ms=[300.0 + each for each in range(SAMPLES)])


def _of(name: str, *checks: Check, asked: str = "a" * 16) -> Evidence:
    return evidence(name, *checks, samples=SAMPLES, selected_model="gpt-4o", asked=asked)


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """A thousand environments that the file says something about."""
    return Fleet(
        fleet_of(1000),
        Policy(
            accept=(
                Accept("models.removed", "gateway-0055", "known", position=1),
                Accept("chat.usage", "gateway-0056", "never true", position=2),
                *(Accept("latency.slower", f"gateway-{n:04}", "far away", position=2 + n) for n in range(1, 200)),
            ),
            expect=(
                Expect("models.model_ids", Operator.CONTAINS, ("o3",)),
                Expect("chat.latency", Operator.AT_MOST_MS, (310.0,)),
            ),
        ),
    )


def test_ten_shards_of_a_thousand_environments_come_to_what_one_run_does(fleet: Fleet) -> None:
    """Rows, findings, notices, expectations, what is accepted, the verdict and the exit code: all is as in one run."""
    whole = fleet.compared(fleet.records)
    together = fleet.merged(10)
    assert len({finding.rule for finding in whole.findings}) >= 7
    assert FindingState.ACCEPTED in {finding.state for finding in whole.findings}
    assert but_for_times(together) == but_for_times(whole)
    assert list(together.rows[0].cells) == list(whole.rows[0].cells)
    assert together.merged is not None
    assert [each.number for each in together.merged.shards] == list(range(1, 11))
    assert sum(each.environments for each in together.merged.shards) == 999


@settings(max_examples=25)
@given(records=evidences(at_least=2), policy=policies(), of=st.integers(1, 4), data=st.data())
def test_any_fleet_in_any_number_of_shards_comes_to_what_one_run_does(
    records: Sequence[Evidence], policy: Policy, of: int, data: st.DataObject
) -> None:
    """Whatever differs, fails, varies, is accepted or expected, nothing of it hangs on who probed it."""
    fleet = Fleet(records, policy, data.draw(twins_among(records)))
    whole = fleet.compared(fleet.records)
    together = merged(fleet.parts(of), policy=policy)
    assert but_for_times(together) == but_for_times(whole)


def test_what_is_slow_by_chance_in_a_shard_is_not_among_all() -> None:
    """A difference that is significant among few is held against as many questions as the whole fleet asks."""
    slower = timed(*(900.0 + each for each in range(6)), again_ms=[900.0 + each for each in range(6)])
    quick = timed(*(300.0 + each for each in range(6)), again_ms=[300.0 + each for each in range(6)])
    others = [_of(f"gateway-{number}", chat(latency=quick)) for number in range(60)]
    fleet = Fleet([_of(BASELINE, chat(latency=quick)), _of("staging", chat(latency=slower)), *others])
    alone = fleet.part(shard_of("staging", 30), 30).comparison
    assert [each.rule for each in alone.findings if each.environment == "staging"] == [LATENCY_SLOWER.name]
    together = fleet.merged(30)
    assert but_for_times(together) == but_for_times(fleet.compared(fleet.records))
    assert [each.rule for each in together.findings] == ["latency.undecided"]


def test_each_environment_is_held_against_the_baseline_of_its_own_shard() -> None:
    """Where the baseline's machine was slow, and its environments too, nothing is slower; nor the other way round."""
    fleet = Fleet([_of(BASELINE, chat(latency=QUICK)), _of("a", chat(latency=QUICK)), _of("d", chat(latency=SLOW))])
    slow = Fleet([_of(BASELINE, chat(latency=SLOW)), *fleet.records[1:]])
    assert {shard_of("a", 2), shard_of("d", 2)} == {1, 2}
    together = merged([(slow if number == shard_of("d", 2) else fleet).part(number, 2) for number in (1, 2)])
    assert together.findings == ()
    assert [each.rule for each in fleet.merged(2).findings] == [LATENCY_SLOWER.name]


def test_a_baseline_that_failed_in_one_shard_is_shown_as_failed() -> None:
    """No failure of the baseline is hidden behind a shard in which it answered."""
    fleet = Fleet(fleet_of(9))
    down = Fleet([_of(BASELINE, failed("models", "network")), *fleet.records[1:]])
    together = merged([fleet.part(1, 3), down.part(2, 3), fleet.part(3, 3)])
    assert together.merged is not None
    assert together.merged.baseline_from == 2
    assert [each.environment for each in together.findings if each.rule == "probe.failed"] == [BASELINE]
    assert (together.summary.verdict.value, together.summary.exit_code) == ("inconclusive", 5)


def test_a_baseline_that_answered_otherwise_in_another_shard_is_told() -> None:
    """Findings of two shards are then against two things, which a reader has to know."""
    fleet = Fleet([_of(BASELINE, models("a", "b"), chat()), *fleet_of(9)[1:]])
    later = Fleet([_of(BASELINE, models("a"), chat()), *fleet.records[1:]])
    together = merged([fleet.part(1, 3), later.part(2, 3), later.part(3, 3)])
    told = [each.note for each in together.notices if each.note is not None and each.environment == BASELINE]
    assert [(each.why, each.word, each.number) for each in told] == [(Why.BASELINE_VARIES, "models.model_ids", 2)]


def test_a_baseline_that_is_wrong_by_itself_in_each_shard_does_not_vary() -> None:
    """That some of its requests fail is said where it is held against nothing, once."""
    unreliable = models("a", "b", failed_samples={"timeout": 3}, tried=15)
    fleet = Fleet([_of(BASELINE, unreliable, chat()), *fleet_of(9)[1:]])
    together = fleet.merged(3)
    assert [each.rule for each in together.findings if each.environment == BASELINE] == ["probe.unreliable"]
    assert not [each for each in together.notices if each.environment == BASELINE]


def test_what_only_a_shards_process_could_know_is_known_of_all() -> None:
    """Keys that are shared, and redacted names that differ, stand in no record, and are in the comparison of all."""
    records = [_of(name, models("[redacted]")) for name in (BASELINE, "a", "b", "c")]
    names = {
        each.environment: {"models.model_ids": Names(frozenset({raw}), frozenset({raw}), frozenset({raw}))}
        for each, raw in zip(records, ("x", "x", "y", "x"), strict=True)
    }
    fleet = Fleet(records, twins=[Twin("target.same_key", "a")], names=names)
    whole = fleet.compared(records)
    assert {"target.same_key", "models.removed"} <= {finding.rule for finding in whole.findings}
    assert but_for_times(fleet.merged(3)) == but_for_times(whole)


def test_a_redacted_name_that_is_the_baselines_again_is_gone_from_the_findings() -> None:
    """What saved records alone would leave open was settled in the shard's memory."""
    records = [_of(name, chat(answered="[redacted]")) for name in (BASELINE, "a", "d")]

    def names(*raw: str) -> dict[str, dict[str, Names]]:
        kept = [Names(frozenset({each}), frozenset({each}), frozenset({each})) for each in raw]
        return {each.environment: {"chat.model_answered": name} for each, name in zip(records, kept, strict=True)}

    earlier = Fleet(records, names=names("x", "x", "y")).compared(records)
    assert [each.environment for each in earlier.findings] == ["d"]
    now = Fleet(records, names=names("x", "x", "x"))
    together = merged(now.parts(2), earlier=earlier)
    assert {(each.environment, each.state) for each in together.findings} == {("d", FindingState.ABSENT)}
    assert but_for_times(together) == but_for_times(now.compared(records, earlier))


def test_what_a_shard_says_is_gone_is_not_found_of_all() -> None:
    """What is gone, new or counted is for the comparison of all to say."""
    fleet = Fleet([_of(BASELINE, models("a", "b")), _of("a", models("a", "b")), _of("d", models("a"))])
    parts = fleet.parts(2)
    gone = [
        replace(
            part,
            comparison=part.comparison.model_copy(
                update={
                    "findings": tuple(
                        each.model_copy(update={"state": FindingState.ABSENT}) for each in part.comparison.findings
                    )
                }
            ),
        )
        for part in parts
    ]
    assert [each.environment for each in merged(parts).findings] == ["d"]
    assert merged(gone).findings == ()


def test_what_the_file_accepts_is_accepted_of_all_and_told_in_its_order() -> None:
    """A slow latency too, which is judged once more; an entry that covers nothing is told by its own shard."""
    policy = Policy(
        accept=(
            Accept("models.removed", "d", "known", position=1),
            Accept("models.removed", "a", "never true", position=2),
            Accept("latency.slower", "d", "far away", position=3),
            Accept("chat.usage", "d", "never true", position=4),
            Accept("chat.usage", "a", "over", expires=date(2026, 1, 1), position=5),
        )
    )
    slow = [models("a"), chat(latency=SLOW)]
    fleet = Fleet(
        [_of(BASELINE, models("a", "b"), chat(latency=QUICK)), _of("a", models("a", "b")), _of("d", *slow)], policy
    )
    whole = fleet.compared(fleet.records)
    assert {each.state for each in whole.findings} == {FindingState.ACCEPTED}
    assert [each.position for each in whole.accept_notices] == [2, 4, 5]
    assert but_for_times(fleet.merged(2)) == but_for_times(whole)


def test_another_prompt_is_known_of_though_no_file_has_it() -> None:
    """Latencies of different prompts are not held against each other, nor do they count among the questions."""
    records = [*fleet_of(6), _of("other", chat(latency=SLOW), asked="b" * 16)]
    fleet = Fleet(records)
    assert but_for_times(fleet.merged(3)) == but_for_times(fleet.compared(records))


def test_findings_are_new_and_counted_as_the_command_says() -> None:
    """What an earlier comparison of all had is unchanged, though each shard knew of no earlier one."""
    fleet = Fleet(fleet_of(40))
    earlier = fleet.merged(4)
    again = merged(fleet.parts(3), policy=Policy(only_new_count=True), earlier=earlier)
    assert {finding.state for finding in again.findings} == {FindingState.UNCHANGED}
    assert (again.summary.counted, again.summary.exit_code) == (0, 0)
    quiet = merged(fleet.parts(3), policy=Policy(fail_on=FailOn.NEVER))
    assert quiet.summary.exit_code == 0
    assert earlier.summary.exit_code == 3


def test_a_shard_that_has_nobody_but_the_baseline_adds_nothing() -> None:
    """It is there all the same, so that it can be told from one that is missing."""
    fleet = Fleet(fleet_of(3))
    together = fleet.merged(12)
    assert together.merged is not None
    assert sorted(each.environments for each in together.merged.shards)[:10] == [0] * 10
    assert but_for_times(together) == but_for_times(fleet.compared(fleet.records))


def test_the_settings_of_the_shards_are_those_of_all() -> None:
    """Nothing is judged by defaults where the file says otherwise."""
    policy = Policy(latency_floor_ms=1000.0, severity={"models.removed": Severity.NONE})
    fleet = Fleet(fleet_of(30), policy)
    together = fleet.merged(3)
    assert together.settings == fleet.compared(fleet.records).settings
    assert not [each for each in together.findings if each.rule in {"latency.slower", "models.removed"}]
