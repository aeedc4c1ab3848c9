"""Not part of the default suite: it needs shells that `make test-shells` installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real_gateways.install import required, system_binary

from shells.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND_LINES = {
    "bash": ("bash", "-i"),
    "zsh": ("zsh", "-i"),
    "fish": ("fish", "-i"),
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out unless its marker is asked for."""
    return None if "shells" in config.getoption("markexpr") else True


@pytest.fixture(scope="session", params=COMMAND_LINES)
def shell(request: pytest.FixtureRequest) -> str:
    """One that is there."""
    name: str = request.param
    if system_binary(name) is None:
        sentence = f"{name} is not there; make test-shells installs it"
        pytest.fail(sentence) if required() else pytest.skip(sentence)
    return name


@pytest.fixture(scope="session")
def home(shell: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new user's home folder, after `envcheck --install-completion` was typed into this shell and nothing else."""
    folder = tmp_path_factory.mktemp(shell)
    (folder / ".zshrc").touch()  # else zsh asks a new user what belongs in it
    with Terminal(COMMAND_LINES[shell], folder) as terminal:
        terminal.type("envcheck --install-completion\r")
        terminal.wait_for(f"{shell} completion installed in")
    return folder


@pytest.fixture
def terminal(shell: str, home: Path) -> Iterator[Terminal]:
    """The shell, started anew as it says that it has to be."""
    with Terminal(COMMAND_LINES[shell], home) as started:
        yield started
