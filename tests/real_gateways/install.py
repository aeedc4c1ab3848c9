"""Install the third-party servers under `.gateways/`, each in its own place, once for each set of pins.

What Debian packages is added to the machine itself; its own daemon is not started.

::

    python tests/real_gateways/install.py [NAME]...

A server that cannot be installed is said loudly. Where they are required (`CI=true`, or `ENVCHECK_REQUIRE_GATEWAYS=1`)
that is exit code 1; elsewhere the tests that need it are skipped.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE: Final = Path(__file__).resolve().parent
PINS: Final = HERE / "pins"
PLACES: Final = HERE.parents[1] / ".gateways"
POLICY: Final = Path("/usr/sbin/policy-rc.d")

_TAIL_LINES: Final = 15


def required() -> bool:
    """Whether a server that is missing is a failure, not a skip."""
    return os.environ.get("CI") == "true" or os.environ.get("ENVCHECK_REQUIRE_GATEWAYS") == "1"


class NotInstalledError(Exception):
    """A server cannot be had on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs an installer's commands, with all they say in one log."""

    log: Path
    deadline: float

    def run(self, *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
        with self.log.open("ab") as log:
            try:
                done = subprocess.run(
                    command,
                    cwd=cwd,
                    env={**os.environ, **(env or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    timeout=max(1.0, self.deadline - time.monotonic()),
                    check=False,
                )
            except FileNotFoundError:
                raise NotInstalledError(f"{command[0]} is not on this machine") from None
            except subprocess.TimeoutExpired:
                raise NotInstalledError(f"{command[0]} did not finish in time") from None
        if done.returncode != 0:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
            raise NotInstalledError(f"{command[0]} ended with {done.returncode}:\n{tail}")


def _install_aimock(shell: Shell, place: Path) -> None:
    shutil.copy(PINS / "aimock" / "package.json", place)
    shell.run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", cwd=place)


def _install_litellm(shell: Shell, place: Path) -> None:
    _make_venv(shell, place, PINS / "litellm.txt")


def _install_llama(shell: Shell, place: Path) -> None:
    # Reading images is compiled for another minute, and no probe sends one.
    _make_venv(shell, place, PINS / "llama.txt", env={"CMAKE_ARGS": "-DLLAVA_BUILD=OFF"})
    shell.run(place / "venv/bin/python", HERE / "tiny_gguf.py", place / "tiny.gguf")


def _make_venv(shell: Shell, place: Path, pins: Path, env: Mapping[str, str] | None = None) -> None:
    shell.run(sys.executable, "-m", "venv", place / "venv")
    shell.run(place / "venv/bin/python", "-m", "pip", "install", "--quiet", "-r", pins, env=env)


def system_binary(name: str) -> str | None:
    """Give the path of a Debian package's program; /usr/sbin is not on every user's."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def add_packages(shell: Shell, *packages: str) -> None:
    """Add Debian packages to the machine, without starting what they bring.

    Raises:
        NotInstalledError: they cannot be had here; says why.

    """
    if os.geteuid() != 0:
        raise NotInstalledError(f"it is not on this machine, and only root may add it (Debian: {' '.join(packages)})")
    shell.run("apt-get", "update", "-qq")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with _no_services_started():
        shell.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)


@contextmanager
def _no_services_started() -> Iterator[None]:
    """Keep packages from starting their own daemon on its usual port: the tests start each server as a child.

    Debian's maintainer scripts ask this program first. Where a machine has one already, that one decides.
    """
    try:
        with POLICY.open("x") as script:
            script.write("#!/bin/sh\nexit 101\n")
    except FileExistsError:
        yield
        return
    try:
        POLICY.chmod(0o755)
        yield
    finally:
        POLICY.unlink()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one server is installed, and what makes an older installation stale."""

    install: Callable[[Shell, Path], None]
    limit_s: float
    pinned_by: tuple[Path, ...] = ()
    binary: str | None = None
    """The program that it adds to the whole machine, where anyone may remove it again."""

    def is_present(self) -> bool:
        """Whether what it adds outside of its own place is still there."""
        return self.binary is None or system_binary(self.binary) is not None


def _debian(binary: str, *packages: str, service: str | None = None) -> Recipe:
    """Give the recipe of a program that Debian packages; one that is there already is taken as it is."""

    def install_packages(shell: Shell, place: Path) -> None:
        if system_binary(binary) is not None:
            return
        add_packages(shell, *packages)
        if service is not None:
            shell.run("update-rc.d", service, "disable")  # nor is it started with the machine

    return Recipe(install_packages, 300, binary=binary)


RECIPES: Final[Mapping[str, Recipe]] = {
    "aimock": Recipe(_install_aimock, 300, (PINS / "aimock" / "package.json",)),
    "nginx": _debian("nginx", "nginx-light", service="nginx"),
    "litellm": Recipe(_install_litellm, 1200, (PINS / "litellm.txt",)),
    "llama": Recipe(_install_llama, 2700, (PINS / "llama.txt", HERE / "tiny_gguf.py")),
    "squid": _debian("squid", "squid", "openssl", service="squid"),  # openssl makes the file of its users' passwords
    "tinyproxy": _debian("tinyproxy", "tinyproxy-bin"),
}


def _stamp(name: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for pin in RECIPES[name].pinned_by:
        digest.update(pin.read_bytes())
    return digest.hexdigest()


def is_installed(name: str) -> bool:
    """Whether the server is there, as pinned."""
    stamp = PLACES / name / "installed"
    return RECIPES[name].is_present() and stamp.is_file() and stamp.read_text() == _stamp(name)


def install(name: str) -> None:
    """Install one server, from nothing.

    Raises:
        NotInstalledError: it cannot be had here; says why.

    """
    recipe = RECIPES[name]
    place = PLACES / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    recipe.install(Shell(place / "install.log", time.monotonic() + recipe.limit_s), place)
    (place / "installed").write_text(_stamp(name))


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - a script whose progress is its output


def main() -> int:
    """Install what is asked for; 1 where a required server is missing."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*", choices=[[], *RECIPES], metavar="NAME", help=", ".join(RECIPES))
    missing = []
    for name in arguments.parse_args().names or RECIPES:
        if is_installed(name):
            _say(f"{name}: already installed")
            continue
        _say(f"{name}: installing ...")
        started = time.monotonic()
        try:
            install(name)
        except NotInstalledError as why:
            missing.append(name)
            _say(f"{name}: NOT INSTALLED: {why}")
        else:
            _say(f"{name}: installed in {time.monotonic() - started:.0f} s")
    if not missing:
        return 0
    _say(f"MISSING: {', '.join(missing)}; {'required, so this fails' if required() else 'their tests will be skipped'}")
    return 1 if required() else 0


if __name__ == "__main__":
    sys.exit(main())
