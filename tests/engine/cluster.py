"""A Slurm cluster of one node with two slots, whose daemons keep all of theirs in one folder and end with the test."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from real_gateways.install import system_binary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_LIMIT_S: Final = 60.0
_ENDS_WITHIN_S: Final = 10.0
# Each as Slurm's documentation has it: https://slurm.schedmd.com/slurm.conf.html.
_SETTINGS: Final = """\
ClusterName=envcheck
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MailProg=/bin/true
KillWait=3
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=60 State=UP
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that takes jobs."""

    folder: Path
    variables: Mapping[str, str]

    def ask(self, *command: str) -> str:
        """Run one of Slurm's commands and give what it prints."""
        done = subprocess.run(
            command, env=self.variables, capture_output=True, text=True, timeout=_LIMIT_S, check=False, cwd=self.folder
        )
        assert done.returncode == 0, (command, done.stderr)
        return done.stdout

    def field(self, job: str, name: str) -> str:
        """Give one field of what Slurm says of a job."""
        said = self.ask("scontrol", "--oneliner", "show", "job", job)
        return next(pair.partition("=")[2] for pair in said.split() if pair.startswith(f"{name}="))

    def wait_for_end(self, limit_s: float) -> None:
        """Wait until no job is left."""
        deadline = time.monotonic() + limit_s
        while left := self.ask("squeue", "--noheader", "--array"):
            assert time.monotonic() < deadline, left
            time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def _daemon(folder: Path, variables: Mapping[str, str], name: str, *arguments: str) -> Iterator[None]:
    program = system_binary(name)
    assert program is not None
    with (folder / f"{name}.out").open("wb") as log:
        process = subprocess.Popen((program, *arguments), env=variables, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster in a folder, wait until its node is idle, and end all of it."""
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    folder.chmod(0o755)
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    host = socket.gethostname().partition(".")[0]
    settings = folder / "slurm.conf"
    settings.write_text(
        _SETTINGS.format(folder=folder, host=host, controller_port=_free_port(), node_port=_free_port())
    )
    variables = {**os.environ, "SLURM_CONF": str(settings)}
    of_munge = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munge.pid", "seed-file": "munge.seed"}
    with ExitStack() as stack:
        stack.enter_context(
            _daemon(
                folder,
                variables,
                "munged",
                "--foreground",
                "--force",  # it does not like to be root, nor folders that others may write to
                f"--log-file={folder}/munge.log",
                *(f"--{option}={folder / name}" for option, name in of_munge.items()),
            )
        )
        _until((folder / "munge.socket").exists, "munged", folder)
        for name in ("slurmctld", "slurmd"):
            stack.enter_context(_daemon(folder, variables, name, "-D"))
        running = Cluster(folder, variables)
        _until(lambda: _is_idle(running), "the node", folder)
        yield running


def _is_idle(running: Cluster) -> bool:
    done = subprocess.run(
        ("sinfo", "--noheader", "--format=%T"), env=running.variables, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() == "idle"


def _until(holds: Callable[[], bool], what: str, folder: Path) -> None:
    deadline = time.monotonic() + _LIMIT_S
    while not holds():
        logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in folder.glob("*.out"))
        assert time.monotonic() < deadline, f"{what} did not come up: {logs}"
        time.sleep(0.1)
