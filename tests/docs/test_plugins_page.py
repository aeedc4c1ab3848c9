"""The page about plug-ins shows the example as it is, and its numbers are those of the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from envcheck.plugins import files, fit, guard, kit
from envcheck.run import visit

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plugins.md").read_text()
EXAMPLE = ROOT / "examples" / "envcheck-rerank"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_code_on_the_page_is_the_examples() -> None:
    """Word by word."""
    sources = [path.read_text() for path in (EXAMPLE / "envcheck_rerank").glob("*.py")]
    assert len(blocks("python")) == 2
    assert [block for block in blocks("python") if not any(block in source for source in sources)] == []
    named, points = map(tomllib.loads, blocks("toml"))
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    assert (points["project"]["entry-points"], named["plugins"]) == (project["entry-points"], [project["name"]])


def test_limits_and_kinds_are_those_of_the_code() -> None:
    """They are written twice, and change together."""
    assert f"`read` takes more than {guard.READ_S:g} s" in PAGE
    assert f"the same, {visit.PROBE_GRACE_S:g} s after the deadlines of its requests" in PAGE
    assert f"takes more than {files.FILES_S:g} s" in PAGE
    assert "`Scalar`, `Stated` and `Members`" in PAGE
    assert [kind.__name__ for kind in fit._FIELDS] == ["Scalar", "Stated", "Members"]


def test_what_a_plug_in_is_written_with_is_named_once_and_in_order() -> None:
    """The names that stay."""
    assert sorted(set(kit.__all__)) == kit.__all__
    assert [name for name in kit.__all__ if not hasattr(kit, name)] == []


def test_every_link_on_the_pages_leads_to_a_file() -> None:
    """A reader's click ends somewhere."""
    for page in (ROOT / "docs" / "plugins.md", ROOT / "docs" / "library.md", EXAMPLE / "README.md"):
        targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text())
        assert [target for target in targets if not (page.parent / target).exists()] == []
