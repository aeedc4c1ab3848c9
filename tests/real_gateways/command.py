"""The real command line, in a process of its own, as a cron job would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Run:
    """What one run left behind."""

    code: int
    stdout: str
    stderr: str
    out_dir: Path

    def comparison(self) -> dict[str, object]:
        """Read the comparison from its file."""
        return self._read("comparison")

    def evidence(self, environment: str) -> dict[str, object]:
        """Read one environment's record from its file."""
        return self._read(environment)

    def findings(self, environment: str) -> list[dict[str, object]]:
        found = self.comparison()["findings"]
        assert isinstance(found, list)
        return [finding for finding in found if finding["environment"] == environment]

    def check(self, environment: str, probe: str) -> dict[str, object]:
        checks = self.evidence(environment)["checks"]
        assert isinstance(checks, list)
        (check,) = [check for check in checks if check["probe"] == probe]
        assert isinstance(check, dict)
        return check

    def artifacts(self) -> dict[str, str]:
        """Give all that came out, by where."""
        files = {each.name: each.read_text() for each in self.out_dir.rglob("*") if each.is_file()}
        return {"stdout": self.stdout, "stderr": self.stderr, **files}

    def _read(self, name: str) -> dict[str, object]:
        document = json.loads((self.out_dir / f"{name}.json").read_text())
        assert isinstance(document, dict)
        return document


def envcheck_run(config: str, folder: Path, variables: Mapping[str, str], *arguments: str) -> Run:
    """Run `envcheck run` on the text of a file."""
    folder.mkdir()
    (folder / "environments.toml").write_text(config)
    return envcheck(folder, variables, "run", *arguments, "-c", "environments.toml", "--out-dir", "reports")


def envcheck(folder: Path, variables: Mapping[str, str], *arguments: str) -> Run:
    """Run any command that writes below `reports`, with these variables and no others of the developer's."""
    out_dir = folder / "reports"
    out_dir.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "envcheck", *arguments],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "COLUMNS": "160", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode in {1, 2, 6}:
        pytest.fail(f"envcheck could not do its job: exit {done.returncode}\n{done.stderr}")
    return Run(done.returncode, done.stdout, done.stderr, out_dir)
