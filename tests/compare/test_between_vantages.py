from __future__ import annotations

import pytest
from evidences import TODAY, WHEN, evidence, models

from envcheck.compare.vantages import compare_vantages
from envcheck.errors import ConfigError
from envcheck.policy import Policy


def test_a_baseline_that_is_at_no_vantage_is_a_mistake() -> None:
    """Everything would be held against nothing."""
    records = [evidence("staging", models("a")).model_copy(update={"vantage": name}) for name in ("eu", "us")]
    with pytest.raises(ConfigError, match="baseline: production is not among the environments compared"):
        compare_vantages(records, baseline="production", policy=Policy(), generated_at=WHEN, today=TODAY)
