"""docs/nightly.md is for pasting: its job is run by the shell that cron would give it to, its units are verified."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import tomli
from checkout import ROOT
from typer.main import get_command

from cli_runs import run_envcheck
from envcheck.cli.app import app
from envcheck.config import load
from gateways.good import Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "nightly.md").read_text(encoding="utf-8")
FOLDER = "/srv/envcheck"
KEYS = {"PROD_API_KEY": "made-up-1", "STAGING_API_KEY": "made-up-2"}
INSTALLED = "/usr/local/bin/envcheck"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_file_loads() -> None:
    """With a history that is kept where the page says."""
    (block,) = blocks("toml")
    assert tomli.loads(block)["history"] == {"path": "history.sqlite", "keep": "90d"}
    assert load(block, variables={}, folder=ROOT).keeping.path == ROOT / "history.sqlite"


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Path]:
    """The folder of the page, somewhere else: two gateways, the second of which lacks usage, and keys."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "envcheck"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m envcheck "$@"\n')
    command.chmod(0o755)
    (tmp_path / "keys.env").write_text("".join(f"{name}={key}\n" for name, key in KEYS.items()))
    (file,) = blocks("toml")
    with serving_all([good_gateway(), good_gateway(Manner(usage=None))]) as servers:
        for host, server in zip(("gateway", "staging"), servers, strict=True):
            file = file.replace(f"https://{host}.example.com/v1", server.base_url)
        # What is slow by chance, for this machine is busy, is no news.
        (tmp_path / "environments.toml").write_text(f"{file}\n[compare]\nlatency_floor_ms = 60000\n")
        yield tmp_path


def run_by_cron(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run what cron would, the way that it does: by /bin/sh, with few variables."""
    return subprocess.run(
        ["/bin/sh", "-c", script.replace(FOLDER, str(folder))],
        env={"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder), "SHELL": "/bin/sh"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_job_of_the_crontab_mails_once(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first night tells what there is; on the second nothing changed, so cron gets nothing to send.

    Then somebody looks back.
    """
    (crontab,) = blocks("cron")
    (line,) = re.findall(r"^[\d*]+ [\d*]+ \* \* \*  (.*)$", crontab, re.MULTILINE)
    assert "%" not in line  # which cron would take for the end of a line
    first = run_by_cron(line, job)
    assert (first.returncode, "chat.usage" in first.stdout) == (3, True), first.stderr
    second = run_by_cron(line, job)
    assert (second.returncode, second.stdout, second.stderr) == (3, "", "")
    monkeypatch.chdir(job)
    (script,) = blocks("sh")
    for command in script.splitlines():
        looked = run_envcheck(*shlex.split(command, comments=True)[1:], variables=KEYS)
        assert looked.code == (3 if "envcheck run" in command else 0), looked.stderr
    assert (job / "nights.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Verified whole, with what would be installed there standing in for it."""
    units = dict(zip(("envcheck.service", "envcheck.timer"), blocks("ini"), strict=True))
    for name, unit in units.items():
        (tmp_path / name).write_text(unit.replace(INSTALLED, sys.executable).replace("User=envcheck", "User=root"))
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        cwd=tmp_path,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_units_run_what_the_crontab_does() -> None:
    """The same job, whoever starts it; systemd has read the keys already, and is in the folder."""
    (crontab,) = blocks("cron")
    (by_systemd,) = re.findall(rf"^ExecStart={INSTALLED} (.*)$", blocks("ini")[0], re.MULTILINE)
    assert f"envcheck {by_systemd}" in crontab.replace(" --env-file keys.env", "")


def test_every_option_that_the_page_names_exists() -> None:
    """Nothing is promised that `run` or `history` refuses."""
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    commands = get_command(app).commands  # type: ignore[attr-defined]  # a group, which has commands
    options = {option for name in ("run", "history") for each in commands[name].params for option in each.opts}
    assert named <= options


def test_every_link_leads_to_a_file() -> None:
    """A click ends somewhere."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE)
    assert [each for each in targets if not (ROOT / "docs" / each).exists()] == []
