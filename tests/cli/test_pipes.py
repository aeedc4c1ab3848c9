"""Pipes as input: one that was handed over is read, a named one is waited for aloud or refused, never in silence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from every_path import EVERY_PATH, NOWHERE, command_line

from cli_runs import as_if_real, console_of
from envcheck.cli.jobs.inputs import variables_with
from envcheck.errors import EvidenceError
from envcheck.store import load_evidence
from gateways.good import good_gateway
from gateways.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli_runs import Ran

REFUSED = [named for named in EVERY_PATH if named == "compare" or named.endswith((" -c", "--against", "--from"))]
WAITED_FOR = [named for named in EVERY_PATH if named.endswith(("--env-file", "--prompt-file"))]


@pytest.fixture
def folder(envcheck: Callable[..., Ran], tmp_path: Path) -> Path:
    (tmp_path / "environments.toml").write_text(
        f'[environments.production]\nbase_url = "{NOWHERE}"\napi_key_env = "SOME_KEY"\n'
    )
    assert envcheck("run", "--sample", "-q", "-o", "night").code == 4
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("named", REFUSED)
def test_a_named_pipe_is_refused_where_a_file_is_meant(envcheck: Callable[..., Ran], folder: Path, named: str) -> None:
    """Nobody may ever write to it, and a job would hang without a word."""
    ran = envcheck(*command_line(EVERY_PATH[named], "pipe"))
    assert (ran.code, ran.stdout) == (2, "")
    assert "pipe: is a pipe" in ran.stderr
    assert "; " in ran.stderr


def in_bash(folder: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a shell's line in which `envcheck` is the real command."""
    command = f'envcheck() {{ "{sys.executable}" -m envcheck "$@"; }}; {line}'
    environment = {**os.environ, **variables}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("envcheck check-config -c <(cat environments.toml)", ": valid, 1 environment"),
        ("cat environments.toml | envcheck check-config -c /dev/stdin", "/dev/stdin: valid, 1 environment"),
        ("envcheck compare -q <(cat night/production.json) <(cat night/staging.json)", "Verdict: "),
        ("cat night/comparison.json | envcheck run --sample --no-reports --json --against /dev/fd/0", '"unchanged"'),
        ("envcheck accept --reason known --dry-run --from <(cat night/comparison.json)", 'reason = "known"'),
    ],
)
def test_what_is_handed_over_by_its_descriptor_is_read(folder: Path, line: str, said: str) -> None:
    """`<(ssh host cat report.json)` and what comes on stdin have a writer that is there already."""
    names = json.loads((folder / "night" / "comparison.json").read_text())["environments"]
    tables = (f'[environments.{name}]\nbase_url = "{NOWHERE}"\n' for name in names)
    if "accept" in line:
        (folder / "environments.toml").write_text(f'baseline = "{names[0]}"\n' + "".join(tables))
        as_if_real(folder / "night")
    ran = in_bash(folder, line)
    assert ran.stderr == ""
    assert said in ran.stdout


def test_what_never_ends_is_not_read_for_ever() -> None:
    """A descriptor has no size to be asked for, so it is read up to what an honest report may have."""
    descriptor = os.open("/dev/zero", os.O_RDONLY)
    with pytest.raises(EvidenceError, match="larger than 64 MiB"):
        load_evidence(Path(f"/dev/fd/{descriptor}"))
    os.close(descriptor)


@contextmanager
def waiting(folder: Path, named: str) -> Iterator[subprocess.Popen[str]]:
    """Give a command that has said that it waits for a pipe's writer."""
    with subprocess.Popen(
        [sys.executable, "-m", "envcheck", *command_line(EVERY_PATH[named], "pipe")],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        option = named.rsplit(maxsplit=1)[-1]
        said = process.stderr.readline()
        assert said == f"envcheck: {option} pipe: is a pipe; waiting until somebody has written to it\n"
        yield process


@pytest.mark.parametrize("named", WAITED_FOR)
def test_a_named_pipe_is_waited_for_aloud(folder: Path, named: str) -> None:
    """That is what it is for, and whoever forgot the writer is told once; what it writes is read then."""
    with waiting(folder, named) as process:
        (folder / "pipe").write_text("SOME_KEY=made-up-0123456789\n")
        _, said = process.communicate(timeout=60)
    assert process.returncode in {0, 4}
    assert "waiting" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_waiting_for_a_pipe_can_be_ended(folder: Path, number: signal.Signals) -> None:
    """By Ctrl-C, and by whatever ends a job."""
    with waiting(folder, "check-config --env-file") as process:
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130 if number == signal.SIGINT else 143, "")
    assert stderr in {"envcheck: interrupted\n", "envcheck: terminated\n"}


def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    """What it carries may come in pieces; where its writer is there already nothing is said."""
    os.mkfifo(tmp_path / "keys")

    def write() -> None:
        with (tmp_path / "keys").open("wb", buffering=0) as pipe:
            pipe.write(b"SOME_")
            pipe.write(b"KEY=value")

    writing = threading.Thread(target=write)
    writing.start()
    console, said = console_of()
    assert variables_with(tmp_path / "keys", console) == {"SOME_KEY": "value"}
    writing.join()
    assert said.getvalue() == ""


def with_stdin_from_a_pipe(folder: Path, text: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "envcheck", *arguments], cwd=folder, input=text, capture_output=True, check=False
    )


@pytest.mark.parametrize("path", ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])
def test_variables_come_through_a_pipe(folder: Path, path: str) -> None:
    """Secret managers hand keys over this way, so that they are in no file."""
    ran = with_stdin_from_a_pipe(folder, b"SOME_KEY=made-up-0123456789\r\n", "check-config", "--env-file", path)
    assert ran.returncode == 0
    assert b"SOME_KEY is set" in ran.stdout


def test_variables_and_a_prompt_come_through_the_shells_own_pipes(tmp_path: Path) -> None:
    """`<(...)` is a path under /dev/fd, as many of them as there are."""
    pipes = '--env-file <(echo SOME_KEY=made-up-0123456789) --prompt-file <(printf "one\\r\\ntwo")'
    with serving(good_gateway()) as server:
        ran = in_bash(tmp_path, f"envcheck probe --base-url {server.base_url} --api-key-env SOME_KEY {pipes}")
        assert (ran.returncode, ran.stderr) == (0, "")
        assert server.requests[1].headers["authorization"] == "Bearer made-up-0123456789"
        assert server.requests[1].json()["messages"] == [{"role": "user", "content": "one\ntwo"}]


def test_a_pipe_that_is_set_not_to_wait_is_read_to_its_end() -> None:
    """Whoever shares it may have set it so, and what comes later is read too."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    answers: list[object] = []
    console, _ = console_of()
    reading = threading.Thread(target=lambda: answers.append(variables_with(Path(f"/dev/fd/{reader}"), console)))
    reading.start()
    os.write(writer, b"A=1\n")
    os.write(writer, b"B=2\n")
    os.close(writer)
    reading.join()
    os.close(reader)
    assert answers == [{"A": "1", "B": "2"}]
