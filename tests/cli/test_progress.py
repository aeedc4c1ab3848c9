"""The display is best effort: it never costs a run."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

from gateways.good import Delay, Manner, good_gateway
from gateways.server import serving_all

if TYPE_CHECKING:
    from pathlib import Path


def test_a_terminal_that_goes_away_does_not_end_the_run(tmp_path: Path) -> None:
    """Writing to it gives EIO from then on; the result is on stdout and in the reports all the same."""
    slow = good_gateway(Manner(models_delay=Delay(0.3), chat_delay=Delay(0.3)))
    with serving_all([slow, slow]) as servers:
        tables = (f'[environments.e{i}]\nbase_url = "{server.base_url}"' for i, server in enumerate(servers))
        (tmp_path / "environments.toml").write_text('baseline = "e0"\n' + "\n".join(tables))
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "envcheck", "run"],
            cwd=tmp_path,
            env={**os.environ, "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=theirs,
            text=True,
        ) as process:
            os.close(theirs)
            seen = b""
            while b"probing" not in seen:  # the display, and not the line before it, is there
                seen += os.read(ours, 4096)
            os.close(ours)
            stdout, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "No difference" in stdout or "no difference" in stdout
    assert (tmp_path / "reports" / "comparison.json").is_file()
