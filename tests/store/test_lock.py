from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from envcheck.errors import BusyError, ConfigError
from envcheck.store import LOCK_NAME, held

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import pathlib, sys
from envcheck.store import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds a folder until its stdin ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_folder_is_held_by_one_and_holds_reports_alone_afterwards(tmp_path: Path) -> None:
    """The second is told since when, and the file is private and gone at the end."""
    with held(tmp_path):
        assert (tmp_path / LOCK_NAME).stat().st_mode & 0o777 == 0o600
        with pytest.raises(BusyError) as refused, held(tmp_path):
            pass
    assert re.search(r"another run is at work there since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; add", str(refused.value))
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_process_blocks_nobody(tmp_path: Path) -> None:
    """What it leaves is a file, and the file is no lock."""
    with holding(tmp_path) as process:
        with pytest.raises(BusyError), held(tmp_path):
            pass
        process.kill()
    assert (tmp_path / LOCK_NAME).exists()
    with held(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_who_waits_gets_the_folder_when_the_other_is_done(tmp_path: Path) -> None:
    """The other removes the file that was waited for, so the one that is locked then is a new one."""
    with holding(tmp_path) as process:
        assert process.stdin is not None
        ending = threading.Timer(0.2, process.stdin.close)
        ending.start()
        with held(tmp_path, wait_s=30), pytest.raises(BusyError), held(tmp_path):
            pass
        ending.join()


def test_a_wait_ends(tmp_path: Path) -> None:
    """Whoever waits is refused when the time is over."""
    with held(tmp_path), pytest.raises(BusyError), held(tmp_path, wait_s=0.15):
        pass


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"2026-99-01T00:00:00Z", b"sk-" + b"a" * 60])
def test_of_a_lock_file_only_a_moment_is_repeated(tmp_path: Path, content: bytes) -> None:
    """Whoever may write into the folder may write anything into it."""
    with held(tmp_path):
        (tmp_path / LOCK_NAME).write_bytes(content)
        with pytest.raises(BusyError, match=re.escape("another run is at work there; add")), held(tmp_path):
            pass


def test_no_link_or_pipe_is_locked(tmp_path: Path) -> None:
    """Its target would be emptied."""
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / LOCK_NAME).symlink_to(mine)
    with pytest.raises(ConfigError, match="cannot be locked"), held(tmp_path):
        pass
    assert mine.read_text() == "mine"
    (tmp_path / LOCK_NAME).unlink()
    os.mkfifo(tmp_path / LOCK_NAME)
    with pytest.raises(ConfigError, match="cannot be locked"), held(tmp_path):
        pass


def test_what_took_the_place_of_the_file_is_not_removed(tmp_path: Path) -> None:
    """It may be another run's by then."""
    with held(tmp_path):
        (tmp_path / LOCK_NAME).unlink()
        (tmp_path / LOCK_NAME).write_text("another's")
    assert (tmp_path / LOCK_NAME).read_text() == "another's"
