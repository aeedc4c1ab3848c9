"""The page about formats says what the registry and the metrics say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from test_readme import WIDTH, consoles

from envcheck.render import FORMATS
from envcheck.render.github import MOST_OF_A_SUMMARY
from envcheck.render.github.annotations import MOST_OF_A_KIND
from envcheck.render.junit.suites import OF_THE_WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from cli_runs import Ran

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "formats.md").read_text()
README = (DOCS.parent / "README.md").read_text()


def test_every_format_is_on_the_page_and_in_the_readme() -> None:
    """Whoever types `-f` finds its names there."""
    for text in (PAGE, README):
        rows = text.split("| format |", 1)[1].split("\n\n", 1)[0]
        assert re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE) == list(FORMATS)


def test_the_help_names_what_is_written_unasked(
    envcheck: Callable[..., Ran], capsys: pytest.CaptureFixture[str]
) -> None:
    """By default, and where a variable says which CI it is."""
    assert envcheck("run", "--help").code == 0
    shown = " ".join(capsys.readouterr().out.split())
    names = ", ".join(name for name, form in FORMATS.items() if form.on_by_default)
    (in_ci,) = [(name, form.on_by_default_in) for name, form in FORMATS.items() if form.on_by_default_in]
    assert f"Default: {names}, and {in_ci[0]} where {in_ci[1]}=true." in shown


def test_every_output_on_the_page_is_real(envcheck: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown under a command is what it prints."""
    monkeypatch.setenv("COLUMNS", WIDTH)
    (shown,) = consoles(PAGE)
    assert envcheck(*shlex.split(shown[0])[1:]).stdout == shown[1]


def test_numbers_and_names_are_those_of_the_code() -> None:
    """They are written twice, and change together."""
    assert f"cut to {MOST_OF_A_SUMMARY // 1024} KiB" in PAGE
    assert f"are {MOST_OF_A_KIND} of each at most" in PAGE
    assert f"`{OF_THE_WHOLE}`" in PAGE


def test_every_metric_is_on_the_page_with_its_labels() -> None:
    """In the order of the file."""
    rows = re.findall(r"^\| `(envcheck_\w+)` \| (.*?) ?\| ", PAGE, re.MULTILINE)
    source = (DOCS.parent / "envcheck/render/prometheus/exposition.py").read_text()
    made = re.findall(r'_gauge\("(\w+)", (?:help_|".*?")((?:, "\w+")*)\)', source)
    assert [(name, labels.replace("`", "")) for name, labels in rows] == [
        (f"envcheck_{name}", labels.removeprefix(", ").replace('"', "")) for name, labels in made
    ]


def test_every_link_on_the_page_leads_to_a_file() -> None:
    """A reader's click ends somewhere."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE)
    assert targets
    assert [target for target in targets if not (DOCS / target).exists()] == []
