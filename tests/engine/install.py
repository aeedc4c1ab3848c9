"""Install what the engine under test is: Slurm and munge, from Debian, whose own daemons are not started.

::

    cd tests && python -m engine.install

What cannot be had is said loudly; where it is required (`CI=true`) that is exit code 1, elsewhere the tests
are skipped.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from real_gateways.install import NotInstalledError, Shell, add_packages, required, system_binary

_LIMIT_S: Final = 300
NEEDED: Final = ("slurmctld", "slurmd", "sbatch", "munged")


def is_there() -> bool:
    """Tell whether all of it is installed."""
    return all(system_binary(name) is not None for name in NEEDED)


def main() -> int:
    """Install it, and give the exit code."""
    if is_there():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        try:
            add_packages(Shell(Path(folder) / "log", time.monotonic() + _LIMIT_S), "slurm-wlm", "munge")
        except NotInstalledError as error:
            sys.stderr.write(f"slurm-wlm: {error}\n")
            return int(required())
    return 0


if __name__ == "__main__":
    sys.exit(main())
