"""Install what the pages are looked at with: Debian's Chromium, and axe-core from npm into `.page/`.

::

    cd tests && python -m page.install

What cannot be had is said loudly; where it is required (`CI=true`) that is exit code 1, elsewhere the tests
are skipped.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Final

from real_gateways.install import NotInstalledError, Shell, add_packages, required, system_binary

HERE: Final = Path(__file__).resolve().parent
PLACE: Final = HERE.parents[1] / ".page"
AXE: Final = PLACE / "node_modules/axe-core/axe.min.js"
_LIMIT_S: Final = 300


def chromium() -> str | None:
    """Give the path of the system's Chromium, where it is there: the small one before the whole one."""
    return system_binary("chromium-headless-shell") or system_binary("chromium")


def _install(shell: Shell) -> None:
    if chromium() is None:
        try:
            add_packages(shell, "chromium-headless-shell")
        except NotInstalledError:  # older releases of Debian have the whole browser alone
            add_packages(shell, "chromium")
    if not AXE.exists():
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
