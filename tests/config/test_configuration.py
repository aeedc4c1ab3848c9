from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from envcheck.config import Overrides, load
from envcheck.config.configuration import configuration_of

FILE: Final = """baseline = "production"
[environments.production]
base_url = "https://production.example.com/v1"
api_key_env = "PROD_KEY"
model = "gpt-4o"
[environments.staging]
base_url = "https://staging.example.com/v1"
model = "gpt-4o"
headers = { "X-Team" = "${TEAM}" }
query = { api-version = "2024-10-21" }
prompt = "Say yes."
chat_params = { max_tokens = 16, user = "somebody" }
[compare]
latency_ratio = 1.5
severity = { "models.added" = "none" }
[[accept]]
rule = "models.removed"
environment = "staging"
reason = "not yet"
[[expect]]
field = "models.model_ids"
contains = ["gpt-4o"]
"""
VARIABLES: Final = {"PROD_KEY": "made-up-Key-0123456789abcdef", "TEAM": "made-up-Team-0123456789"}


def configured(text: str, overrides: Overrides | None = None, **variables: str) -> str:
    """Give the hash of what a file asks for."""
    plan = load(text, variables={**VARIABLES, **variables}, folder=Path(), overrides=overrides or Overrides())
    return configuration_of(plan)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('baseline = "production"', 'baseline = "staging"'),
        ("https://staging", "https://elsewhere"),
        ('api_key_env = "PROD_KEY"\n', ""),
        ('model = "gpt-4o"\nheaders', 'model = "o3"\nheaders'),
        ('"X-Team"', '"X-Group"'),
        ("api-version", "version"),
        ('prompt = "Say yes."\n', ""),
        ("max_tokens = 16", "max_tokens = 17"),
        ("max_tokens", "max_completion_tokens"),
        ("chat_params", "verify_tls = false\nchat_params"),
        ("chat_params", 'probes = ["models"]\nchat_params'),
        ("chat_params", "samples = 7\nchat_params"),
        ("chat_params", "timeout_s = 7\nchat_params"),
        ("latency_ratio = 1.5", "latency_ratio = 2.0"),
        ("[compare]", "[compare]\ntls_days = 7"),
        ("[compare]", "[compare]\nconfirm_over_s = 0"),
        ("[compare]", "[compare]\nlatency_floor_ms = 7"),
        ('"models.added" = "none"', '"models.added" = "err"'),
        ('rule = "models.removed"', 'rule = "models.added"'),
        ('contains = ["gpt-4o"]', 'contains = ["o3"]'),
        ("[compare]", '[environments.lab]\nbase_url = "https://lab.example.com/v1"\nmodel = "o3"\n[compare]'),
    ],
)
def test_another_configuration_has_another_hash(before: str, after: str) -> None:
    """Who is asked, for what, and how it is judged: shards that differ in it are no parts of one run."""
    assert before in FILE
    assert configured(FILE.replace(before, after)) != configured(FILE)


@pytest.mark.parametrize(
    "overrides",
    [Overrides(samples=7), Overrides(skip_chat=True), Overrides(timeout_s=3.0), Overrides(probes=("chat",))],
)
def test_options_are_part_of_the_configuration(overrides: Overrides) -> None:
    """They go before the file, in one shard as in another."""
    assert configured(FILE, overrides) != configured(FILE)


@pytest.mark.parametrize(
    ("before", "after"),
    [("Say yes.", "Say no."), ("somebody", "somebody-else"), ("2024-10-21", "2024-10-22"), ("", "")],
)
def test_nothing_of_a_secret_is_in_the_hash(before: str, after: str) -> None:
    """Prompts, texts of parameters, values of headers and queries, and keys could be guessed from what is saved."""
    assert configured(FILE.replace(before, after), TEAM="another-Team-9876543210") == configured(FILE)
    assert configured(FILE, PROD_KEY="another-Key-9876543210fedcba") == configured(FILE)


def test_the_order_of_the_file_is_none_of_the_configuration() -> None:
    """Two files that say the same in another order are one configuration."""
    tables = FILE.partition("[environments.production]")[2].partition("[environments.staging]")
    production, _, rest = tables
    staging, at, end = rest.partition("[compare]")
    turned = f'baseline = "production"\n[environments.staging]{staging}[environments.production]{production}{at}{end}'
    assert configured(turned) == configured(FILE)


def test_what_only_decides_about_the_exit_code_is_no_part_of_it() -> None:
    """A shard may be told to end with 0 so that its engine goes on."""
    assert configured(FILE, Overrides(fail_on_undecided=True)) == configured(FILE)
