"""Open files are held against this machine's limit before anything is sent."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from envcheck.cli.jobs import files_at_once
from envcheck.errors import ConfigError
from gateways.good import good_gateway
from gateways.server import serving

if TYPE_CHECKING:
    from pathlib import Path

    from gateways.server import Server

pytestmark = pytest.mark.thorough

MANY = 100
FEW = 128


def write_config(folder: Path, server: Server, samples: int) -> None:
    """One gateway under many names: what counts here is how many connections are open."""
    tables = (f'[environments.e{i}]\nbase_url = "{server.base_url}"' for i in range(MANY))
    head = f'baseline = "e0"\n[defaults]\nmodel = "gpt-4o"\nsamples = {samples}\n'
    (folder / "environments.toml").write_text(head + "\n".join(tables))


def run_limited(folder: Path, soft: int, hard: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run with so many open files allowed."""
    return subprocess.run(
        [sys.executable, "-m", "envcheck", "run", "--json", "--fail-on", "err", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)),
        check=False,
        timeout=120,
    )


def test_a_plan_that_needs_too_many_files_sends_nothing(tmp_path: Path) -> None:
    """The sentence names the limit, what is needed and both remedies; no gateway is blamed."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, server, samples=1)
        ran = run_limited(tmp_path, FEW, FEW)
        assert server.connections == 0
    assert (ran.returncode, ran.stdout) == (2, "")
    [sentence] = [line for line in ran.stderr.splitlines() if "open files" in line]
    assert f"this process may have {FEW}; use --concurrency " in sentence
    assert "`ulimit -n " in sentence


@pytest.mark.parametrize("samples", [1, 2])
def test_the_remedy_works_with_and_without_samples(tmp_path: Path, samples: int) -> None:
    """As many environments as are said to fit do fit, and every one of them passes."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, server, samples)
        said = run_limited(tmp_path, FEW, FEW).stderr
        fitting = said.partition("use --concurrency ")[2].partition(",")[0]
        ran = run_limited(tmp_path, FEW, FEW, "--concurrency", fitting, "--no-reports")
    assert 40 < int(fitting) < 64
    assert '"outcome": "fail"' not in ran.stdout
    assert ran.returncode == 0, ran.stderr


def test_a_soft_limit_is_raised_to_what_is_needed(tmp_path: Path) -> None:
    """Where this process may have more files it takes them, and nobody has to know."""
    with serving(good_gateway()) as server:
        write_config(tmp_path, server, samples=1)
        ran = run_limited(tmp_path, 64, 4096, "--no-reports")
    assert ran.returncode == 0, ran.stderr
    assert "open files" not in ran.stderr


def test_nothing_stays_open_between_samples_where_not_all_fit(tmp_path: Path) -> None:
    """With more environments than places every sample opens a connection of its own, for all of them alike."""
    with serving(good_gateway()) as server:
        tables = (f'[environments.e{i}]\nbase_url = "{server.base_url}"' for i in range(3))
        (tmp_path / "environments.toml").write_text('baseline = "e0"\n[defaults]\nsamples = 2\n' + "\n".join(tables))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        run_limited(tmp_path, soft, hard, "--concurrency", "2", "--no-reports")
        narrow = server.connections == len(server.requests)
        before = server.connections
        run_limited(tmp_path, soft, hard, "--concurrency", "3", "--no-reports")
        wide = server.connections - before
    assert narrow
    assert wide == 3


def test_a_system_that_does_not_list_open_files_is_held_to_a_guess(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The plan is checked there too."""
    monkeypatch.setattr(files_at_once, "_OPEN_ALREADY", tmp_path / "nothing here")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    monkeypatch.setattr(resource, "getrlimit", lambda _: (20, 20))
    with pytest.raises(ConfigError, match="may have 20; raise the limit"):
        files_at_once.make_room(1)
    assert hard > 20
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    files_at_once.make_room(1_000_000)  # nothing is too much where nothing is limited
    monkeypatch.setattr(resource, "getrlimit", lambda _: (20, resource.RLIM_INFINITY))

    def refuse(*_: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    with pytest.raises(ConfigError, match="open files"):
        files_at_once.make_room(1)
