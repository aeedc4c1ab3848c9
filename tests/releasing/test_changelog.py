"""The version, the changelog and the notes of a release say the same, for each is said in one place."""

from __future__ import annotations

import re

import pytest
import tomli
from checkout import ROOT, imported
from hypothesis import given
from hypothesis import strategies as st

from envcheck import __version__

changelog = imported("release.changelog")
notes = imported("release.notes")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SMALL = """# Changelog

## [Unreleased]

- c

## [1.1.0] - 2026-02-03

### Added

- b

## [1.0.0] - 2026-01-02

- a
"""


def test_the_version_is_the_newest_that_the_changelog_has() -> None:
    """Whoever raises it writes its section, and whoever writes a section raises it."""
    assert changelog.newest(CHANGELOG).version == __version__


def test_pyproject_takes_the_version_from_the_package() -> None:
    """It is written down once, and `hatchling` reads it there."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "envcheck/__init__.py"


def test_what_is_not_released_stands_first_and_the_rest_from_the_newest_on() -> None:
    """Days and versions fall together."""
    first, *released = changelog.sections(CHANGELOG)
    assert (first.version, first.day) == ("Unreleased", None)
    days = [section.day for section in released]
    assert days == sorted(days, reverse=True)
    versions = [tuple(map(int, section.version.split("."))) for section in released]
    assert versions == sorted(versions, reverse=True)


def test_a_section_ends_where_the_next_begins() -> None:
    """Nothing of a neighbour, and no heading of its own, which a forge shows already."""
    assert [tuple(each) for each in changelog.sections(SMALL)] == [
        ("Unreleased", None, "- c\n"),
        ("1.1.0", "2026-02-03", "### Added\n\n- b\n"),
        ("1.0.0", "2026-01-02", "- a\n"),
    ]


@given(
    st.lists(st.sampled_from(["## [1.0]", " - 2026-01-02", "\n", "## [", "Unreleased]", "- a"]) | st.text()).map(
        "".join
    )
)
def test_any_changelog_can_be_cut(text: str) -> None:
    """Whatever somebody wrote: each section's text is in it, and none holds a heading of a version."""
    for section in changelog.sections(text):
        assert section.text.strip() in text
        assert not re.search(r"^## \[[^]]+\]$", section.text, re.MULTILINE)


def test_a_changelog_without_a_heading_has_no_section() -> None:
    """An empty one too."""
    assert changelog.sections("") == changelog.sections("# Changelog\n") == []


def test_the_notes_of_this_version_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an argument, as `make release-notes` asks for them."""
    assert notes.main([]) == 0
    shown = capsys.readouterr().out
    assert shown == changelog.section_of(CHANGELOG, __version__).text
    assert shown.startswith("### ")


def test_the_notes_of_a_version_that_is_not_there_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that there are."""
    assert notes.main(["9.9.9"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("CHANGELOG.md has no section [9.9.9]; it has Unreleased, ")


def test_a_changelog_without_a_release_has_no_newest() -> None:
    """Rather than one of no day."""
    with pytest.raises(ValueError, match="no section with a version and a day"):
        changelog.newest("## [Unreleased]\n\n- c\n")
