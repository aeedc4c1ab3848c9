"""Build the distributions from a copy of the checkout, as somebody else has it on another machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import tomli
from checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Made(NamedTuple):
    """What a build leaves."""

    wheel: Path
    sdist: Path


def built(place: Path, *, umask: int, variables: Mapping[str, str]) -> Made:
    """Copy the checkout to a place that is not there yet, and build in it."""
    _copy(place, umask)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", place / "dist"],
        cwd=place,
        umask=umask,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (place / "dist").glob("*.whl")
    (sdist,) = (place / "dist").glob("*.tar.gz")
    return Made(wheel, sdist)


def _copy(place: Path, umask: int) -> None:
    """Copy what a build reads, each file with the mode that a checkout under this umask gives it, and as of now."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    before = os.umask(umask)
    try:
        place.mkdir()
        for name in [
            *project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"],
            "/pyproject.toml",
            "/.gitignore",
        ]:
            _copy_one(ROOT / name[1:], place / name[1:])
    finally:
        os.umask(before)


def _copy_one(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_copy_file, ignore=shutil.ignore_patterns("__pycache__"))
        for folder in (target, *(each for each in target.rglob("*") if each.is_dir())):
            folder.chmod(0o777 & ~_umask())
    else:
        _copy_file(str(source), str(target))


def _copy_file(source: str, target: str) -> None:
    shutil.copyfile(source, target)
    is_executable = os.stat(source).st_mode & 0o100  # noqa: PTH116 - a name, as `shutil` hands it on
    os.chmod(target, (0o777 if is_executable else 0o666) & ~_umask())  # noqa: PTH101 - the same


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now
