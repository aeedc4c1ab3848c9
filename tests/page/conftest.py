"""Not part of the default suite: it needs what `make test-page` installs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from real_gateways.install import required

from page.install import AXE, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "page" in config.getoption("markexpr") else True


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    program = chromium()
    if program is None or not AXE.exists():
        sentence = "Chromium or axe-core is not there; make test-page installs them"
        pytest.fail(sentence) if required() else pytest.skip(sentence)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - installed by the target alone

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield started
        started.close()
