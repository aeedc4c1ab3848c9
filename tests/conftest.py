from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from cli_runs import Ran, run_envcheck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A change that has to land is judged by the same examples twice; anywhere else each run looks at new ones.
settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")

# A shell has what runs behind it ignore SIGINT, and `nohup` SIGHUP; the commands under test would do as they were told.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture
def envcheck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run command lines in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("ENVCHECK_CONFIG", raising=False)
    return run_envcheck
