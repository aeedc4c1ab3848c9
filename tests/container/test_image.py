"""The Containerfile, built for real on a base that no registry gave, and what comes out of it at work."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from real_gateways.install import required

from container.install import BASE, ROOT, WHEELS, is_there

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.container

_BASE: Final = "localhost/base"
_IMAGE: Final = "localhost/envcheck"


@dataclass(frozen=True, slots=True)
class Buildah:
    """Images and containers in a folder of their own, which needs neither a daemon nor namespaces."""

    folder: Path

    def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        places = ("--root", self.folder / "store", "--runroot", self.folder / "run", "--storage-driver", "vfs")
        done = subprocess.run(
            ("buildah", *places, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=400, check=False
        )
        assert done.returncode == code, done.stderr[-3000:]
        return done.stdout.strip()

    def inside(self, container: str, *command: str, code: int = 0) -> str:
        """Run a command in a container, as its user."""
        return self("run", "--isolation", "chroot", container, "--", *command, code=code)


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    """Build the image; all that was made is gone at the end."""
    if not is_there():
        sentence = "buildah or a base is not there; make test-container makes them"
        pytest.fail(sentence) if required() else pytest.skip(sentence)
    run = Buildah(tmp_path_factory.mktemp("buildah"))
    base = run("from", "scratch")
    run("add", "--quiet", base, BASE, "/")
    run("commit", "--quiet", base, _BASE)
    run("rm", base)
    offline = "PIP_FLAGS=--no-index --find-links /wheels"
    arguments = ("--build-arg", f"BASE={_BASE}", "--build-arg", offline, "--volume", f"{WHEELS}:/wheels:ro")
    run("bud", "--isolation", "chroot", *arguments, "--tag", _IMAGE, "--file", "Containerfile", ".")
    yield run
    run("rm", "--all")
    run("rmi", "--all", "--force")


@pytest.fixture(scope="module")
def container(buildah: Buildah) -> str:
    """A container of it."""
    return buildah("from", _IMAGE)


def test_the_demo_finds_what_it_has_to(buildah: Buildah, container: str) -> None:
    """The main job works in it: real HTTP to gateways on loopback."""
    assert "Verdict: 2 of 3 environments failed" in buildah.inside(container, "envcheck", "demo")


def test_all_extras_are_in_it(buildah: Buildah, container: str) -> None:
    """Nobody has to build another image for a format or for object storage."""
    code = "import jinja2, obstore, prometheus_client"
    buildah.inside(container, "python3", "-c", code)


def test_its_user_is_nobody_and_writes_nowhere_it_was_not_told(buildah: Buildah, container: str) -> None:
    """Kubernetes can tell by the number, and nothing of the program can be changed from inside."""
    assert buildah.inside(container, "id", "-u") == "10001"
    buildah.inside(container, "touch", "/opt/envcheck/x", code=1)
    buildah.inside(container, "touch", "/work/x", code=1)


def test_neither_compiler_nor_pip_is_left_in_it(buildah: Buildah, container: str) -> None:
    """What only builds stays in the first stage."""
    for name in ("cc", "gcc", "make", "pip"):
        assert buildah.inside(container, "sh", "-c", f"command -v {name} || echo none") == "none"
