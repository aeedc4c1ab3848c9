from __future__ import annotations

import re

import pytest
from checkout import ROOT, imported

PAGE = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
NAMED = re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def sections() -> dict[str, object]:
    """Import the benchmark's registry from the checkout: it is no part of the package."""
    return dict(imported("benchmarks.sections").SECTIONS)


def test_the_page_names_every_section_and_no_other(sections: dict[str, object]) -> None:
    """What the page says is measured is what `make bench` measures, in its order."""
    assert list(sections) == NAMED


def test_every_section_says_what_it_measures(sections: dict[str, object]) -> None:
    """A section has a heading, a sentence and something to run."""
    for section in sections.values():
        assert getattr(section, "TITLE", "")
        assert getattr(section, "ABOUT", "").endswith(".")
        assert callable(getattr(section, "run", None))


def test_the_commands_on_the_page_name_sections_that_exist(sections: dict[str, object]) -> None:
    """Whoever copies the command gets a measurement."""
    (command,) = re.findall(r"python -m benchmarks ([a-z ]+) --rounds", PAGE)
    assert set(command.split()) <= set(sections)
    assert re.search(r"^bench:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
