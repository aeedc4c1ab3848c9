"""A history whose process is killed at any moment loses at most the run in hand."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from kept_runs import compared, night, no_secret

from envcheck.history import keep, opened

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS = 200


@pytest.mark.torture
def test_kill_9_at_any_moment_loses_at_most_the_run_in_hand(tmp_path: Path) -> None:
    """Every run that was said to be kept is there, at most one more is, and the file is whole."""
    path = tmp_path / "history"
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    runs = [(compared(night(number)), night(number)) for number in range(MOMENTS * 20)]
    there = 0
    for _ in range(MOMENTS):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                with opened(path) as history:
                    for comparison, records in runs[there : there + 20]:
                        keep(history, comparison, records, check=no_secret)
                        os.write(writing, b".")
            finally:
                os._exit(0)
        os.close(writing)
        time.sleep(chance.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said = there + len(os.read(reading, 100))
        os.close(reading)
        with opened(path) as history:
            there = history.connection.execute("SELECT count(*) FROM runs").fetchone()[0]
        assert said <= there <= said + 1
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"killed {MOMENTS} times, {there} runs kept")
    assert there > MOMENTS / 10
