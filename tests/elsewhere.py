"""Run the tests elsewhere than in `.venv`, each time in a virtual environment made anew.

::

    python tests/elsewhere.py pythons [PYTHON]...   with each Python that pyproject.toml names, or with these
    python tests/elsewhere.py lowest                with the lowest versions that pyproject.toml allows
    python tests/elsewhere.py sdist [PYTHON]...     from the source distribution, with the first of these that is there

What is marked `thorough` costs much and depends neither on the Python nor on how envcheck was installed: `make check`
runs it, and it does not run again here.

A Python that is not there is named and passed over. Exit code 1 says that tests failed or could not be installed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PLACES: Final = ROOT / ".elsewhere"
CONSTRAINTS: Final = ROOT / "constraints.txt"

_CLASSIFIER: Final = re.compile(r"Programming Language :: Python :: (3\.[0-9]+)")
_BOUND: Final = re.compile(r"([A-Za-z0-9._-]+) >= ([0-9.]+)")
_PIN: Final = re.compile(r"([A-Za-z0-9._-]+)==")
# What a lowest version asks for itself, and the newest would not have.
_FOLLOWING: Final = frozenset({"multidict", "pydantic-core"})
# As in the Makefile.
_ON_ALL_CORES: Final = ("--numprocesses", "auto", "--maxprocesses", "8", "--dist", "loadfile")
_NOT_AGAIN: Final = ("-m", "not thorough")
# What a virtual environment and envcheck need of a Python; some are installed in parts.
_ASK: Final = "import ensurepip, platform, ssl, venv; print(platform.python_version())"


@dataclass(frozen=True, slots=True)
class Python:
    """One that runs."""

    executable: str
    version: str


class Place:
    """A virtual environment that holds nothing yet."""

    def __init__(self, folder: Path, python: str, constraints: Path) -> None:
        _run(python, "-m", "venv", "--clear", folder)
        self.bin = folder / "bin"
        self._constraints = constraints
        self.install("--upgrade", "pip")  # the one that comes with an older Python knows no groups

    def install(self, *what: str | Path) -> None:
        _run(self.bin / "python", "-m", "pip", "install", "--quiet", "--constraint", self._constraints, *what)


def with_pythons(names: list[str]) -> bool:
    """Run the tests with each of these that is there, and tell whether all that ran passed."""
    pythons: list[Python] = []
    for name in names or _named_pythons():
        python = _found(name)
        if python is None:
            _say(f"{name}: not there")
        else:
            _say(f"{name}: {python.version}")
            pythons.append(python)
    passed = {python.version: _passes(python.version, python.executable, CONSTRAINTS) for python in pythons}
    for version, it_passed in passed.items():
        _say(f"Python {version}: {'passed' if it_passed else 'FAILED'}")
    return all(passed.values())


def with_lowest() -> bool:
    """Run the tests with the lowest version of each dependency, and tell whether they passed."""
    lowest = _lowest_versions()
    PLACES.mkdir(exist_ok=True)
    constraints = PLACES / "lowest.txt"
    lines = [
        line
        for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines()
        if (pin := _PIN.match(line)) and _normal(pin[1]) not in lowest.keys() | _FOLLOWING
    ]
    constraints.write_text(
        "\n".join([*lines, *(f"{name}=={version}" for name, version in lowest.items()), ""]), encoding="utf-8"
    )
    _say("lowest: " + ", ".join(f"{name} {version}" for name, version in lowest.items()))
    return _passes("lowest", sys.executable, constraints)


def _passes(name: str, python: str, constraints: Path) -> bool:
    """Make an environment for the checkout as it is, and tell whether the tests pass in it."""
    place = Place(PLACES / name, python, constraints)
    place.install("--editable", f"{ROOT}[all]", "--group", f"{ROOT / 'pyproject.toml'}:test")
    return _tests_pass(place.bin / "python", "-m", "pytest", *_NOT_AGAIN, cwd=ROOT)


def with_sdist(names: list[str]) -> bool:
    """Run the tests that the source distribution holds on what it installs, and tell whether they passed.

    Nothing of the checkout is near it: what it lacks is found out. Where none of these Pythons is there, the one that
    runs this does it.
    """
    there = next((python for name in names if (python := _found(name)) is not None), None)
    with tempfile.TemporaryDirectory() as folder:
        _say(f"sdist: with {'this Python' if there is None else there.version}")
        place = Place(Path(folder) / "venv", sys.executable if there is None else there.executable, CONSTRAINTS)
        place.install("hatchling")
        _run(place.bin / "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
        (sdist,) = Path(folder).glob("*.tar.gz")
        shutil.unpack_archive(sdist, folder)
        unpacked = Path(folder) / sdist.name.removesuffix(".tar.gz")
        place.install(f"{sdist}[all]", "--group", f"{unpacked / 'pyproject.toml'}:test")
        # Not `python -m pytest`, which would put the folder before what was installed from it.
        return _tests_pass(place.bin / "pytest", *_NOT_AGAIN, cwd=unpacked)


def _project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project: dict[str, Any] = tomllib.load(file)["project"]
    return project


def _named_pythons() -> list[str]:
    return [f"python{found[1]}" for each in _project()["classifiers"] if (found := _CLASSIFIER.fullmatch(each))]


def _lowest_versions() -> dict[str, str]:
    """Give the lowest version of each dependency by its normal name.

    Raises:
        ValueError: a dependency says something else than a lower bound.

    """
    lowest: dict[str, str] = {}
    for dependency in _dependencies():
        bound = _BOUND.fullmatch(dependency)
        if bound is None:
            raise ValueError(f"{dependency!r} is not a name, `>=` and a version")
        lowest[_normal(bound[1])] = bound[2]
    return lowest


def _dependencies() -> list[str]:
    """Give what envcheck needs, and what its extras do beside each other."""
    project = _project()
    extras = chain.from_iterable(project["optional-dependencies"].values())
    return [*project["dependencies"], *(each for each in extras if not each.startswith(f"{project['name']}["))]


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _found(name: str) -> Python | None:
    """Look for a Python by its path, by its name on the PATH, and by its version among pyenv's.

    pyenv puts a name on the PATH for every version that it has installed, and lets run those alone that it was told
    to select.
    """
    candidates = [name]
    if name.startswith("python3."):
        prefix = _output("pyenv", "prefix", name.removeprefix("python"))
        candidates += [f"{prefix}/bin/python"] if prefix else []
    for candidate in candidates:
        version = _output(candidate, "-c", _ASK)
        if version:
            return Python(candidate, version)
    return None


def _output(*command: str) -> str:
    """Give what a command says; nothing where it fails or is not there."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, check=True)


def _tests_pass(*command: str | Path, cwd: Path) -> bool:
    started = time.monotonic()
    done = subprocess.run([*command, "-q", *_ON_ALL_CORES], cwd=cwd, stdin=subprocess.DEVNULL, check=False)
    _say(f"the tests took {time.monotonic() - started:.0f} s")
    return done.returncode == 0


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - a script whose progress is its output


def main(arguments: list[str]) -> int:
    """Run what is asked for; the exit code is 1 where tests fail."""
    parser = argparse.ArgumentParser(description="Run the default tests elsewhere than in .venv.")
    commands = parser.add_subparsers(dest="where", required=True)
    commands.add_parser("pythons").add_argument("python", nargs="*")
    commands.add_parser("lowest")
    commands.add_parser("sdist").add_argument("python", nargs="*")
    asked = parser.parse_args(arguments)
    try:
        match asked.where:
            case "pythons":
                passed = with_pythons(asked.python)
            case "lowest":
                passed = with_lowest()
            case _:
                passed = with_sdist(asked.python)
    except subprocess.CalledProcessError as error:
        _say(f"could not be made ready: {' '.join(map(str, error.cmd))}")
        passed = False
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
