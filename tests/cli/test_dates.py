from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runs import Ran

NOWHERE = "http://127.0.0.1:9/v1"


@pytest.mark.parametrize("broken", ["XYZ+25:99", "XYZ-99:99:99"])
def test_a_time_zone_that_cannot_be_loses_no_result(envcheck: Callable[..., Ran], tmp_path: Path, broken: str) -> None:
    """The day that accepts expire by is then the one in UTC; nobody's result is lost to a variable."""
    assert envcheck("run", "--sample", "-q", "-o", "night").code == 4
    (tmp_path / "environments.toml").write_text(f'[environments.production]\nbase_url = "{NOWHERE}"\n')
    for arguments, code in (
        (("run", "--no-reports"), 4),
        (("compare", "night/production.json", "night/staging.json"), 3),
        (("accept", "--reason", "known", "--from", "night", "--expires", "2020-01-01"), 2),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "envcheck", *arguments],
            cwd=tmp_path,
            env={**os.environ, "TZ": broken},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, "internal fault" in ran.stderr) == (code, False), ran.stderr
