from __future__ import annotations

import errno
import os
import socket
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from envcheck import store
from envcheck.errors import ConfigError, ReportError

if TYPE_CHECKING:
    from collections.abc import Callable


def to_a_file(path: Path) -> None:
    (path.parent / "elsewhere").write_text("somebody's")
    path.symlink_to("elsewhere")


def to_nothing(path: Path) -> None:
    path.symlink_to("elsewhere")


def to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def to_a_device(path: Path) -> None:
    path.symlink_to(os.devnull)


@pytest.mark.parametrize("linked", [to_a_file, to_nothing, to_itself, to_a_device])
def test_a_report_is_written_through_no_link(tmp_path: Path, linked: Callable[[Path], None]) -> None:
    """Whoever may write into a shared folder must not choose what a run overwrites."""
    linked(tmp_path / "a.md")
    before = {path.name: path.lstat().st_ino for path in tmp_path.iterdir()}
    for write in (store.write_text, store.write_as_named):
        with pytest.raises(ReportError, match=r"a\.md: is a symbolic link and no regular file; remove it, or choose"):
            write(tmp_path / "a.md", "text")
    assert {path.name: path.lstat().st_ino for path in tmp_path.iterdir()} == before
    assert not (tmp_path / "elsewhere").exists() or (tmp_path / "elsewhere").read_text() == "somebody's"


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    """Its owner named it, and volumes and releases are often behind one."""
    (tmp_path / "volume").mkdir()
    (tmp_path / "reports").symlink_to("volume")
    store.try_folder(tmp_path / "reports", remedy="")
    store.write_text(tmp_path / "reports" / "a.md", "text")
    assert (tmp_path / "volume" / "a.md").read_text() == "text"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (os.mkfifo, "a pipe"),
        (os.mkdir, "a folder"),
        (lambda path: os.mknod(path, stat.S_IFSOCK | 0o600), "a socket or a disk"),
    ],
)
def test_what_lies_in_a_reports_place_is_named_and_the_others_are_written(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    """One report is missing and says why; it neither holds up the run nor the other reports."""
    make(tmp_path / "b.json")
    failures = store.write_files([(tmp_path / name, "text") for name in ("a.json", "b.json", "c.json")])
    assert [(each.path.name, each.why.split(" and no")[0]) for each in failures] == [("b.json", f"is {kind}")]
    assert [(tmp_path / name).read_text() for name in ("a.json", "c.json")] == ["text", "text"]


@pytest.mark.parametrize("found", [0o600, 0o644, 0o4755, 0o6777, 0o1664])
def test_of_an_own_reports_mode_only_the_permissions_are_kept(tmp_path: Path, found: int) -> None:
    """Widening it by `chmod` is its owner's choice; a report that sets a user's id when it is run is nobody's."""
    (tmp_path / "a.md").write_text("old")
    (tmp_path / "a.md").chmod(found)
    store.write_text(tmp_path / "a.md", "new")
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == found & 0o777


def test_a_report_of_another_user_does_not_decide_who_reads_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a shared folder whoever comes first would choose; the new report is private and a file of its own."""
    (tmp_path / "a.md").write_text("old")
    (tmp_path / "a.md").chmod(0o666)
    (tmp_path / "theirs.md").hardlink_to(tmp_path / "a.md")
    someone_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: someone_else)
    store.write_text(tmp_path / "a.md", "new")
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o600
    assert (tmp_path / "theirs.md").read_text() == "old"


def test_a_configuration_of_another_user_stays_readable_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `sudo envcheck accept` edits is the file of whoever runs envcheck by day."""
    (tmp_path / "environments.toml").write_text("old")
    (tmp_path / "environments.toml").chmod(0o4644)
    someone_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: someone_else)
    store.edit_text(tmp_path / "environments.toml", "new")
    assert stat.S_IMODE((tmp_path / "environments.toml").stat().st_mode) == 0o644


