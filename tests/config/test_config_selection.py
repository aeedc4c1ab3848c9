from __future__ import annotations

import pytest
from config_texts import loads, loads_one, refuses

from envcheck.config import Overrides, describe
from envcheck.policy import FailOn

THREE = """
{baseline}
[environments.dev]
base_url = "https://dev.test"
api_key_env = "DEV_KEY"
[environments.production]
base_url = "https://production.test"
api_key_env = "PROD_KEY"
[environments.staging]
base_url = "${{STAGING_URL}}"
timeout_s = 5
samples = 9
probes = ["chat"]
model = "m-1"
[[accept]]
rule = "models.removed"
environment = "staging"
reason = "r"
[[accept]]
rule = "models.removed"
environment = "dev"
reason = "r"
"""
WITH_BASELINE = THREE.format(baseline='baseline = "production"')
WITHOUT_BASELINE = THREE.format(baseline="")
STAGING = {"STAGING_URL": "https://staging.test"}


@pytest.mark.parametrize(
    ("overrides", "names", "baseline"),
    [
        (Overrides(), ["production", "dev", "staging"], "production"),
        (Overrides(baseline="staging"), ["staging", "dev", "production"], "staging"),
        (Overrides(environments=("staging",)), ["production", "staging"], "production"),
        (Overrides(environments=("staging", "production")), ["production", "staging"], "production"),
        (Overrides(environments=("staging", "dev", "dev")), ["production", "dev", "staging"], "production"),
        (Overrides(environments=("production",)), ["production"], None),
        (Overrides(environments=("dev",), baseline="staging"), ["staging", "dev"], "staging"),
    ],
)
def test_the_baseline_comes_first_and_always_takes_part(
    overrides: Overrides, names: list[str], baseline: str | None
) -> None:
    """What is named is compared with the baseline, in the file's order; the baseline alone is only shown."""
    config = loads(WITH_BASELINE, STAGING, overrides)
    assert [environment.name for environment in config.environments] == names
    assert config.baseline == baseline


def test_one_environment_needs_no_baseline() -> None:
    """A single environment is shown and not compared, be it of the file or of the command line."""
    config = loads(WITHOUT_BASELINE, overrides=Overrides(environments=("dev",)))
    assert [environment.name for environment in config.environments] == ["dev"]
    assert config.baseline is None
    alone = loads('baseline = "a"\n[environments.a]\nbase_url = "http://a.test"')
    assert alone.baseline is None


def test_several_environments_need_a_baseline() -> None:
    """Without one nothing can be compared, and the sentence says how to name it."""
    (found,) = refuses(WITHOUT_BASELINE, STAGING)
    assert found == (
        "baseline: is missing; with more than one environment, say which the others are held against, here or with"
        " --baseline (one of: dev, production, staging)"
    )


def test_an_unknown_baseline_of_the_file_is_a_mistake_whatever_the_command_line_says() -> None:
    """The file is checked whole."""
    text = THREE.format(baseline='baseline = "prod"')
    assert refuses(text, STAGING, Overrides(baseline="dev")) == [
        'baseline: is not an environment of this file; did you mean "production"?'
    ]


def test_wrong_flags_are_named_beside_the_files_mistakes() -> None:
    """Flags and file are judged in one go."""
    overrides = Overrides(
        environments=("stagin", "s3cr3t/value"), baseline="prodction", samples=0, timeout_s=float("nan")
    )
    assert refuses(WITH_BASELINE + "[compare]\nlatency_ratio = 0", STAGING, overrides) == [
        'stagin is not an environment of this file; did you mean "staging"?',
        "(a name of 12 characters) is not an environment of this file; known here: dev, production, staging",
        "compare.latency_ratio: must be at least 1",
        '--baseline: is not an environment of this file; did you mean "production"?',
        "--samples: must be at least 1",
        "--timeout: must be a finite number",
    ]


def test_variables_are_needed_only_by_those_that_take_part() -> None:
    """A job that probes one environment need not hold the secrets of the others."""
    config = loads(WITH_BASELINE, {}, Overrides(environments=("dev",)))
    assert [environment.name for environment in config.environments] == ["production", "dev"]
    assert len(refuses(WITH_BASELINE, {})) == 1


def test_other_mistakes_count_wherever_they_are() -> None:
    """A mistake in an environment that takes no part is still one of the file."""
    text = WITH_BASELINE + '[environments.late]\nbase_url = "ftp://late.test"'
    (found,) = refuses(text, STAGING, Overrides(environments=("dev",)))
    assert found.startswith("environments.late.base_url")


def test_accepts_of_those_that_take_no_part_are_left_out() -> None:
    """They would be reported as unused, which they are not."""
    policy = loads(WITH_BASELINE, STAGING, Overrides(environments=("dev",))).policy
    assert [accept.environment for accept in policy.accept] == ["dev"]


def test_the_command_line_goes_before_the_file() -> None:
    """Samples, timeout, probes and threshold can be said for one run."""
    overrides = Overrides(samples=3, timeout_s=1, skip_chat=True, fail_on=FailOn.ERR, only_new_count=True)
    config = loads(WITH_BASELINE, STAGING, overrides)
    assert {(each.samples, each.timeout_s, each.probes) for each in config.environments} == {(3, 1.0, ("models",))}
    assert (config.policy.fail_on, config.policy.only_new_count) == (FailOn.ERR, True)


def test_what_a_run_will_send_is_described() -> None:
    """Without a key nothing is sent; with samples, one opening exchange comes before them."""
    config = loads(WITH_BASELINE, {**STAGING, "PROD_KEY": "k"})
    described = describe(config)
    assert [(each.name, each.is_baseline, each.key_is_set, each.requests) for each in described] == [
        ("production", True, True, 2),
        ("dev", False, False, 0),
        ("staging", False, False, 10),
    ]
    assert described[2].api_key_env is None
    assert described[2].base_url == "https://staging.test"


def test_two_samples_are_taken_beside_the_opening_exchange() -> None:
    """The opening one finds the facts and is in no median."""
    assert loads_one("samples = 2").planned_requests == 6
