"""docs/ci.md is for pasting: its YAML is read, and its shell is run as it stands."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from checkout import ROOT
from ci.pipelines import ACTION, run_shell

from gateways.good import good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


DOCUMENTS: list[dict[Any, Any]] = [yaml.safe_load(block) for block in blocks("yaml")]


def steps() -> Iterator[dict[str, Any]]:
    """Give the steps of every job for GitHub."""
    for document in DOCUMENTS:
        for job in document.get("jobs", {}).values():
            yield from job["steps"]


def scripts() -> Iterator[str]:
    """Give everything that a shell runs: of plain blocks, of GitHub's steps, of GitLab's jobs."""
    yield from blocks("sh")
    yield from (step["run"] for step in steps() if "run" in step)
    yield from ("\n".join(document["compare"]["script"]) for document in DOCUMENTS if "compare" in document)


def test_the_page_has_a_pipeline_for_each_that_it_names() -> None:
    """GitHub with the action and without it, GitLab, pre-commit; the tests below are about something."""
    assert [sorted(map(str, document)) for document in DOCUMENTS] == [
        ["True", "jobs", "name", "permissions"],  # YAML 1.1 reads `on` so
        ["True", "jobs", "name", "permissions"],
        ["compare"],
        ["repos"],
    ]
    assert len(list(scripts())) == 6


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A checkout with two equal gateways in its file, and envcheck; what pip would install is there."""
    (tmp_path / "bin").mkdir()
    for name, line in {"envcheck": f'exec {sys.executable} -m envcheck "$@"', "pip": "[[ $1 = install ]]"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/bash\n{line}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    with serving_all([good_gateway(), good_gateway()]) as servers:
        tables = (
            f'[environments.{name}]\nbase_url = "{server.base_url}"\n'
            for name, server in zip(("production", "staging"), servers, strict=True)
        )
        (tmp_path / "environments.toml").write_text('baseline = "production"\n' + "".join(tables))
        yield tmp_path


@pytest.mark.parametrize("script", [*scripts()])
def test_what_a_shell_is_given_runs(workspace: Path, script: str) -> None:
    """As it stands, where nothing differs; what runs a comparison leaves its reports where the page says."""
    assert "${{" not in script
    ran = run_shell(script, workspace, PATH=f"{workspace}/bin:/usr/bin:/bin", CODE="3", VERDICT="differs")
    assert ran.code == 0, ran.stderr
    assert (workspace / "reports" / "comparison.md").is_file() == ("envcheck run" in script)
    if "schema config" in script:
        assert (workspace / "environments.schema.json").read_text().startswith("{")


def test_the_action_is_given_inputs_that_it_has() -> None:
    """And asked for outputs that it has; the table names each input."""
    (step,) = (each for each in steps() if each.get("uses", "").startswith("OWNER/envcheck@"))
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert set(re.findall(r"steps\.envcheck\.outputs\.([a-z-]+)", PAGE)) == set(ACTION["outputs"])
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE) == list(ACTION["inputs"])


def test_the_hook_that_the_page_names_is_there() -> None:
    """By its id, and with the entry that the page describes."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    ((repository,),) = (document["repos"] for document in DOCUMENTS if "repos" in document)
    assert [each["id"] for each in repository["hooks"]] == [hook["id"]]
    assert f"`{hook['entry']} FILE...`" in PAGE


@pytest.mark.parametrize(
    ("path", "is_checked"),
    [
        ("environments.toml", True),
        ("deep/environments.toml", True),
        ("environments.example.toml", False),
        ("my-environments.toml", False),
        ("environments.toml.orig", False),
    ],
)
def test_the_hook_is_for_files_of_one_name(path: str, *, is_checked: bool) -> None:
    """In whatever folder; pre-commit searches the path."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert bool(re.search(hook["files"], path)) == is_checked
    assert hook.get("pass_filenames", True)
