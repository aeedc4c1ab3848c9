"""What somebody reads in a browser, from a disk and without a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.site
SITE = ROOT / "build" / "site"
PAGES = sorted(path for path in SITE.rglob("*.html") if "_static" not in path.parts and "_downloads" not in path.parts)
EACH_PAGE = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SITE)))
A_REPORT = SITE / "reports" / "sample" / "comparison.html"


def test_there_is_a_page_of_each() -> None:
    """The tests below are about something."""
    written = {str(path.relative_to(SITE).with_suffix(".md")) for path in PAGES}
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} | {"README.md", "CHANGELOG.md"} <= written


@EACH_PAGE
def test_every_link_ends_in_the_site_and_at_a_place_of_its_page(path: Path) -> None:
    """Those that lead out of it are only followed by whoever clicks on them."""
    text = path.read_text(encoding="utf-8")
    links = {urlsplit(link) for link in re.findall(r'(?:href|src)="([^"]+)"', text)}
    assert links
    for link in links:
        if link.scheme in {"http", "https"}:
            continue
        led = (path.parent / unquote(link.path)).resolve() if link.path else path
        assert led.is_file(), link.geturl()
        assert SITE in led.parents
        if link.fragment and led.suffix == ".html":
            assert f'id="{unquote(link.fragment)}"' in led.read_text(encoding="utf-8"), link.geturl()


@EACH_PAGE
def test_nothing_is_fetched_from_elsewhere(browser: Any, path: Path) -> None:
    """Neither a font nor a script: each request of a page is for a file beside it, and no script breaks."""
    seen: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(path.as_uri(), wait_until="networkidle")
    page.close()
    assert [each for each in seen if not each.startswith((SITE.as_uri(), "data:"))] == []
    assert path.as_uri() in seen


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("path", [SITE / "README.html", SITE / "docs" / "how-envcheck-decides.html", A_REPORT], ids=str)
def test_a_page_fits_its_window(browser: Any, path: Path, width: int) -> None:
    """Wide tables scroll by themselves, and the navigation is there: at once, or behind its sign."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    entry = page.locator(".sidebar-tree a", has_text="What each failure is called")
    if width == 400:
        page.locator("label.nav-overlay-icon[for=__navigation]").first.click()
    entry.click()
    page.wait_for_url("**/docs/failure-scenarios.html")
    page.close()


def test_the_search_finds_a_word_without_a_server(browser: Any) -> None:
    """And none that is nowhere."""
    page = browser.new_page()
    page.goto((SITE / "README.html").as_uri())
    page.fill("input[name=q]", "undecided")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li")
    assert "How envcheck decides" in page.locator("#search-results").inner_text()
    page.goto((SITE / "search.html").as_uri() + "?q=xylophones")
    page.wait_for_function("document.body.innerText.includes('did not match any documents')")
    page.close()


def test_the_address_of_the_folder_leads_to_the_first_page(browser: Any) -> None:
    """A server shows index.html for it."""
    page = browser.new_page()
    page.goto((SITE / "index.html").as_uri())
    page.wait_for_url("**/README.html")
    assert page.locator("h1").first.inner_text().startswith("envcheck")
    page.close()
