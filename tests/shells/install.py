"""Install the shells that completion is typed into: Debian's bash, zsh and fish.

::

    cd tests && python -m shells.install

What cannot be had is said loudly; where it is required (`CI=true`) that is exit code 1, elsewhere the tests
are skipped.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

from real_gateways.install import NotInstalledError, Shell, add_packages, required, system_binary

PLACE: Final = Path(__file__).resolve().parents[2] / ".shells"
SHELLS: Final = ("bash", "zsh", "fish")
"""Program and package are named alike."""
_LIMIT_S: Final = 300


def main() -> int:
    """Install what is missing; 1 where that is required and cannot be done."""
    missing = [shell for shell in SHELLS if system_binary(shell) is None]
    PLACE.mkdir(exist_ok=True)
    try:
        if missing:
            add_packages(Shell(PLACE / "install.log", time.monotonic() + _LIMIT_S), *missing)
    except NotInstalledError as why:
        print(f"NOT INSTALLED: {why}", flush=True)  # noqa: T201 - a script whose progress is its output
        return 1 if required() else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
