"""The ways in which a newcomer gets envcheck, each as the README has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from checkout import ROOT
from real_gateways.install import required, system_binary

from envcheck import __version__
from packages.install import READERS

if TYPE_CHECKING:
    from packages.building import Made

pytestmark = pytest.mark.packages
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
ALL_FOUND = "envcheck: all 6 known differences were found (envcheck run would exit 4)"


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "120", **variables}
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("line", ["uvx --from . envcheck demo", "pipx run --spec . envcheck demo"])
def test_it_runs_without_being_installed(line: str, tmp_path: Path) -> None:
    """From a clone, in one line, with an empty cache."""
    assert f"\n{line} " in README
    ran = run(*line.split(), cwd=ROOT, UV_CACHE_DIR=str(tmp_path / "uv"), PIPX_HOME=str(tmp_path / "pipx"))
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.rstrip().endswith(ALL_FOUND)


def test_pipx_finds_the_command_by_the_distributions_name(tmp_path: Path, made: Made) -> None:
    """Which is another one than the command's."""
    ran = run("pipx", "run", "--spec", made.wheel, "llm-envcheck", "--version", cwd=tmp_path, PIPX_HOME=str(tmp_path))
    assert ran.stdout == f"envcheck {__version__}\n", ran.stderr


def test_the_wheel_brings_the_command_and_its_manual_page(tmp_path: Path, made: Made) -> None:
    """Installed with pip, where `man` finds what belongs to a command on the PATH."""
    place = tmp_path / "venv"
    assert run("uv", "venv", "--quiet", "--python", sys.executable, place, cwd=tmp_path).returncode == 0
    installed = run("uv", "pip", "install", "--quiet", "--python", place / "bin/python", made.wheel, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    assert run(place / "bin/envcheck", "--version", cwd=tmp_path).stdout == f"envcheck {__version__}\n"
    needs("man")
    environment = {"PATH": f"{place / 'bin'}:/usr/bin:/bin", "MANPATH": str(place / "share/man")}
    assert "compare OpenAI-compatible endpoints" in run("man", "envcheck", cwd=tmp_path, **environment).stdout


def test_mandoc_has_nothing_to_say_of_the_manual_page(tmp_path: Path) -> None:
    """Not even about its style."""
    needs("mandoc")
    ran = run("mandoc", "-T", "lint", "-W", "style", ROOT / "release/envcheck.1", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("columns", ["80", "40"])
def test_man_shows_the_page_without_a_warning(tmp_path: Path, columns: str) -> None:
    """groff is what most systems show a page with."""
    needs("man")
    ran = run("man", "--warnings", "-l", ROOT / "release/envcheck.1", cwd=tmp_path, MANWIDTH=columns)
    assert ran.stderr == ""
    assert "--fail-on err|warn|info|never" in ran.stdout.replace("|\n              ", "|")


def test_the_bills_of_materials_name_every_package_with_its_version() -> None:
    """One has what is installed, the other all of constraints.txt; the tool held both against CycloneDX's schema."""
    made = run("make", "--silent", "sbom", cwd=ROOT)
    assert made.returncode == 0, made.stderr
    pinned = {line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line}
    everything, shipped = (_components(name) for name in ("constraints", "envcheck"))
    assert everything == pinned
    assert shipped < pinned
    assert {line.split("==")[0] for line in shipped} >= {"aiohttp", "pydantic_core", "Jinja2"}
    assert not {line.split("==")[0] for line in shipped} & {"pytest", "ruff", "hatchling"}


def _components(name: str) -> set[str]:
    bill = json.loads((ROOT / "build" / f"{name}.cdx.json").read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    root = bill["metadata"]["component"]
    assert (root["name"], root["licenses"][0]["license"]["id"]) == ("llm-envcheck", "MIT")
    return {f"{each['name']}=={each['version']}" for each in bill["components"]}


def needs(program: str) -> None:
    if system_binary(program) is None:
        sentence = f"{READERS[program]} is not there; make test-packages installs it"
        pytest.fail(sentence) if required() else pytest.skip(sentence)
