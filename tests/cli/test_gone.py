"""`run --prune` takes out of the report folder what is there of environments that are gone, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evidences import chat, evidence, models

from cli_runs import console_of
from envcheck.cli.jobs.gone import remove_gone
from envcheck.comparison import Result
from envcheck.render.json import json_files
from gateways.good import good_gateway
from gateways.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from cli_runs import Ran


def test_a_run_that_is_told_to_removes_them(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """Only with the flag, and in every form that a report of an environment has."""
    with serving(good_gateway()) as server:
        table = '[environments.{}]\nbase_url = "' + server.base_url + '"\n'
        file = tmp_path / "environments.toml"
        file.write_text('baseline = "production"\n' + table.format("production") + table.format("staging"))
        envcheck("run")
        Path("reports/staging.html").write_text("as -f html writes it")
        file.write_text(table.format("production"))
        envcheck("run")
        assert len(list(Path("reports").glob("staging*"))) == 3
        ran = envcheck("run", "--prune")
        assert "reports: removed the reports of 1 environment that the file no longer has: staging" in ran.stderr
        assert not list(Path("reports").glob("staging*"))
        assert {path.stem for path in Path("reports").iterdir()} == {"production", "comparison"}
        assert "removed" not in envcheck("run", "--prune", "--no-reports").stderr


def test_what_envcheck_did_not_write_stays(tmp_path: Path) -> None:
    """Notes, a package's file, a record under another name, a report without its record, and what a link leads to."""
    records = [evidence(name, models("a"), chat()) for name in ("gone", "other")]
    for name, text in json_files(Result(records)):
        (tmp_path / name).write_text(text)
    (tmp_path / "other.json").rename(tmp_path / "renamed.json")
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package.md").write_text("notes")
    (tmp_path / "lonely.md").write_text("notes")
    (tmp_path / "elsewhere").write_text("notes")
    (tmp_path / "gone.md").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "gone.html").mkdir()
    before = {path.name for path in tmp_path.iterdir()}
    console, _ = console_of()
    remove_gone(tmp_path, ["production"], console)
    assert before - {path.name for path in tmp_path.iterdir()} == {"gone.json"}


def test_an_environment_that_takes_no_part_is_not_gone(tmp_path: Path) -> None:
    """It is in the file."""
    for name, text in json_files(Result([evidence("staging", models("a"))])):
        (tmp_path / name).write_text(text)
    console, stderr = console_of()
    remove_gone(tmp_path, ["production", "staging"], console)
    assert (tmp_path / "staging.json").exists()
    assert not stderr.getvalue()


def refuse(*_: object) -> None:
    raise PermissionError


def test_what_cannot_be_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has to do it by hand."""
    for name, text in json_files(Result([evidence("gone", models("a"))])):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(Path, "unlink", refuse)
    console, stderr = console_of()
    remove_gone(tmp_path, [], console)
    assert "gone.json: cannot be removed" in stderr.getvalue()
    assert "remove it by hand" in stderr.getvalue()
    assert "no longer has" not in stderr.getvalue()


def test_what_is_in_object_storage_goes_by_its_own_rules(envcheck: Callable[..., Ran], tmp_path: Path) -> None:
    """It is refused before anything is read or sent."""
    ran = envcheck("run", "--prune", "-o", "s3://reports/nightly")
    assert ran.code == 2
    assert "--prune: s3://reports/nightly is object storage" in ran.stderr
