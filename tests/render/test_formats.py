"""The registry of report formats."""

from __future__ import annotations

import subprocess
import sys

from render_samples import four_environments, four_evidences

from envcheck.comparison import CellState
from envcheck.render import RENDERERS
from envcheck.render.marks import MARKS
from envcheck.render.terminal.cells import STYLES


def test_every_format_renders_both_reports() -> None:
    """A format is a module with a suffix and two functions."""
    assert len({renderer.SUFFIX for renderer in RENDERERS.values()}) == len(RENDERERS)
    for renderer in RENDERERS.values():
        assert renderer.evidence(four_evidences()[0]).endswith("\n")
        assert renderer.comparison(four_environments(), four_evidences()).endswith("\n")


def test_the_registry_is_cheap_to_read() -> None:
    """`envcheck --help` names the formats, and must not wait for what renders them."""
    heavy = "{'pydantic', 'tabulate', 'rich', 'aiohttp', 'typer'}"
    code = f"import sys, envcheck.render, envcheck.render.terminal.table; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_state_has_a_mark_and_a_style() -> None:
    """They are looked up by value, so mypy cannot tell that one is missing."""
    states = {state.value for state in CellState}
    assert set(MARKS) == states
    assert set(STYLES) == states
