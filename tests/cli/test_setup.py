from __future__ import annotations

import json
import tomllib
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


def test_the_starter_names_its_schema_and_the_command_that_makes_it(
    envcheck: Callable[..., Ran], tmp_path: Path
) -> None:
    """On the first line, where taplo reads it; the schema that the command prints takes the starter as it stands."""
    envcheck("init")
    first, *others = (tmp_path / "environments.toml").read_text().splitlines()
    schema = first.removeprefix("#:schema ./")
    assert schema != first
    (command,) = (line.removeprefix("# ") for line in others if line.startswith("# envcheck schema"))
    *words, into, file = command.split()
    assert (into, file) == (">", schema)
    printed = json.loads(envcheck(*words[1:]).stdout)
    with (tmp_path / "environments.toml").open("rb") as starter:
        Draft202012Validator(printed).validate(tomllib.load(starter))


VALID = """baseline = "a"
[environments.a]
base_url = "${URL_OF_A}/v1"
headers = { "X-Team" = "${TEAM}" }
[environments.b]
base_url = "https://gateway.example.com/v1"
api_key_env = "KEY_OF_B"
"""


def test_files_are_checked_without_the_variables_that_they_name(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """As a hook does, on a machine that has no key; each file by itself, wherever it lies."""
    (tmp_path / "deep").mkdir()
    for name in ("one.toml", "deep/two.toml"):
        (tmp_path / name).write_text(VALID)
    ran = envcheck("check-config", "one.toml", "deep/two.toml", variables={"ENVCHECK_CONFIG": "none.toml"})
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == "one.toml: valid, 2 environments\ndeep/two.toml: valid, 2 environments\n"


def test_every_mistake_in_every_file_is_named(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """With its file; what a run would refuse is refused, but for a variable that is not set."""
    (tmp_path / "good.toml").write_text(VALID)
    (tmp_path / "none.toml").write_text(VALID.replace('baseline = "a"\n', ""))
    (tmp_path / "key.toml").write_text(VALID.replace("api_key_env", "api_key_en").replace("base_url", "base_ur", 1))
    ran = envcheck("check-config", "good.toml", "none.toml", "key.toml", "gone.toml")
    assert (ran.code, ran.stdout) == (2, "")
    lines = ran.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == [
        "none.toml",
        "key.toml",
        "key.toml",
        "key.toml",
        "gone.toml",
    ]
    assert "baseline: is missing" in lines[0]
    assert 'did you mean "base_url"?' in ran.stderr
    assert 'did you mean "api_key_env"?' in ran.stderr


@pytest.mark.parametrize("option", ["--config", "--env-file"])
def test_what_has_nothing_to_act_on_beside_files_is_refused(envcheck: Callable[..., Ran], option: str) -> None:
    """Neither a second file nor variables are looked at."""
    ran = envcheck("check-config", option, "x", "environments.toml")
    assert ran.code == 2
    assert ran.stderr == "envcheck: --config and --env-file have nothing to act on beside FILE; leave them out\n"


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
