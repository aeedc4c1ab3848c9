"""Start-up: how long nothing takes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from benchmarks.bench import ENVCHECK
from benchmarks.measure import Contestant
from benchmarks.ratios import cost_table

if TYPE_CHECKING:
    from benchmarks.bench import Bench

TITLE: Final = "Start-up"
ABOUT: Final = "What is asked most often and sends nothing, against a Python that imports typer and ends."

_REFERENCE: Final = 'python -c "import typer"'


def run(bench: Bench) -> list[str]:
    """Measure it."""
    completion = {"_ENVCHECK_COMPLETE": "complete_bash", "COMP_WORDS": "envcheck ru", "COMP_CWORD": "1"}
    contestants = (
        Contestant(_REFERENCE, (sys.executable, "-c", "import typer")),
        Contestant("envcheck --version", (ENVCHECK, "--version")),
        Contestant("envcheck --help", (ENVCHECK, "--help")),
        Contestant("shell completion of `envcheck ru`", (ENVCHECK,), variables=completion),
    )
    # Short commands are the noisiest, and cost the least to repeat.
    return cost_table(bench.take_turns(contestants, bench.rounds * 3), _REFERENCE)
