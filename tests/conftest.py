from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from cli_runs import Ran, run_envcheck

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# No example fails by a clock, on however busy a machine. A change that has to land is judged by the same examples
# twice; anywhere else each run looks at new ones.
settings.register_profile("new examples", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("new examples"), derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "new examples")

# A shell has what runs behind it ignore SIGINT, and `nohup` SIGHUP; the commands under test would do as they were told.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what fails by a clock unless its marker is asked for: a busy machine is no fault of a change."""
    if "clock" in config.getoption("markexpr"):
        return
    by_a_clock = [item for item in items if item.get_closest_marker("clock")]
    items[:] = [item for item in items if item not in by_a_clock]
    config.hook.pytest_deselected(items=by_a_clock)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Start half as many workers again as there are cores: a fourth of the time goes to waiting for processes."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the thousands of tests that were collected and stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def envcheck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run command lines in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("ENVCHECK_CONFIG", "ENVCHECK_HISTORY"):
        monkeypatch.delenv(name, raising=False)
    return run_envcheck
