"""Not part of the default suite: it needs the network, and what `make test-packages` installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from packages.building import Made, built

if TYPE_CHECKING:
    from pathlib import Path


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "packages" in config.getoption("markexpr") else True


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The wheel and the source distribution, built once for all tests."""
    return built(tmp_path_factory.mktemp("a-checkout") / "envcheck", umask=0o022, variables={"TZ": "UTC"})
