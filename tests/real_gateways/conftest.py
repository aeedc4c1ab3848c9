"""Not part of the default suite: it needs servers that `make test-gateways` installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from real_gateways.command import envcheck_run
from real_gateways.fleet import SIDE_BY_SIDE, available, environments_toml, variables
from real_gateways.install import required
from real_gateways.made_up import Secrets
from real_gateways.servers import estate as started_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from real_gateways.command import Run
    from real_gateways.servers import Estate

_SHOWN = pytest.StashKey[list[str]]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "gateways" in config.getoption("markexpr") else True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what a person would see, since no assertion says whether it reads well."""
    for text in config.stash.get(_SHOWN, []):
        terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def show(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Keep a text for the end of the session's output."""
    return pytestconfig.stash.setdefault(_SHOWN, []).append


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    """Keys, a prompt and an answer that no other run has."""
    return Secrets()


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory, secrets: Secrets) -> Iterator[Estate]:
    """All the servers that are installed, up; where they are required, all of them."""
    with started_estate(tmp_path_factory.mktemp("servers"), secrets) as there:
        if there.missing and required():
            pytest.fail(f"not installed, and required: {', '.join(sorted(there.missing))}")
        if "aimock" in there.missing:
            pytest.skip("aimock, the baseline, is not installed: `python tests/real_gateways/install.py` says why")
        yield there


@pytest.fixture(scope="session")
def fleet_run(estate: Estate, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run over every scenario at once, as JSON."""
    config = environments_toml(available(estate), estate, secrets)
    return envcheck_run(config, tmp_path_factory.mktemp("fleet") / "run", variables(secrets), "--json")


@pytest.fixture(scope="session")
def side_by_side(
    estate: Estate, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory, show: Callable[[str], None]
) -> Run:
    """One run over the gateways that work, as a table."""
    scenarios = [scenario for scenario in available(estate) if scenario.name in SIDE_BY_SIDE]
    config = environments_toml(scenarios, estate, secrets)
    run = envcheck_run(config, tmp_path_factory.mktemp("side-by-side") / "run", variables(secrets))
    starts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in estate.start_s.items())
    for text in (f"start: {starts}", run.stdout, run.stderr):
        show(text)
    return run
