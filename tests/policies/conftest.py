"""Not part of the default suite: it needs what `make test-manifests` installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "manifests" in config.getoption("markexpr") else True
