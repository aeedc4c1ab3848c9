"""The fixed evidence behind `--sample`."""

from __future__ import annotations

from envcheck.demo.sample import sample_evidence, sample_evidences
from envcheck.evidence import Evidence


def test_the_sample_shows_a_pass_a_difference_and_a_failure() -> None:
    """Someone without a gateway sees what each looks like."""
    production, staging, new_region = sample_evidences()
    assert (production.environment, production.summary.ok) == ("production", True)
    assert (staging.environment, staging.summary.ok) == ("staging", True)
    assert staging.checks != production.checks
    assert (new_region.environment, new_region.summary.failure_class) == ("new-region", "rate_or_quota")


def test_the_sample_never_changes() -> None:
    """No clock and no chance goes into it, so the reports that are checked in stay current."""
    assert sample_evidences() == sample_evidences()
    assert sample_evidence() == sample_evidences()[0]


def test_the_sample_is_a_record_like_any_other() -> None:
    """It survives the way to JSON and back, and says how many requests it stands for."""
    for evidence in sample_evidences():
        assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence
        assert evidence.target.planned_requests == 12
