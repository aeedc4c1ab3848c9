"""Which packages come with envcheck is known: each has an exact version and a licence that was looked at."""

from __future__ import annotations

from email.message import Message

import pytest
import tomli
from checkout import ROOT, imported

# They are about the exact versions, which `make check` has.
pytestmark = pytest.mark.thorough

dependencies = imported("release.dependencies")
licences = imported("release.licences")
locked = imported("release.locked")
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "PSF-2.0"}


def metadata(**said: str) -> Message:
    message = Message()
    message["Name"] = "some.package"
    for header, value in said.items():
        message[header.replace("_", "-")] = value
    return message


@pytest.fixture(scope="module")
def installed() -> list[object]:
    """With the exact versions; others may say the same in other words."""
    exact = dependencies.pins(CONSTRAINTS)
    found: list[object] = dependencies.installed()
    if any(exact[dependencies.canonicalize_name(each.name)] != each.version for each in found):  # type: ignore[attr-defined]  # of a module of the checkout
        pytest.skip("other versions than those of constraints.txt are installed")
    return found


def test_the_page_of_licences_is_current(installed: list[object]) -> None:
    """To make it again: `make licences`."""
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert page == licences.page()
    assert page.count("\n| ") == len(installed) + 2


@pytest.mark.usefixtures("installed")
def test_every_dependency_of_the_project_is_among_them() -> None:
    """Also those of the extras, and what those ask for themselves."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    named = {dependencies.canonicalize_name(each.split(" ")[0].split("[")[0]) for each in asked} - {project["name"]}
    found = {dependencies.canonicalize_name(each.name): each for each in dependencies.installed()}
    assert named <= set(found)
    assert {name for name, each in found.items() if "envcheck" in each.needed_by.split(", ")} == named
    assert found["pydantic-core"].needed_by == "pydantic"


@pytest.mark.usefixtures("installed")
def test_every_licence_lets_everybody_use_envcheck_as_its_own_does() -> None:
    """None asks of a user what the MIT licence does not; a new dependency of another kind is a decision."""
    said = {each.name: set(each.licence.split(" AND ")) for each in dependencies.installed()}
    assert {name: licence - PERMISSIVE for name, licence in said.items() if licence - PERMISSIVE} == {}


@pytest.mark.usefixtures("installed")
def test_every_package_that_is_installed_has_an_exact_version() -> None:
    """So that what was tested can be installed again."""
    lines = locked.lines(CONSTRAINTS)
    assert len(lines) == len(dependencies.installed())
    assert set(lines) <= set(CONSTRAINTS.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"License_Expression": "MIT OR Apache-2.0", "License": "GPL"}, "MIT OR Apache-2.0"),
        ({"License": "ISC License"}, "ISC"),
        ({"License": "see LICENSE", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
    ],
)
def test_a_licence_is_read_wherever_a_package_says_it(said: dict[str, str], licence: str) -> None:
    """The exact form goes before the loose ones."""
    assert dependencies.licence_of(metadata(**said)) == licence


def test_a_licence_in_unknown_words_has_to_be_looked_at() -> None:
    """Nothing is guessed, for BSD may be either of two."""
    with pytest.raises(ValueError, match="some-package: its licence is in no form"):
        dependencies.licence_of(metadata(License="BSD", Classifier="License :: OSI Approved :: BSD License"))
