"""Make what an image is built of where no image registry can be reached: Debian's smallest base, and the wheels.

::

    cd tests && python -m container.install

What cannot be had is said loudly; where it is required (`CI=true`) that is exit code 1, elsewhere the tests
are skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import tomli
from real_gateways.install import NotInstalledError, Shell, add_packages, required, system_binary

ROOT: Final = Path(__file__).resolve().parents[2]
PLACE: Final = ROOT / ".container"
BASE: Final = PLACE / "base"
WHEELS: Final = PLACE / "wheels"
_COMPLETE: Final = PLACE / "complete"
_RELEASE: Final = "bookworm"
_IN_THE_BASE: Final = "python3,python3-venv,ca-certificates"
_LIMIT_S: Final = 500


def is_there() -> bool:
    """Tell whether an image can be built."""
    return _COMPLETE.exists() and system_binary("buildah") is not None


def _needed() -> list[str]:
    """Name the packages that the image takes in, and what builds envcheck's own wheel."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    of_extras = [each for name, needs in extras.items() if name != "all" for each in needs]
    return [*project["build-system"]["requires"], *project["project"]["dependencies"], *of_extras]


def _install(shell: Shell) -> None:
    if any(system_binary(name) is None for name in ("buildah", "debootstrap")):
        add_packages(shell, "buildah", "debootstrap")
    for stale in (BASE, WHEELS):
        shutil.rmtree(stale, ignore_errors=True)
    debootstrap = system_binary("debootstrap") or "debootstrap"
    shell.run(debootstrap, "--variant=minbase", f"--include={_IN_THE_BASE}", _RELEASE, BASE)
    shutil.rmtree(BASE / "var/cache/apt/archives", ignore_errors=True)
    version = subprocess.run(
        ("chroot", BASE, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--constraint", ROOT / "constraints.txt")
    shell.run(*pip, "--only-binary", ":all:", "--python-version", version, "--dest", WHEELS, *_needed())
    _COMPLETE.touch()


def main() -> int:
    """Make what is missing; 1 where that is required and cannot be done."""
    if is_there():
        return 0
    PLACE.mkdir(exist_ok=True)
    try:
        _install(Shell(PLACE / "install.log", time.monotonic() + _LIMIT_S))
    except NotInstalledError as why:
        print(f"NOT INSTALLED: {why}", flush=True)  # noqa: T201 - a script whose progress is its output
        return 1 if required() else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
