"""Not part of the default suite: it needs what `make test-ci-formats` installs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from real_gateways.install import required

from ci_formats.install import SCHEMA, promtool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "ci_formats" in config.getoption("markexpr") else True


def _do_without(what: str) -> None:
    sentence = f"{what} is not there; make test-ci-formats installs it"
    if required():
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture
def check() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run promtool."""
    program = promtool()
    if program is None:
        _do_without("promtool")

    def run(*arguments: str | Path, fed: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(program), *map(str, arguments)]
        return subprocess.run(command, input=fed, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    """The schema of JUnit reports that Jenkins published."""
    if not SCHEMA.exists():
        _do_without("the schema")
    return etree.XMLSchema(etree.parse(str(SCHEMA)))
