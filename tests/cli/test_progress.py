"""The display is best effort: it never costs a run."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

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


def on_a_terminal(folder: Path, line: str, *, typed: bytes = b"") -> str:
    """Run a shell with job control, as a person has one, type something when the display is there, and give all of it.

    The line holds the command as `"$@"`.
    """
    slow = good_gateway(Manner(models_delay=Delay(0.5), chat_delay=Delay(0.5)))
    with serving_all([slow]) as (server,):
        (folder / "environments.toml").write_text(f'[environments.e]\nbase_url = "{server.base_url}"')
        ours, theirs = pty.openpty()
        on_it = "import os, sys; os.login_tty(int(sys.argv[1])); os.execvp(sys.argv[2], sys.argv[2:])"
        command = ["bash", "-m", "-c", line, "bash", sys.executable, "-m", "envcheck", "run", "--no-reports"]
        with subprocess.Popen(
            [sys.executable, "-c", on_it, str(theirs), *command],
            cwd=folder,
            env={**os.environ, "TERM": "xterm"},
            pass_fds=[theirs],
        ):
            os.close(theirs)
            seen = b""
            with suppress(OSError):  # EIO: nobody has the other end any more
                while piece := os.read(ours, 4096):
                    seen += piece
                    if typed and b"probing" in seen:
                        os.write(ours, typed)
                        typed = b""
        os.close(ours)
    return seen.decode()


@pytest.mark.parametrize(("line", "in_front"), [('"$@"', True), ('"$@" & wait', False)])
def test_a_job_in_the_background_leaves_the_terminal_to_the_shell(tmp_path: Path, line: str, *, in_front: bool) -> None:
    """A bar that is redrawn ten times a second would run through whatever is typed; all else is shown as ever."""
    seen = on_a_terminal(tmp_path, line)
    assert "sending 2 requests" in seen
    assert "Verdict: e passed every probe" in seen
    assert ("probing" in seen) == in_front


def test_a_job_that_is_sent_into_the_background_stops_its_display(tmp_path: Path) -> None:
    """Whoever presses Ctrl-Z and says `bg` wants the prompt back."""
    before, continued, after = on_a_terminal(tmp_path, '"$@"; bg; wait', typed=b"\x1a").partition('"$@" &')
    assert "probing" in before
    assert continued
    assert "Verdict: e passed every probe" in after
    assert "probing" not in after