def test_a_users_own_file_is_edited_behind_its_link(tmp_path: Path) -> None:
    """People keep their configuration in one place and link to it, and `accept` must not put a copy there instead."""
    (tmp_path / "dotfiles.toml").write_text("old")
    (tmp_path / "environments.toml").symlink_to("dotfiles.toml")
    store.edit_text(tmp_path / "environments.toml", "new")
    assert (tmp_path / "environments.toml").is_symlink()
    assert (tmp_path / "dotfiles.toml").read_text() == "new"
    for path in (Path("a\0b"), tmp_path / ("x" * 300)):
        with pytest.raises(ReportError, match=r"cannot be written .*; name another path"):
            store.edit_text(path, "new")


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a loss of power the name must not stand for an empty file; the name itself is synced last."""
    synced: list[str] = []

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            synced.append(f"folder with {(tmp_path / 'a.md').read_text()}")
        else:
            synced.append(os.pread(descriptor, 99, 0).decode() + f", named: {(tmp_path / 'a.md').exists()}")

    monkeypatch.setattr(os, "fsync", fsync)
    store.write_text(tmp_path / "a.md", "text")
    assert synced == ["text, named: False", "folder with text"]


@pytest.mark.parametrize(("number", "written"), [(errno.EIO, "old"), (errno.EINVAL, "new")])
def test_a_sync_that_failed_is_a_report_that_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, written: str
) -> None:
    """A disk that breaks is told and the old file stays; a file system that knows no sync is written all the same."""

    def fsync(_: int) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "a.md").write_text("old")
    monkeypatch.setattr(os, "fsync", fsync)
    failures = store.write_files([(tmp_path / "a.md", "new")])
    assert [os.strerror(number) in each.why for each in failures] == [True] * (written == "old")
    assert [path.read_text() for path in tmp_path.iterdir()] == [written]


def test_the_comparison_is_written_after_the_records_it_speaks_of(tmp_path: Path) -> None:
    """Whoever is killed in between leaves no comparison of records that are not there."""
    names = ["comparison.json", *(f"{number}.json" for number in range(100))]
    assert store.write_files([(tmp_path / name, "text") for name in names]) == []
    changed = {path.name: path.stat().st_ctime_ns for path in tmp_path.iterdir()}
    assert len(changed) == 101
    assert changed["comparison.json"] == max(changed.values())


def test_files_are_written_where_no_thread_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound on a user's processes makes writing slow and loses nothing."""

    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    assert store.write_files([(tmp_path / "a.json", "text"), (tmp_path / "b.json", "text")]) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_a_device_that_was_named_is_written_to_and_not_replaced() -> None:
    """`--out /dev/null` must leave /dev/null what it is, and a full one is told."""
    store.write_as_named(Path(os.devnull), "text")
    assert Path(os.devnull).is_char_device()
    with pytest.raises(ReportError, match="/dev/full: cannot be written"):
        store.write_as_named(Path("/dev/full"), "text")


def test_a_named_pipe_is_written_to_where_somebody_reads(tmp_path: Path) -> None:
    """All of it, however slow the reader; without one there is a sentence and no waiting."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReportError, match="is a pipe that nobody reads from; start its reader first"):
        store.write_as_named(tmp_path / "pipe", "text")
    text = "0123456789" * 100_000
    # For both, so that reading neither waits for the writer to come nor ends before it has.
    with os.fdopen(os.open(tmp_path / "pipe", os.O_RDWR), "rb", buffering=0) as file:
        writing = threading.Thread(target=store.write_as_named, args=(tmp_path / "pipe", text))
        writing.start()
        read = b""
        while len(read) < len(text):
            read += file.read(len(text) - len(read))
        writing.join()
    assert read.decode() == text


def test_a_pipe_that_another_user_laid_out_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that anybody may write to it is a trap: its maker would read the report."""
    os.mkfifo(tmp_path / "pipe")
    with os.fdopen(os.open(tmp_path / "pipe", os.O_RDWR | os.O_NONBLOCK), "rb", buffering=0) as reader:
        someone_else = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: someone_else)
        store.write_as_named(tmp_path / "pipe", "to a colleague's folder")
        assert reader.read(99) == b"to a colleague's folder"
        tmp_path.chmod(0o1777)
        with pytest.raises(
            ReportError, match="is a pipe of another user, in a folder that anybody may write to; choose"
        ):
            store.write_as_named(tmp_path / "pipe", "text")
        with pytest.raises(ConfigError, match="is a pipe of another user"):
            store.try_as_named(tmp_path / "pipe", remedy="choose another")
        assert reader.read(99) is None


