"""`[[expect]]` from the file to the exit code, over gateways on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runs import Ran

EXPECTED = """
[[expect]]
title = "The rollout's models are listed"
field = "models.model_ids"
contains = ["gpt-4o-mini", "o3"]
environments = ["staging"]
[[expect]]
field = "chat.usage_present"
equals = true
[[expect]]
field = "chat.latency"
at_most_ms = 60000
[[expect]]
field = "tools.outcome"
one_of = ["pass"]
environments = ["production"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A file of two gateways that are alike and serve, of what is expected, one thing less."""
    with serving_all([good_gateway(), good_gateway(Manner())]) as (one, two):
        path = tmp_path / "environments.toml"
        path.write_text(
            'baseline = "production"\n[defaults]\nsamples = 3\n'
            f'[environments.production]\nbase_url = "{one.base_url}"\n'
            f'[environments.staging]\nbase_url = "{two.base_url}"\n{EXPECTED}'
        )
        yield path


def test_what_is_expected_is_answered_and_counts(envcheck: Callable[..., Ran], file: Path) -> None:
    """Met, not met and not to be told: in the table, in every report and in the exit code."""
    ran = envcheck("run")
    assert ran.code == 3
    told = " ".join(ran.stdout.split())
    assert "err staging expect.unmet: models.model_ids: lacks o3 (expected: contains gpt-4o-mini, o3)" in told
    assert (
        "warn production expect.unknown: tools.outcome: could not tell whether it is one of pass (the probe was not"
        " asked; add it to `probes`)"
    ) in told
    assert "wants attention: production (expect.unknown), staging (expect.unmet); 1 environment held against" in told
    page = (file.parent / "reports" / "comparison.md").read_text()
    assert "lacks o3" in page
    assert "could not tell whether it `is one of pass`" in page
    comparison = json.loads((file.parent / "reports" / "comparison.json").read_text())
    assert [(each["environment"], each["field"], each["answer"]) for each in comparison["expectations"]] == [
        ("production", "chat.usage_present", "met"),
        ("production", "chat.latency", "met"),
        ("production", "tools.outcome", "unknown"),
        ("staging", "models.model_ids", "unmet"),
        ("staging", "chat.usage_present", "met"),
        ("staging", "chat.latency", "met"),
    ]
    assert comparison["summary"]["by_environment"]["staging"]["worst_rule"] == "expect.unmet"

    fewer = envcheck("run", "--fail-on", "err", "--no-reports", "production")
    assert fewer.code == 0  # of one environment, and what could not be told is a warning

    judged = envcheck("compare", "reports", "--brief")
    assert judged.code == 3
    assert "expect.unmet models.model_ids" in judged.stdout

    assert envcheck("accept", "--reason", "o3 comes in May", "--rule", "expect.unmet").code == 0
    text = file.read_text()
    assert 'rule = "expect.unmet"\nenvironment = "staging"\nfield = "models.model_ids"\nreason' in text
    again = envcheck("compare", "reports", "--fail-on", "err")
    assert again.code == 0
    assert "o3 comes in May" in again.stdout
    assert envcheck("compare", "reports").code == 3  # what could not be told is not accepted by that
    file.write_text(text.replace('["gpt-4o-mini", "o3"]', '["gpt-4o-mini"]'))
    met = envcheck("compare", "reports")
    assert "covered nothing" in met.stdout


def test_a_mistake_in_it_sends_nothing(envcheck: Callable[..., Ran], file: Path) -> None:
    """Exit 2, each with its line, and no report."""
    text = file.read_text().replace("chat.latency", "chat.latancy").replace("equals = true", "at_most = 1")
    file.write_text(text)
    ran = envcheck("run")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.count("[[expect]] in line") == 2
    assert not (file.parent / "reports").exists()


def test_check_config_says_how_much_is_expected(envcheck: Callable[..., Ran], file: Path) -> None:
    """With the file that a run reads, and as a hook."""
    told = "environments.toml: valid, 2 environments, 4 expectations\n"
    assert envcheck("check-config").stdout.startswith(told)
    assert envcheck("check-config", "environments.toml").stdout == told


def test_the_sample_has_no_file_to_be_judged_by(envcheck: Callable[..., Ran], file: Path) -> None:
    """It is the same for everybody."""
    assert file.exists()
    assert json.loads(envcheck("run", "--sample", "--json").stdout)["expectations"] == []
