from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import tomli
from typer.main import get_command

from cli_runs import run_envcheck
from envcheck.cli.app import app
from envcheck.config import load
from envcheck.errors import ExitCode
from envcheck.model import FailureClass
from envcheck.probes import PROBES, probe_sets
from envcheck.render.advice import advice_for

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
WIDTH = "110"
PROMPT = "$ "


def consoles(page: str = README) -> list[tuple[str, str]]:
    """Give each command of the README, or of another page, that is shown with its output, and that output."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [tuple(block.removeprefix(PROMPT).split("\n", 1)) for block in blocks]


@pytest.mark.parametrize(("command", "output"), consoles())
def test_every_output_in_the_readme_is_real(
    command: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown under a command is what it prints, at the width that the README has room for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", WIDTH)
    assert run_envcheck(*shlex.split(command)[1:]).stdout == output


def test_the_readme_shows_an_output() -> None:
    """The test above is about something."""
    assert consoles()


def test_the_files_shown_are_valid() -> None:
    """An environments.toml that is pasted from the README loads."""
    blocks = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        assert tomli.loads(block)
        load(block, variables={"STAGING_URL": "https://staging.example.com"}, folder=ROOT)


def test_every_command_is_in_the_readme_and_no_other() -> None:
    """The table of commands is the command line's."""
    listed = set(re.findall(r"^\| `envcheck ([a-z-]+)", README, re.MULTILINE))
    assert listed == set(get_command(app).commands)  # type: ignore[attr-defined]  # a group, which has commands


def test_every_option_that_the_readme_names_exists() -> None:
    """Nothing is promised that a command line refuses."""
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    group = get_command(app)
    options = {
        option
        for command in group.commands.values()  # type: ignore[attr-defined]  # a group, which has commands
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    of_others = {
        "--help",
        "--upgrade",
        "--constraint",
        "--editable",
        "--group",
        "--from",
        "--spec",
        "--install-completion",
    }
    assert named <= options | of_others


def test_the_line_for_a_script_finds_who_differs_and_why() -> None:
    """What it reads is in the JSON of a comparison, and what it chooses is who differs; here by hand, without jq."""
    line = """jq '.summary.by_environment | to_entries[] | select(.value.verdict != "same")' reports/comparison.json"""
    assert line in README
    summary = json.loads(run_envcheck("run", "--sample", "--json").stdout)["summary"]
    entries = [{"key": name, "value": each} for name, each in summary["by_environment"].items()]
    chosen = {each["key"]: each["value"]["worst_rule"] for each in entries if each["value"]["verdict"] != "same"}
    assert chosen == {"production": None, "new-region": "probe.failed", "staging": "models.removed"}
    assert {*entries[0]["value"]} == {"verdict", "err", "warn", "info", "accepted", "worst_rule", "changed"}


@pytest.mark.parametrize("failure", [each for each in FailureClass if each is not FailureClass.HTTP])
def test_every_failure_class_is_in_the_readme_in_the_tools_own_words(failure: FailureClass) -> None:
    """What a report says to check first is what the README says."""
    advice = advice_for(failure)
    assert f"| `{failure}` | {advice.meaning} | {advice.first_check} |" in README


def test_any_other_status_is_in_the_readme() -> None:
    """`http_<status>` stands for all of them."""
    assert "| `http_<status>` |" in README


def test_every_probe_is_in_the_readme_with_its_request_and_its_sets() -> None:
    """Whoever names probes finds their names there, and what each sends."""
    rows = [
        f"| `{name}` | `{probe.route}` | {', '.join(f'`{each}`' for each in probe_sets() if each in probe.sets)} |"
        for name, probe in PROBES.items()
    ]
    assert [row for row in rows if row not in README] == []


def test_every_exit_code_is_in_the_readme() -> None:
    """What a script acts on is written down."""
    table = README.split("## Exit codes")[1].split("##")[0]
    listed = {int(code) for cell in re.findall(r"^\| ([0-9, ]+) \|", table, re.MULTILINE) for code in cell.split(",")}
    assert listed == set(ExitCode)


def test_every_link_leads_to_a_file() -> None:
    """A newcomer's click ends somewhere."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_checked_in_samples_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To make them again: `envcheck run --sample -o reports/sample`."""
    monkeypatch.chdir(tmp_path)
    run_envcheck("run", "--sample", "-o", "sample")
    made = {path.name: path.read_text() for path in (tmp_path / "sample").iterdir()}
    assert made == {path.name: path.read_text() for path in (ROOT / "reports" / "sample").iterdir()}
