from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from envcheck import __version__
from envcheck.cli.console import standard_console
from envcheck.errors import ReportError

if TYPE_CHECKING:
    from pathlib import Path

SMALLEST_PIPE = 4096
COMPLETION = {"_ENVCHECK_COMPLETE": "complete_bash", "COMP_WORDS": "envcheck c", "COMP_CWORD": "1"}
SAYS_SOMETHING = [
    pytest.param(("--version",), {}, id="version"),
    pytest.param(("--help",), {}, id="help"),
    pytest.param(("run", "--help"), {}, id="help of a command"),
    pytest.param((), {"_ENVCHECK_COMPLETE": "source_bash"}, id="completion script"),
    pytest.param((), COMPLETION, id="completion"),
    pytest.param(("schema", "config"), {}, id="schema"),
    pytest.param(("check-config",), {}, id="check-config"),
    pytest.param(("probe", "--sample"), {}, id="probe"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "environments.toml").write_text('[environments.a]\nbase_url = "http://127.0.0.1:9/v1"\n')
    return tmp_path


def small_pipe_that_does_not_wait() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    return reader, writer


def shell(
    command: str, arguments: tuple[str, ...], folder: Path, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a shell's line in which `"$@"` is the real command."""
    return subprocess.run(
        ["bash", "-c", command, "bash", sys.executable, "-m", "envcheck", *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("arguments", "variables"), SAYS_SOMETHING)
def test_a_closed_stdout_takes_nothing_and_changes_nothing(
    folder: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    """Whoever closed it did so on purpose."""
    ran = shell('"$@" >&-', arguments, folder, variables)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(("arguments", "variables"), SAYS_SOMETHING)
def test_a_reader_that_has_seen_enough_changes_nothing(
    folder: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    """The pipe is closed before anything is written, and the code is what it would be with a reader."""
    # The command waits until `true` is gone: else whether anybody still reads would be luck.
    ran = shell('exec 3> >(exec true); wait $!; "$@" >&3 3>&-', arguments, folder, variables)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize(("arguments", "variables"), SAYS_SOMETHING)
def test_a_full_disk_behind_stdout_is_exit_6_with_a_sentence(
    folder: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    """What was asked for is lost, and a script must not go on as if it had it."""
    ran = shell('"$@" >/dev/full', arguments, folder, variables)
    assert (ran.returncode, ran.stdout) == (6, "")
    assert ran.stderr.startswith(f"envcheck: stdout: cannot be written ({os.strerror(errno.ENOSPC)})")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(("arguments", "variables"), SAYS_SOMETHING)
def test_what_is_said_is_said(folder: Path, arguments: tuple[str, ...], variables: dict[str, str]) -> None:
    """The same commands, with somebody who reads: else the other tests would hold for a command that is mute."""
    ran = shell('"$@"', arguments, folder, variables)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout


def test_a_stdout_that_is_not_for_writing_is_exit_6(folder: Path) -> None:
    """A mistake in a redirection is told like a full disk."""
    ran = shell('"$@" 1<environments.toml', ("schema", "config"), folder, {})
    assert ran.returncode == 6
    assert os.strerror(errno.EBADF) in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "stream", "code"),
    [(("schema", "comparison"), "stdout", 0), (("run", "-c", "wrong.toml"), "stderr", 2)],
)
def test_all_is_written_to_a_stream_that_is_set_not_to_wait(
    folder: Path, arguments: tuple[str, ...], stream: str, code: int
) -> None:
    """Another process may have set the pipe that is shared with it, and the reader is slower than the writer."""
    (folder / "wrong.toml").write_text("".join(f'[environments."e {n}"]\nbase_url = "x"\n' for n in range(900)))
    command = [sys.executable, "-m", "envcheck", *arguments]
    whole = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    reader, writer = small_pipe_that_does_not_wait()
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=writer if stream == "stdout" else subprocess.DEVNULL,
        stderr=writer if stream == "stderr" else subprocess.DEVNULL,
    ) as process:
        os.close(writer)
        read = b""
        while piece := os.read(reader, 100):
            read += piece
        os.close(reader)
        assert process.wait(timeout=20) == code
    assert len(read) > SMALLEST_PIPE
    assert read == getattr(whole, stream)


def test_a_signal_reaches_a_command_whose_reader_reads_no_more(folder: Path) -> None:
    """Waiting for room must not make a command that only SIGKILL ends."""
    reader, writer = small_pipe_that_does_not_wait()
    with (
        os.fdopen(reader, "rb", buffering=0) as held,
        subprocess.Popen(
            [sys.executable, "-m", "envcheck", "schema", "comparison"],
            cwd=folder,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        os.close(writer)
        assert held.read(1) == b"{"  # it has begun, and what follows is larger than the pipe
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 143


def test_the_version_is_told_through_a_pipe_that_takes_it(folder: Path) -> None:
    """The short cut writes it once, and the command line does not say it again."""
    ran = shell('"$@" | cat', ("--version",), folder, {})
    assert (ran.stdout, ran.stderr) == (f"envcheck {__version__}\n", "")


def test_a_stream_still_says_whether_it_is_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour and progress are for people, who sit at terminals."""
    ours, theirs = os.openpty()
    with (
        os.fdopen(theirs, "w") as terminal,
        (tmp_path / "file").open("w") as file,
        os.fdopen(ours, "rb"),
    ):
        monkeypatch.setattr(sys, "stdout", file)
        monkeypatch.setattr(sys, "stderr", terminal)
        console = standard_console()
        assert (sys.stdout.isatty(), console.shows_progress) == (False, True)
        assert (sys.stdout.fileno(), sys.stderr.fileno()) == (file.fileno(), terminal.fileno())
        console.result("to the file")
    assert (tmp_path / "file").read_text() == "to the file"


def test_a_completion_that_cannot_be_installed_says_where(tmp_path: Path) -> None:
    """typer writes into the home folder, and there may be none."""
    (tmp_path / "file").write_text("")
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "file" / "home"),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",  # the shell that is named, not the one around the tests
    }
    command = [sys.executable, "-m", "envcheck", "--install-completion", "bash"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 6
    assert ran.stderr.startswith("envcheck: --install-completion: cannot be written (Not a directory)")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "variables",
    [
        {"_ENVCHECK_COMPLETE": "complete_bash"},
        {"_ENVCHECK_COMPLETE": "complete_bash", "COMP_WORDS": "envcheck c", "COMP_CWORD": "one"},
        {"_ENVCHECK_COMPLETE": "complete_nothing"},
        {"_ENVCHECK_COMPLETE": "1"},
    ],
)
def test_a_question_that_no_shell_asks_is_a_mistake(folder: Path, variables: dict[str, str]) -> None:
    """Somebody set the variable, or a wrapper lost the others: no fault of envcheck's to be reported."""
    ran = shell('"$@"', (), folder, variables)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.endswith(
        "envcheck: _ENVCHECK_COMPLETE: is set, and not as a shell does that asks what to complete; unset it, and see"
        " --install-completion\n"
    )


def test_what_follows_a_failure_is_not_written_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk may have room again a moment later, and a result with a hole in it looks like a whole one."""
    with open("/dev/full", "w") as full, (tmp_path / "file").open("w") as file:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", sys.stderr)
        console = standard_console()
        for _ in range(2):
            with pytest.raises(ReportError, match="stdout: cannot be written"):
                console.result("a part")
            os.dup2(file.fileno(), full.fileno())
    assert (tmp_path / "file").read_text() == ""
