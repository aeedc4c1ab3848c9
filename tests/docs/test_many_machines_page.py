"""docs/many-machines.md: its shell runs as it stands, and its tables are those of the code."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest
from checkout import ROOT
from ci.pipelines import run_shell

from envcheck.cli.jobs.engines import ENGINES
from envcheck.config.secrets import STORAGE_VARIABLES
from envcheck.places import SCHEMES
from envcheck.store import objects
from gateways.good import MODELS, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "many-machines.md").read_text(encoding="utf-8")
VANTAGES, SHARDS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A checkout with four gateways in its file, of which one lacks a model, and envcheck."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "envcheck"
    command.write_text(f'#!/bin/bash\nexec {sys.executable} -m envcheck "$@"\n')
    command.chmod(0o755)
    names = ("production", "staging", "canary", "lab")
    lacking = Manner(models=(MODELS[:1],))
    with serving_all([good_gateway(), good_gateway(), good_gateway(), good_gateway(lacking)]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\nprobes = ["models"]\n'
            for name, server in zip(names, servers, strict=True)
        )
        (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        yield tmp_path


def test_two_vantages_are_compared_as_the_page_says(workspace: Path) -> None:
    """What both see is found at each of them, and nothing between them."""
    ran = run_shell(VANTAGES, workspace, PATH=f"{workspace}/bin:/usr/bin:/bin")
    assert ran.code == 3, ran.stderr
    assert "lab@us-east" in ran.stdout
    assert "no fact differs between eu-west, us-east" in ran.stdout


def test_a_fleet_in_parts_is_put_together_as_the_page_says(workspace: Path) -> None:
    """Each part in its own folder, and all of them in one."""
    ran = run_shell(SHARDS, workspace, PATH=f"{workspace}/bin:/usr/bin:/bin")
    assert ran.code == 3, ran.stderr
    comparison = json.loads((workspace / "merged" / "comparison.json").read_text())
    assert comparison["environments"] == ["production", "staging", "canary", "lab"]
    assert {each["environment"] for each in comparison["findings"]} == {"lab"}


def test_the_table_of_engines_is_the_codes() -> None:
    """Whoever writes a manifest finds the variables that are read, and no others."""
    table = PAGE.split("| engine |", 1)[1].split("\n\n", 1)[0]
    read = {str(name) for each in ENGINES for name in (each.own, each.first, each.total, each.step)}
    assert set(re.findall(r"`([A-Z_]+)`", table)) == {name for name in read if name.isupper()}
    for engine in ENGINES:
        assert f"| {engine.name}" in table


def test_the_variables_of_storages_are_those_that_are_kept_secret() -> None:
    """Each credential that the page has somebody set is one that never comes out."""
    table = PAGE.split("| storage |", 1)[1].split("\n\n", 1)[0]
    named = set(re.findall(r"`([A-Z_]+(?:KEY|TOKEN|KEY_ID))`", table))
    assert named
    assert named <= set(STORAGE_VARIABLES)


def test_the_page_names_the_schemes_and_the_bounds_of_the_code() -> None:
    """How long somebody waits for a storage that is down is told as it is."""
    assert all(f"`{scheme}://" in PAGE for scheme in SCHEMES)
    assert f"within {objects.RETRY_S:.0f} s, and none lasts longer than {objects.REQUEST_S:.0f} s" in PAGE


def test_every_file_of_deploy_is_on_the_page() -> None:
    """Whoever looks for an engine finds all there is for it."""
    files = [path.name for folder in (ROOT / "deploy").iterdir() for path in folder.iterdir()]
    assert files
    assert [name for name in files if f"{name}`" not in PAGE] == []


def test_the_readme_leads_to_the_page() -> None:
    """Nobody has to know that it is there."""
    assert "(docs/many-machines.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
