from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
PACKAGE = ROOT / "envcheck"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())
LOOSE = sorted(path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__"))
ROWS = re.findall(r"^\| `(\w+)/` \|", PAGE, re.MULTILINE)


def test_the_page_has_a_row_for_each_room_and_no_other() -> None:
    """Whoever looks for a place finds all there are."""
    assert sorted(ROWS) == ROOMS


def test_the_page_names_each_loose_module() -> None:
    """They are the nouns that all rooms share, and few."""
    paragraph = PAGE.split("The nouns that all of them share", 1)[1].split("##", 1)[0]
    assert sorted(set(re.findall(r"`(\w+)`", paragraph))) == LOOSE


def test_every_place_that_the_page_names_is_there() -> None:
    """A module that moved is moved on the page too."""
    places = re.findall(r"`((?:tests/)?\w+/[\w./]*)`", PAGE) + re.findall(r"\]\(\.\./([\w./]+)\)", PAGE)
    assert len(places) > len(ROOMS)
    missing = [place for place in places if not (PACKAGE / place).exists() and not (ROOT / place).exists()]
    assert missing == []


def test_every_link_leads_to_a_file() -> None:
    """Also between the pages."""
    for page in (ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md"):
        targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
        assert targets
        assert [target for target in targets if not (page.parent / target).exists()] == []


def test_no_room_is_without_words_about_itself() -> None:
    """What a room may know stands in its own face too."""
    for room in ROOMS:
        text = (PACKAGE / room / "__init__.py").read_text()
        assert text.startswith('"""'), room
