from __future__ import annotations

import pytest
from comparing import cell, compared, told
from evidences import TODAY, WHEN, chat, evidence, models

from envcheck.compare import Memory, compare_runs
from envcheck.comparison import CellState, Settings, Twin
from envcheck.errors import ConfigError, EvidenceError
from envcheck.policy import Policy
from envcheck.rules import Severity

GOOD = evidence("production", models("gpt-4o", "o3"), chat())


def test_the_baseline_comes_first_and_the_rest_in_order() -> None:
    """Whatever their place, every environment is held against the named baseline."""
    records = [evidence(name, models("a")) for name in ("canary", "production", "staging")]
    comparison = compared(*records, baseline="production")
    assert comparison.environments == ("production", "canary", "staging")
    assert all(tuple(row.cells) == comparison.environments for row in comparison.rows)


def test_without_a_name_the_first_is_the_baseline() -> None:
    """As for saved files that are compared."""
    assert compared(evidence("a", chat()), evidence("b", chat())).baseline == "a"


def test_a_baseline_that_is_not_there_is_a_mistake() -> None:
    """The names that there are, are named."""
    with pytest.raises(ConfigError, match="production is not among the environments compared: canary, staging"):
        compared(evidence("canary", chat()), evidence("staging", chat()), baseline="production")


def test_records_that_cannot_be_told_apart_are_refused() -> None:
    """Two records of one environment have no columns of their own; and of none there is nothing to show."""
    with pytest.raises(EvidenceError, match="two records are of the same environment"):
        compared(GOOD, GOOD)
    with pytest.raises(EvidenceError, match="no evidence"):
        compared()


def test_made_up_evidence_is_never_held_against_real_evidence() -> None:
    """The mistake names the record that is made up; among its like it is compared, and the comparison says so."""
    made_up = evidence("staging", chat(), made_up=True)
    for records in ((GOOD, made_up), (made_up, GOOD)):
        with pytest.raises(EvidenceError, match=r"^staging: the record is made up.*leave it out$"):
            compared(*records)
    with pytest.raises(EvidenceError, match="staging: the record is made up"):
        compare_runs([evidence("staging", chat())], [made_up], policy=Policy(), generated_at=WHEN, today=TODAY)
    assert compared(made_up, evidence("canary", chat(), made_up=True)).made_up
    assert not compared(GOOD, evidence("staging", chat())).made_up


def test_it_says_what_it_was_judged_by() -> None:
    """The ratios, floors and severities are in the record."""
    policy = Policy(
        latency_ratio=2, latency_floor_ms=9, confirm_over_s=3, tls_days=7, severity={"models.added": Severity.NONE}
    )
    assert compared(GOOD, policy=policy).settings == Settings(
        latency_ratio=2, latency_floor_ms=9, confirm_over_s=3, tls_days=7, severity={"models.added": Severity.NONE}
    )


@pytest.mark.parametrize(("run_ids", "expected"), [(("1" * 16,) * 2, "1" * 16), (("1" * 16, "2" * 16), None)])
def test_it_says_which_run_it_is_of(run_ids: tuple[str, str], expected: str | None) -> None:
    """The records' own run where all are of one, and none where they are of several."""
    records = [
        evidence(name, chat()).model_copy(update={"run_id": run_id})
        for name, run_id in zip(("a", "b"), run_ids, strict=True)
    ]
    assert compared(*records).run_id == expected


def test_a_candidate_that_points_at_its_baseline_is_a_finding() -> None:
    """In a row of its own, with nothing of an address or a key in it; a shared key is only worth knowing."""
    twins = [Twin("target.same_endpoint", "staging"), Twin("target.same_key", "canary")]
    records = [evidence(name, *GOOD.checks) for name in ("staging", "canary")]
    comparison = compared(GOOD, *records, memory=Memory(twins))
    assert [(*each[:2], each[3]) for each in told(comparison)] == [
        ("target.same_endpoint", "warn", None),
        ("target.same_key", "info", None),
    ]
    assert [(each.environment, each.field) for each in comparison.findings] == [
        ("staging", "target.endpoint"),
        ("canary", "target.key"),
    ]
    assert cell(comparison, "endpoint").state is CellState.DIFFERS
    assert cell(comparison, "endpoint").value == "the baseline's"
    assert cell(comparison, "endpoint", "canary").state is CellState.SAME
    assert comparison.summary.exit_code == 3


@pytest.mark.parametrize(
    ("twins", "policy"),
    [
        ([], Policy()),
        ([Twin("target.same_key", "staging")], Policy(severity={"target.same_key": Severity.NONE})),
        ([Twin("target.same_key", "production")], Policy()),
    ],
)
def test_without_twins_there_is_no_row_for_them(twins: list[Twin], policy: Policy) -> None:
    """The table does not tell of what is as it should be."""
    comparison = compared(GOOD, evidence("staging", *GOOD.checks), memory=Memory(twins), policy=policy)
    assert comparison.findings == ()
    assert "target" not in {row.probe for row in comparison.rows}


def test_probes_stand_in_the_order_of_the_registry_and_unknown_ones_after_them() -> None:
    """Whatever the order in which a record has them."""
    strange = models("a").model_copy(update={"probe": "zeta"})
    comparison = compared(evidence("production", strange, chat(), models("a")))
    assert list(dict.fromkeys(row.probe for row in comparison.rows)) == ["models", "chat", "zeta"]