def test_a_reader_of_a_pipe_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    """`--out >(head -1)` is no fault, as it is none on stdout."""
    reader, writer = os.pipe()
    os.close(reader)
    store.write_as_named(Path(f"/dev/fd/{writer}"), "text")
    os.close(writer)
    with pytest.raises(ReportError, match="cannot be written"):
        store.write_as_named(Path(f"/dev/fd/{writer}"), "text")


def test_a_descriptor_that_was_named_is_itself_written_to(tmp_path: Path) -> None:
    """What `>>` appends to keeps what it holds, and a socket, which cannot be opened, takes the report too."""
    (tmp_path / "log").write_text("kept\n")
    descriptor = os.open(tmp_path / "log", os.O_WRONLY | os.O_APPEND)
    store.write_as_named(Path(f"/dev/fd/{descriptor}"), "text\n")
    os.close(descriptor)
    assert (tmp_path / "log").read_text() == "kept\ntext\n"
    here, there = socket.socketpair()
    with here, there:
        store.write_as_named(Path(f"/proc/self/fd/{here.fileno()}"), "text")
        assert there.recv(99) == b"text"


@pytest.mark.parametrize("name", ["x" * 300, "file", "file/reports", "dangling", "loop", "null\0"])
def test_a_folder_that_takes_no_report_is_told_before_anything_is_sent(tmp_path: Path, name: str) -> None:
    """One sentence with the folder, the system's reason and the remedy; no file is left from trying."""
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConfigError, match=r"no report can be written there \([^)]+\); use -o") as raised:
        store.try_folder(tmp_path / name, remedy="use -o")
    assert str(raised.value).startswith(str(tmp_path / name))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "file", "loop"]


def test_a_folder_that_takes_reports_is_made_and_left_empty(tmp_path: Path) -> None:
    """Trying leaves the folder, for the reports, and nothing in it; nothing is made where nothing is to be written."""
    store.try_folder(tmp_path / "deep" / "reports", remedy="")
    assert list((tmp_path / "deep" / "reports").iterdir()) == []
    store.try_folder(None, remedy="")
    store.try_as_named(None, remedy="")
    store.try_as_named(Path("/dev/stdout"), remedy="")
    store.try_as_named(Path(os.devnull), remedy="")
    store.try_as_named(tmp_path / "one" / "a.md", remedy="")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "one"]


@pytest.mark.parametrize(
    ("make", "kind"), [(os.mkdir, "a folder"), (to_a_file, "a symbolic link"), (to_a_device, "a symbolic link")]
)
def test_what_is_in_the_place_of_a_named_file_is_told_before_anything_is_sent(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    """Writing would find it in the way, and by then the endpoint has been asked."""
    make(tmp_path / "report")
    with pytest.raises(ConfigError, match=f"report: is {kind} and no regular file; name another"):
        store.try_as_named(tmp_path / "report", remedy="name another")


def test_a_new_file_is_private_from_its_first_byte_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that is narrowed later leaves a moment in which others can open the file."""
    modes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode)))
    before = os.umask(0)
    try:
        store.write_text(tmp_path / "a.md", "text")
    finally:
        os.umask(before)
    assert modes[0] == stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o600
