"""What the figures were read on: enough to judge them, and nothing that names the machine."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from envcheck import __version__

_PACKAGES: Final = ("aiohttp", "anyio", "pydantic", "typer", "tabulate")


def described() -> list[str]:
    """Give it as lines of Markdown."""
    curl = subprocess.run(["curl", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    packages = ", ".join([f"envcheck {__version__}", *(f"{name} {version(name)}" for name in _PACKAGES)])
    cores = len(os.sched_getaffinity(0))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return [
        (
            f"Read on {datetime.now(UTC):%Y-%m-%d} with {cores} cores ({platform.system()}, {platform.machine()}), "
            f"{python}, {packages}, curl {curl}."
        ),
        "",
        (
            "**Bold** is the median over the rounds, and behind it the least and the most. Every ratio is of two runs "
            "of the same round, so that what slows the machine slows both."
        ),
    ]
