"""The documentation's pages hang together, before a site is made of them: `make test-site` looks at that."""

from __future__ import annotations

import re
import unicodedata

import pytest
from checkout import ROOT

LOOSE = ("README", "SECURITY", "CONTRIBUTING", "CHANGELOG")
IN_FOLDERS = [*(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*/README.md")]
PAGES = sorted([*(ROOT / f"{name}.md" for name in LOOSE), *IN_FOLDERS])
CONFIGURATION = (ROOT / "docs" / "conf.py").read_text(encoding="utf-8")
_FENCE = re.compile(r"^(```+)[^\n]*\n.*?^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(page: str) -> set[str]:
    """Give the headings' anchors, as a forge makes them: small letters, hyphens for blanks, other marks left out."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", _FENCE.sub("", page), re.MULTILINE):
        kept = (each for each in heading.lower() if each in " -_" or unicodedata.category(each)[0] in "LN")
        found.add("".join(kept).replace(" ", "-"))
    return found


def test_the_navigation_has_every_page_and_no_other() -> None:
    """A new page is found by whoever reads the site."""
    listed = re.findall(r"^(?:[\w -]+<)?([\w/-]+)>?$", CONFIGURATION.split('_NAVIGATION = """')[1], re.MULTILINE)
    expected = {str(page.relative_to(ROOT).with_suffix("")) for page in PAGES} - {"README"} | {"self"}
    assert {name for name in listed if not name.startswith("reports/")} == expected


@pytest.mark.parametrize("page", [page.relative_to(ROOT) for page in PAGES], ids=str)
def test_every_link_of_a_page_ends_at_a_file_and_a_heading(page: object) -> None:
    """Also where it names a part of a page."""
    path = ROOT / str(page)
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    for target, anchor in _LINK.findall(text):
        led = (path.parent / target).resolve() if target else path
        assert led.exists(), target
        if anchor:
            assert anchor in anchors(led.read_text(encoding="utf-8")), f"{target}#{anchor}"


def test_an_anchor_is_made_as_a_forge_makes_it() -> None:
    """So that the test above is about the right ones."""
    assert anchors("# A `b`: c-d_e, ×2\n\n```sh\n# none\n```\n") == {"a-b-c-d_e-2"}
