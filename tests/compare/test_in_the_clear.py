from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparing import compared
from evidences import TODAY, evidence, failed, models

from envcheck.compare import compare_runs
from envcheck.comparison import FindingState
from envcheck.policy import Policy

if TYPE_CHECKING:
    from envcheck.evidence import Check, Evidence


def at(base_url: str, *checks: Check, key: str | None = "STAGING_API_KEY", name: str = "staging") -> Evidence:
    record = evidence(name, *(checks or (models("m"),)), base_url=base_url)
    return record.model_copy(update={"target": record.target.model_copy(update={"api_key_env": key})})


@pytest.mark.parametrize(
    "base_url",
    ["http://gateway.example.com/v1", "http://10.0.0.7:4000/v1", "http://[fd00::7]/v1", "http://llm.default.svc/v1"],
)
def test_a_key_over_plain_http_is_worth_knowing(base_url: str) -> None:
    """For information only: within a cluster it is common."""
    [finding] = compared(at(base_url)).findings
    assert (finding.rule, finding.severity, finding.baseline) == ("target.plain_http", "info", "staging")
    assert not finding.counted


@pytest.mark.parametrize(
    "record",
    [
        at("https://gateway.example.com/v1"),
        at("http://127.0.0.1:4000/v1"),
        at("http://127.8.9.1/v1"),
        at("http://[::1]:8000/v1"),
        at("http://localhost:4000/v1"),
        at("http://litellm.localhost/v1"),
        at("http://gateway.example.com/v1", key=None),
        at("http://gateway.example.com/v1", failed("models", "missing_key")),
        at("[redacted]"),
        at("http://[/v1"),
    ],
    ids=lambda record: record.target.base_url,
)
def test_nothing_is_found_where_no_key_can_be_read(record: Evidence) -> None:
    """On this machine, under TLS, without a key, or where nothing was sent; nor where the address is not known."""
    assert "target.plain_http" not in {each.rule for each in compared(record).findings}


def test_between_two_runs_it_is_new_only_where_it_was_not_there() -> None:
    """Last night's cluster is no news."""
    plain, safe = "http://gateway.example.com/v1", "https://gateway.example.com/v1"
    comparison = compare_runs(
        [at(plain, name="a"), at(safe, name="b")],
        [at(plain, name="a"), at(plain, name="b")],
        policy=Policy(),
        generated_at=at(plain).generated_at,
        today=TODAY,
    )
    states = {each.environment: each.state for each in comparison.findings}
    assert states == {"a": FindingState.UNCHANGED, "b": FindingState.NEW}
