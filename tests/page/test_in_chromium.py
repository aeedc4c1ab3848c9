"""What a browser makes of the pages: it fetches nothing, complains of nothing, and fits them on a telephone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from html_pages import every_page

from page.install import AXE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.page
PAGES = every_page()
NAMES = pytest.mark.parametrize("name", PAGES)


def written(folder: Path, name: str) -> str:
    (folder / name).write_text(PAGES[name], encoding="utf-8")
    return (folder / name).as_uri()


@NAMES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Any, tmp_path: Path, name: str, scheme: str) -> None:
    """axe-core, with every rule that it has by default, finds no violation in light and in dark."""
    address = written(tmp_path, name)
    # axe is a script, and the pages' own policy allows none.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.add_script_tag(path=str(AXE))
    violations = page.evaluate(
        "axe.run().then(done => done.violations.map(v => [v.id, v.nodes[0].html, v.nodes.length]))"
    )
    context.close()
    assert violations == []


@NAMES
def test_a_page_asks_for_nothing_and_complains_of_nothing(browser: Any, tmp_path: Path, name: str) -> None:
    """Whatever a gateway wrote: no request but the file, no console message, no dialog."""
    address = written(tmp_path, name)
    seen: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.goto(address, wait_until="networkidle")
    context.close()
    assert seen == [address]


@NAMES
@pytest.mark.parametrize("width", [400, 1600])
def test_a_page_fits_its_window(browser: Any, tmp_path: Path, name: str, width: int) -> None:
    """Tables and drawings scroll inside their own box, the page never sideways."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(written(tmp_path, name))
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert wide == width


def test_dark_is_dark(browser: Any, tmp_path: Path) -> None:
    """The two schemes really differ."""
    found = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(written(tmp_path, "two.html"))
        found.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert found == ["rgb(255, 255, 255)", "rgb(20, 24, 29)"]


def test_a_policy_of_ours_stops_a_script(browser: Any, tmp_path: Path) -> None:
    """Were anything ever not escaped, the browser would still not run it."""
    PAGES["smuggled.html"] = PAGES["two.html"].replace("<main", "<script>document.title='ran'</script><main")
    page = browser.new_page()
    page.goto(written(tmp_path, "smuggled.html"))
    title = page.title()
    page.close()
    assert title == "envcheck: comparison"


def test_two_hundred_environments_load_at_once(browser: Any, tmp_path: Path) -> None:
    """Under 2 MiB, and within 2 s."""
    assert len(PAGES["many.html"].encode()) < 2 * 1024 * 1024
    page = browser.new_page()
    begun = time.perf_counter()
    page.goto(written(tmp_path, "many.html"), wait_until="load")
    took = time.perf_counter() - begun
    page.close()
    assert took < 2
