from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran


def save_run(envcheck: Callable[..., Ran], folder: Path, staging: Manner) -> None:
    """Probe two gateways and keep the reports in a folder."""
    with serving_all([good_gateway(), good_gateway(staging)]) as (one, two):
        (folder.parent / "environments.toml").write_text(
            f"""baseline = "production"
[environments.production]
base_url = "{one.base_url}"
[environments.staging]
base_url = "{two.base_url}"
"""
        )
        envcheck("run", "-o", folder)


@pytest.fixture
def nights(envcheck: Callable[..., Ran], tmp_path: Path) -> tuple[Path, Path]:
    """Last night, and tonight with usage missing in staging."""
    save_run(envcheck, tmp_path / "last", Manner(models=((*MODELS, "o3"),)))
    save_run(envcheck, tmp_path / "tonight", Manner(usage=None))
    return tmp_path / "last", tmp_path / "tonight"


def test_two_folders_hold_each_environment_against_itself(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """Last night against tonight: what changed in staging is found, and production is the same."""
    ran = envcheck("compare", *nights, "--json")
    findings = json.loads(ran.stdout)["findings"]
    assert ran.code == 3
    assert {(finding["rule"], finding["environment"]) for finding in findings} == {
        ("models.removed", "staging"),
        ("chat.usage", "staging"),
    }


def test_files_compare_as_environments(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """The first file is the baseline, unless another is named."""
    files = [nights[1] / "staging.json", nights[1] / "production.json"]
    first = json.loads(envcheck("compare", *files, "--json").stdout)
    named = json.loads(envcheck("compare", *files, "--baseline", "production", "--json").stdout)
    assert (first["baseline"], named["baseline"]) == ("staging", "production")
    assert {finding["severity"] for finding in first["findings"]} == {"info"}
    assert {finding["severity"] for finding in named["findings"]} == {"err"}


def test_one_environments_two_records_are_two_runs_of_it(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """A file of last night and one of tonight by the same name are that environment over time."""
    ran = envcheck("compare", *(night / "staging.json" for night in nights), "--json")
    assert json.loads(ran.stdout)["held_against"] == "itself_earlier"


def test_only_new_findings_count_when_that_is_asked(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """One difference is resolved, one is new, and then nothing is new any more."""
    last, tonight = nights
    files = [tonight / "production.json", tonight / "staging.json"]
    before = envcheck("compare", *files, "--against", last, "--fail-on-new", "-o", tonight.parent / "out")
    after = envcheck("compare", *files, "--against", tonight.parent / "out", "--fail-on-new")
    assert (before.code, after.code) == (3, 0)
    assert "absent" in before.stdout
    assert "new" in before.stdout


def test_two_runs_say_what_is_new_by_themselves(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """What tonight has and last night had not is new; held the other way round, so is what was lost."""
    ran = envcheck("compare", *nights, "--fail-on-new", "--json")
    assert ran.code == 3
    assert {finding["state"] for finding in json.loads(ran.stdout)["findings"]} == {"new"}
    same = envcheck("compare", nights[1], nights[1], "--fail-on-new")
    assert same.code == 0


def test_a_failure_that_was_there_last_night_is_unchanged(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path]
) -> None:
    """A gateway that is down for the second night is not news."""
    for night in nights:
        record = json.loads((night / "staging.json").read_text())
        record["checks"][1] |= {"outcome": "fail", "failure_class": "timeout", "facts": {}}
        (night / "staging.json").write_text(json.dumps(record))
    ran = envcheck("compare", *nights, "--json")
    states = {finding["rule"]: finding["state"] for finding in json.loads(ran.stdout)["findings"]}
    assert states["probe.failed"] == "unchanged"


def test_the_file_of_environments_says_how_to_judge(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path], tmp_path: Path
) -> None:
    """Severities and accepted differences hold here too, and the file's variables need not be set."""
    (tmp_path / "rules.toml").write_text(
        """baseline = "production"
[environments.production]
base_url = "${NOT_SET_HERE}/v1"
[environments.staging]
base_url = "https://staging.example.com/v1"
[compare]
severity = { "models.removed" = "none" }
[[accept]]
rule = "chat.usage"
environment = "staging"
reason = "the new proxy does not count tokens yet"
"""
    )
    ran = envcheck("compare", *nights, "--config", tmp_path / "rules.toml")
    assert ran.code == 0
    assert "does not count tokens yet" in ran.stdout
    (tmp_path / "rules.toml").write_text("[compare]\nseverty = 1\n")
    broken = envcheck("compare", *nights, "--config", tmp_path / "rules.toml")
    assert broken.code == 2
    assert "compare.severty" in broken.stderr


@pytest.mark.parametrize(
    ("paths", "code", "sentence"),
    [
        (["last/staging.json"], 2, "give two or more"),
        (["last", "tonight", "last"], 2, "two folders"),
        (["last", "tonight/staging.json"], 2, "two folders"),
        (["last", "missing"], 2, "no such file"),
        (["last", "empty"], 2, "holds no evidence"),
        (["last", "tonight", "--baseline", "production"], 2, "leave it out"),
        (["last/staging.json", "tonight/production.json", "--fail-on-new"], 2, "--against"),
        (["last/staging.json", "tonight/comparison.json"], 5, "schema_version"),
    ],
)
def test_paths_that_cannot_be_compared_are_one_sentence(
    envcheck: Callable[..., Ran], nights: tuple[Path, Path], paths: list[str], code: int, sentence: str
) -> None:
    """Usage is exit 2, a record that cannot be read is exit 5."""
    (nights[0].parent / "empty").mkdir()
    ran = envcheck("compare", *paths)
    assert ran.code == code
    assert sentence in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_an_environment_of_one_night_alone_is_said(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """A new region has nothing to be held against, and one that is gone is not passed over."""
    last, tonight = nights
    (last / "staging.json").unlink()
    (tonight / "production.json").unlink()
    ran = envcheck("compare", last, tonight)
    assert "staging" in ran.stdout
    assert "production" in ran.stdout


def test_an_unknown_earlier_comparison_is_exit_5(envcheck: Callable[..., Ran], nights: tuple[Path, Path]) -> None:
    """A comparison of another version is never guessed at."""
    last, tonight = nights
    shutil.copytree(last, last.parent / "older")
    (last.parent / "older" / "comparison.json").write_text('{"schema_version": "envcheck.comparison/0"}')
    ran = envcheck("compare", last, tonight, "--against", last.parent / "older")
    assert ran.code == 5
    assert "another version" in ran.stderr
