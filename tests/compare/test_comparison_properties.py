from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from evidences import TODAY, WHEN, comparisons, evidence, evidences, policies
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.compare import compare, compare_runs
from envcheck.comparison import CellState, Comparison, FindingState
from envcheck.model import Outcome
from envcheck.policy import FailOn, Policy
from envcheck.rules import OF_EXPECTATIONS

if TYPE_CHECKING:
    import random

    from envcheck.comparison import Finding
    from envcheck.evidence import Evidence

pytestmark = pytest.mark.thorough

MARKED = {CellState.DIFFERS, CellState.ADDED, CellState.REMOVED}
SEVERITIES = ["err", "warn", "info"]
BY_ITSELF = {
    "probe.failed",
    "probe.unreliable",
    "latency.undecided",
    "models.undecided",
    "chat.undecided",
} | OF_EXPECTATIONS
"""What is found in an environment whatever it is held against: what failed, is void, redacted or not as promised."""


def found(comparison: Comparison) -> list[Finding]:
    return [finding for finding in comparison.findings if finding.state is not FindingState.ABSENT]


@settings(max_examples=40, deadline=None)
@given(comparisons())
def test_cells_and_findings_tell_the_same(made: tuple[Comparison, list[Evidence]]) -> None:
    """A cell is marked exactly where there are findings of it, and accepted where all of these are."""
    comparison, _ = made
    cells = {
        (name, f"{row.probe}.{row.field}"): cell.state for row in comparison.rows for name, cell in row.cells.items()
    }
    of_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in found(comparison):
        if finding.rule in OF_EXPECTATIONS or finding.is_a_change:
            continue  # a cell says what the baseline makes of it, and nothing of what was promised, or was before
        of_cell.setdefault((finding.environment, finding.field), []).append(finding)
    for place, findings in of_cell.items():
        still = [each for each in findings if each.state is not FindingState.ACCEPTED]
        if not still:
            assert cells[place] is CellState.ACCEPTED
        elif all(each.is_undecided for each in findings):
            assert cells[place] is CellState.UNDECIDED
        else:
            assert cells[place] in {*MARKED, CellState.ERROR}
    for place, state in cells.items():
        assert (place in of_cell) or state not in {*MARKED, CellState.ACCEPTED}


@settings(max_examples=40, deadline=None)
@given(comparisons())
def test_the_exit_code_follows_from_the_findings(made: tuple[Comparison, list[Evidence]]) -> None:
    """5 before 4 before 3, from what counts: neither accepted nor absent, and at the threshold or undecided."""
    comparison, records = made
    summary = comparison.summary
    still = [each for each in found(comparison) if each.state is not FindingState.ACCEPTED]
    sure = [each for each in still if not each.is_undecided and not each.is_a_change]
    changed = [each for each in still if each.is_a_change]
    assert summary.changed == len(changed)
    assert [summary.err, summary.warn, summary.info] == [
        sum(each.severity.value == severity for each in sure) for severity in SEVERITIES
    ]
    assert summary.undecided == len(still) - len(sure) - len(changed)
    counted = [each for each in comparison.findings if each.counted]
    assert summary.counted == len(counted)
    for each in counted:
        assert each in still
        assert summary.fail_on != "never"
        assert each.is_undecided or SEVERITIES.index(each.severity) <= SEVERITIES.index(summary.fail_on)
    if summary.verdict == "inconclusive":
        assert summary.exit_code == 5
    if any(check.outcome is Outcome.FAIL for check in records[0].checks) and len(records) > 1:
        assert summary.verdict == "inconclusive"
    if summary.exit_code in {3, 4}:
        assert counted
        assert any(each.rule == "probe.failed" for each in counted) == (summary.exit_code == 4)
    if summary.exit_code == 0:
        assert summary.counted == 0
        assert any(check.outcome is Outcome.PASS for record in records for check in record.checks)
    if summary.verdict == "same":
        assert sure == []
        assert not any(each.counted for each in changed)


@settings(max_examples=30, deadline=None)
@given(comparisons())
def test_a_comparison_survives_its_file(made: tuple[Comparison, list[Evidence]]) -> None:
    """What is written is what is read, so that `--against` compares like with like."""
    comparison, _ = made
    assert Comparison.model_validate_json(comparison.model_dump_json()) == comparison


@settings(max_examples=30, deadline=None)
@given(evidences(), policies())
def test_the_same_again_has_nothing_new(records: list[Evidence], policy: Policy) -> None:
    """Against a comparison of the very same evidence every open finding is unchanged, and none is resolved."""
    first = compare(records, baseline=None, policy=policy, generated_at=WHEN, today=TODAY)
    again = compare(records, baseline=None, policy=policy, earlier=first, generated_at=WHEN, today=TODAY)
    assert {each.state for each in again.findings} <= {FindingState.UNCHANGED, FindingState.ACCEPTED}
    assert [each.fingerprint for each in again.findings] == [each.fingerprint for each in first.findings]


@settings(max_examples=30, deadline=None)
@given(evidences())
def test_nothing_differs_from_itself(records: list[Evidence]) -> None:
    """An environment held against an equal one, or a run against itself, differs in nothing, however noisy."""
    policy = Policy(latency_ratio=1, latency_floor_ms=0, fail_on=FailOn.INFO)
    for record in records:
        pair = [record, evidence("twin", *record.checks)]
        comparison = compare(pair, baseline=None, policy=policy, generated_at=WHEN, today=TODAY)
        assert {each.rule for each in comparison.findings} <= BY_ITSELF
    runs = compare_runs(records, records, policy=policy, judge_latency=True, generated_at=WHEN, today=TODAY)
    assert {each.rule for each in runs.findings} <= BY_ITSELF


@settings(max_examples=30, deadline=None)
@given(evidences(at_least=3), st.randoms())
def test_candidates_are_judged_whatever_their_order(records: list[Evidence], shuffler: random.Random) -> None:
    """Every environment is held against the baseline and never against each other."""
    baseline, *candidates = records
    shuffled = [*candidates]
    shuffler.shuffle(shuffled)
    one, other = (
        compare([baseline, *each], baseline=None, policy=Policy(), generated_at=WHEN, today=TODAY)
        for each in (candidates, shuffled)
    )
    assert {each.fingerprint: each for each in one.findings} == {each.fingerprint: each for each in other.findings}
    assert one.summary == other.summary


@settings(max_examples=30, deadline=None)
@given(evidences(), evidences(), policies())
def test_runs_never_lose_an_environment(before: list[Evidence], after: list[Evidence], policy: Policy) -> None:
    """Each environment of either run is a column, and what could not be compared is told."""
    comparison = compare_runs(before, after, policy=policy, generated_at=WHEN, today=TODAY)
    names = {record.environment for record in (*before, *after)}
    assert set(comparison.environments) == names
    both = {record.environment for record in before} & {record.environment for record in after}
    assert names - both <= {notice.environment for notice in comparison.notices}
    assert {finding.environment for finding in comparison.findings if finding.rule not in BY_ITSELF} <= both
