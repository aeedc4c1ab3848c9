"""A history whose process is killed at any moment, also while it is made smaller, loses at most the run in hand."""

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

from envcheck.history import keep, opened, prune

if TYPE_CHECKING:
    from pathlib import Path

MOMENTS = 200
MOST = 700
"""Nights that can be kept before the first summaries are too old."""
KEPT_WHOLE = 5
"""Days, each of which has one run."""
NIGHTS = "SELECT count(*) + (SELECT count(DISTINCT day) FROM days) FROM runs"
"""Each is a whole run or a summary, and none is both."""


@pytest.mark.torture
def test_kill_9_at_any_moment_loses_at_most_the_run_in_hand(tmp_path: Path) -> None:
    """Every run that was said to be kept is there, at most one more is, and the file is whole."""
    path = tmp_path / "history"
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    runs = [(compared(night(number)), night(number)) for number in range(MOST)]
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
                        prune(history, today=comparison.generated_at.date(), keep_days=KEPT_WHOLE)
            finally:
                os._exit(0)
        os.close(writing)
        time.sleep(chance.uniform(0, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said = there + len(os.read(reading, 100))
        os.close(reading)
        with opened(path) as history:
            there = history.connection.execute(NIGHTS).fetchone()[0]
            whole = history.connection.execute("SELECT count(*) FROM runs").fetchone()[0]
        assert said <= there <= said + 1
        assert whole >= min(there, KEPT_WHOLE)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"killed {MOMENTS} times, {there} runs kept")
    assert there > MOMENTS / 10
