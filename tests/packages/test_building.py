"""What is built: the same bytes wherever it is built, and in it what belongs there."""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
from checkout import ROOT

from envcheck import __version__
from packages.building import built

if TYPE_CHECKING:
    from pathlib import Path

    from packages.building import Made

pytestmark = pytest.mark.packages
OTHERWISE = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "7", "COLUMNS": "40"}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Built again: in a folder of another name and length, by a stricter user, on another day of another zone."""
    place = tmp_path_factory.mktemp("b") / "another-checkout-of-it"
    return built(place, umask=0o077, variables=OTHERWISE)


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_two_builds_are_the_same_bytes(made: Made, elsewhere: Made, kind: str) -> None:
    """Folder, umask, the files' times, time zone, locale and hash seed are nothing to it."""
    one, other = getattr(made, kind), getattr(elsewhere, kind)
    assert one.name == other.name
    assert (one.parents[1] / "README.md").stat().st_mode != (other.parents[1] / "README.md").stat().st_mode
    assert (one.parents[1] / "README.md").stat().st_mtime != (other.parents[1] / "README.md").stat().st_mtime
    assert _sha256(one) == _sha256(other)


def test_a_day_that_is_asked_for_is_in_it(tmp_path: Path, made: Made) -> None:
    """A packager who sets SOURCE_DATE_EPOCH gets it, and so other bytes: the test above can fail."""
    dated = built(tmp_path / "envcheck", umask=0o022, variables={"SOURCE_DATE_EPOCH": "1700000000"})
    with zipfile.ZipFile(dated.wheel) as wheel:
        assert {each.date_time for each in wheel.infolist()} == {(2023, 11, 14, 22, 13, 20)}
    assert _sha256(dated.wheel) != _sha256(made.wheel)


def test_what_is_installed_can_be_read_by_everybody(elsewhere: Made) -> None:
    """Also where whoever built it lets nobody read his files."""
    with zipfile.ZipFile(elsewhere.wheel) as wheel:
        modes = {each.filename: each.external_attr >> 16 & 0o777 for each in wheel.infolist()}
    assert set(modes.values()) == {0o644}
    with tarfile.open(elsewhere.sdist) as sdist:
        assert {each.mode & 0o777 for each in sdist.getmembers() if each.isfile()} <= {0o644, 0o755}


def test_the_wheel_holds_the_package_the_licence_and_the_manual_page(made: Made) -> None:
    """And neither a test nor a file of the checkout beside them."""
    stem = f"llm_envcheck-{__version__}"
    assert made.wheel.name == f"{stem}-py3-none-any.whl"
    assert made.sdist.name == f"{stem}.tar.gz"
    with zipfile.ZipFile(made.wheel) as wheel:
        names = wheel.namelist()
        manual = wheel.read(f"{stem}.data/data/share/man/man1/envcheck.1")
        metadata = wheel.read(f"{stem}.dist-info/METADATA").decode()
    assert {name.split("/")[0] for name in names} == {"envcheck", f"{stem}.data", f"{stem}.dist-info"}
    assert {"envcheck/py.typed", f"{stem}.dist-info/licenses/LICENSE"} <= set(names)
    assert manual == (ROOT / "release" / "envcheck.1").read_bytes()
    assert f"\nName: llm-envcheck\nVersion: {__version__}\n" in metadata
    modules = {os.fspath(path.relative_to(ROOT)) for path in (ROOT / "envcheck").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
