"""Not part of the default suite: it needs what `make test-engine` installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real_gateways.install import required

from engine.cluster import Cluster, cluster
from engine.install import is_there

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "engine" in config.getoption("markexpr") else True


@pytest.fixture
def slurm(tmp_path: Path) -> Iterator[Cluster]:
    """One node with two slots."""
    if not is_there():
        sentence = "Slurm or munge is not there; make test-engine installs them"
        pytest.fail(sentence) if required() else pytest.skip(sentence)
    with cluster(tmp_path / "slurm") as running:
        yield running
