"""Not part of the default suite: it needs the site and the browser that `make test-site` makes ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from page.conftest import browser

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

__all__ = ["browser"]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "site" in config.getoption("markexpr") else True
