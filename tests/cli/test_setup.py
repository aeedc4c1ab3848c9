from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from envcheck import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran


def test_init_writes_a_file_that_check_config_accepts(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """The starter is a valid file as it stands."""
    assert envcheck("init").code == 0
    ran = envcheck("check-config")
    assert ran.code == 0
    assert "environments.toml: valid" in ran.stdout
    assert "NOT SET" in ran.stdout


def test_init_never_overwrites_unless_it_is_forced(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Somebody's file is not lost to a newcomer's command."""
    (tmp_path / "mine.toml").write_text("mine")
    ran = envcheck("init", "mine.toml")
    assert ran.code == 2
    assert (tmp_path / "mine.toml").read_text() == "mine"
    assert envcheck("init", "mine.toml", "--force").code == 0
    assert (tmp_path / "mine.toml").read_text() != "mine"


def test_check_config_says_what_a_run_would_send_and_never_a_key(
    envcheck: Callable[..., Ran], tmp_path: Path, snapshot: object
) -> None:
    """For each environment: where, whether its key is set, what is asked, and how many requests that makes."""
    key = "sk-proj-MadeUp0123456789abcdefghijkl"
    (tmp_path / "environments.toml").write_text(
        """baseline = "production"
[environments.production]
base_url = "https://gateway.example.com/v1"
api_key_env = "PROD_API_KEY"
model = "gpt-4o-mini"
samples = 5
[environments.staging]
base_url = "https://staging.example.com/v1"
api_key_env = "STAGING_API_KEY"
verify_tls = false
[environments.local]
base_url = "http://127.0.0.1:8000/v1"
probes = ["models"]
"""
    )
    ran = envcheck("check-config", variables={"PROD_API_KEY": key})
    assert ran.code == 0
    assert ran.stdout == snapshot
    assert key not in ran.stdout + ran.stderr
    both = envcheck("check-config", variables={"PROD_API_KEY": key, "STAGING_API_KEY": f"{key}2"}).stdout
    assert both.endswith("\na run sends 15 requests\n")


def test_check_config_says_what_was_probably_not_meant(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """What has no effect is no mistake, and is said."""
    (tmp_path / "environments.toml").write_text(
        '[environments.a]\nbase_url = "https://gateway.example.com/v1"\nauth_header = "api-key"\n'
    )
    ran = envcheck("check-config")
    assert ran.code == 0
    assert "warning: environments.a.auth_header" in ran.stderr


@pytest.mark.parametrize("name", ["config", "evidence", "comparison"])
def test_schema_prints_a_json_schema(envcheck: Callable[..., Ran], name: str) -> None:
    """Each of the three is a valid schema of the draft it names."""
    ran = envcheck("schema", name)
    assert ran.code == 0
    Draft202012Validator.check_schema(json.loads(ran.stdout))


def test_version_and_help_are_exit_0(envcheck: Callable[..., Ran], capsys: pytest.CaptureFixture[str]) -> None:
    """The two things that everybody types first."""
    assert envcheck("--version").code == 0
    assert capsys.readouterr().out == f"envcheck {__version__}\n"
    assert envcheck("--help").code == 0
    shown = capsys.readouterr().out
    for command in ("run", "probe", "compare", "accept", "init", "check-config", "schema", "demo"):
        assert f"  {command} " in shown
