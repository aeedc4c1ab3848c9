"""Runs what a pipeline's YAML says, as its runner would."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml
from checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ACTION: Final[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: Final[list[dict[str, Any]]] = ACTION["runs"]["steps"]
# https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#exit-codes-and-error-action-preference
_BASH: Final = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
_LIMIT_S: Final = 120


@dataclass(frozen=True, slots=True)
class Ran:
    """What a step left behind."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]


def step(name: str) -> dict[str, Any]:
    """Give a step of the action."""
    return next(each for each in STEPS if each.get("name") == name)


def run_step(name: str, folder: Path, expressions: Mapping[str, str], **variables: str) -> Ran:
    """Run a step of the action with bash, in a workspace; each `${{ ... }}` of its `env` is what is given for it."""
    env = {key: _filled_in(text, expressions) for key, text in step(name)["env"].items()}
    return run_shell(step(name)["run"], folder, **variables, **env)


def run_shell(script: str, folder: Path, **variables: str) -> Ran:
    """Run a script in a workspace the way GitHub does, and give what it wrote to $GITHUB_OUTPUT."""
    (folder / "temp").mkdir(exist_ok=True)
    file, output = folder / "temp" / "step.sh", folder / "temp" / "output"
    file.write_text(script, encoding="utf-8")
    output.write_text("")
    ran = subprocess.run(
        [*_BASH, file],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_OUTPUT": str(output),
            **variables,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT_S,
    )
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return Ran(ran.returncode, ran.stdout, ran.stderr, outputs)


def _filled_in(text: str, expressions: Mapping[str, str]) -> str:
    for expression, value in expressions.items():
        text = text.replace(f"${{{{ {expression} }}}}", value)
    return text
