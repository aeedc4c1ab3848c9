from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from envcheck import store
from envcheck.store import temporary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

STOPS_IN_THE_MIDDLE = """
import os, signal, sys
def fsync(descriptor):
    print("writing", file=sys.__stdout__, flush=True)
    signal.pause()
os.fsync = fsync
from envcheck.cli import main
sys.argv = ["envcheck", "probe", "--sample", "--out", sys.argv[1] + "/b.md"]
main()
"""


@contextmanager
def a_run_that_writes(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the real command, which stays where its one file is written and has no name yet."""
    with subprocess.Popen(
        [sys.executable, "-c", STOPS_IN_THE_MIDDLE, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            yield process
        finally:
            process.kill()


def hidden(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith(".")}


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """And what a live one is writing is not, or that run would lose its report."""
    with a_run_that_writes(tmp_path) as process:
        while_alive = hidden(tmp_path)
        store.write_text(tmp_path / "a.md", "text")
        assert len(while_alive) == 1
        assert hidden(tmp_path) == while_alive
        process.kill()
        process.wait()
        assert hidden(tmp_path) == while_alive
    store.write_text(tmp_path / "a.md", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_nothing_but_our_own_is_ever_removed(tmp_path: Path) -> None:
    """A user's file stays whatever it is called: copies, other programs' leftovers, and what is no file."""
    names = [
        ".a.md.original",
        ".a.md.20270131",
        ".envcheck-old.tmp",
        ".envcheck-abcdefgh.tmp~",
        "envcheck-abcdefgh.tmp",
    ]
    for name in names:
        (tmp_path / name).write_text("somebody's")
    os.mkfifo(tmp_path / ".envcheck-fifofifo.tmp")
    (tmp_path / ".envcheck-folderfo.tmp").mkdir()
    (tmp_path / ".envcheck-linklink.tmp").symlink_to(".a.md.original")
    before = {path.name for path in tmp_path.iterdir()}
    store.write_text(tmp_path / "a.md", "text")
    assert {path.name for path in tmp_path.iterdir()} == before | {"a.md"}


def test_a_file_that_is_taken_for_a_leftover_before_it_is_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making a file and locking it another run may look at it, and nothing is lost by that."""
    made = tempfile.mkstemp
    taken: list[str] = []

    def mkstemp(**where: str) -> tuple[int, str]:
        descriptor, name = made(**where)  # type: ignore[call-overload]  # handed on as it came
        if not taken:
            taken.append(name)
            temporary.remove_leftovers(tmp_path)
        return descriptor, name

    monkeypatch.setattr("envcheck.store.temporary.mkstemp", mkstemp)
    store.write_text(tmp_path / "a.md", "text")
    assert len(taken) == 1
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.md", "text")]


def test_a_file_that_another_run_is_just_looking_at_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other holds the lock for the moment in which it removes the file."""
    made = tempfile.mkstemp
    others: list[int] = []

    def mkstemp(**where: str) -> tuple[int, str]:
        descriptor, name = made(**where)  # type: ignore[call-overload]  # handed on as it came
        if not others:
            others.append(os.open(name, os.O_RDWR))
            fcntl.flock(others[0], fcntl.LOCK_EX)
        return descriptor, name

    monkeypatch.setattr("envcheck.store.temporary.mkstemp", mkstemp)
    store.write_text(tmp_path / "a.md", "text")
    assert os.fstat(others[0]).st_ino != (tmp_path / "a.md").stat().st_ino
    os.close(others[0])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.md", "text")]


def test_where_there_are_no_locks_files_are_written_and_leftovers_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing tells a leftover from what a live run is writing, so nothing is removed."""

    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    (tmp_path / ".envcheck-abcdefgh.tmp").write_text("")
    monkeypatch.setattr(fcntl, "flock", flock)
    store.write_text(tmp_path / "a.md", "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".envcheck-abcdefgh.tmp", "a.md"]
