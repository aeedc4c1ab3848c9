"""Rendering: what comparing and showing a great deal takes, in one process."""

from __future__ import annotations

import json
from time import process_time
from typing import TYPE_CHECKING, Final

from tabulate import tabulate

from benchmarks.large_run import MODELS, SIZE, evidences
from benchmarks.ratios import ratios, spread, table
from envcheck.compare import compare
from envcheck.comparison import Result
from envcheck.policy import Policy
from envcheck.render import FORMATS
from envcheck.render.json import document_of
from envcheck.render.markdown import comparison_page
from envcheck.render.terminal import table as terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.bench import Bench

TITLE: Final = "Rendering"
ABOUT: Final = (
    f"{SIZE} environments with {MODELS:,} models each, of which three are missing and two are new in every other one. "
    "The reference is what a script would do with the same lists: `json.dumps` of all of them, and `tabulate` over "
    "one row for each environment. CPU time within one process."
)
_WIDTH: Final = 120
_JSON_DUMPS: Final = "json.dumps of the same lists"


def run(bench: Bench) -> list[str]:
    """Measure it."""
    jobs = _jobs()
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(bench.rounds + 1):
        for name, job in jobs.items():
            began = process_time()
            job()
            if number:
                times[name].append(process_time() - began)
    rows = [(name, spread(ratios(own, times[_JSON_DUMPS]))) for name, own in times.items()]
    return [
        *table(("", "CPU"), rows),
        "",
        f"Multiples of `{_JSON_DUMPS}`, {bench.rounds} rounds.",
    ]


def _jobs() -> Mapping[str, Callable[[], object]]:
    many = evidences()
    lists = {each.environment: list(each.checks[0].facts.model_dump()["model_ids"]) for each in many}
    made = many[0].generated_at
    baseline = many[0].environment
    comparison = compare(many, baseline=baseline, policy=Policy(), generated_at=made, today=made.date())
    return {
        _JSON_DUMPS: lambda: json.dumps(lists, indent=2),
        "tabulate, a row each": lambda: tabulate([(name, len(ids), ids[0]) for name, ids in lists.items()]),
        "compare": lambda: compare(many, baseline=baseline, policy=Policy(), generated_at=made, today=made.date()),
        "terminal table": lambda: terminal.render(comparison, many, width=_WIDTH, color=False, only_differences=False),
        "comparison.md": lambda: comparison_page.page_of(comparison, many),
        "comparison.json": lambda: document_of(comparison),
        f"{SIZE} Markdown reports": lambda: list(FORMATS["markdown"].files(Result(many))),
        f"{SIZE} JSON reports": lambda: list(FORMATS["json"].files(Result(many))),
    }
