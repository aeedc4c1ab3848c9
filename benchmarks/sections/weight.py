"""Weight: what one very long list of models does to the latencies of its neighbours."""

from __future__ import annotations

import json
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.bench import bare_loop, envcheck_run
from benchmarks.ratios import cost_table, percentile_95, table
from benchmarks.sections.fidelity import Errors

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.bench import Bench

TITLE: Final = "Weight"
ENTRIES: Final = 20_000
NEIGHBOURS: Final = 9
DELAY_MS: Final = 100
ABOUT: Final = (
    f"Nine gateways that answer after {DELAY_MS} ms, alone and beside a tenth that lists {ENTRIES:,} models after half "
    "as long, so that its list is read while the others are waited for. "
    "Milliseconds that were reported of the nine beyond the truth, both probes together."
)


class _Neighbours(Errors):
    """The errors of the nine, without those of the heavy one."""

    def of_envcheck(self, reports: Path) -> None:
        (reports / "heavy.json").unlink(missing_ok=True)
        super().of_envcheck(reports)

    def of_bare_loop(self, output: Path) -> None:
        ours = [each for each in json.loads(output.read_text(encoding="utf-8")) if "/heavy/" not in each["url"]]
        output.write_text(json.dumps(ours), encoding="utf-8")
        super().of_bare_loop(output)


def run(bench: Bench) -> list[str]:
    """Measure it."""
    nine = bench.gateways.fleet(NEIGHBOURS, headers_ms=DELAY_MS)
    ten = {**nine, "heavy": bench.gateways.base_url("heavy", headers_ms=DELAY_MS // 2, models=ENTRIES)}
    reports = bench.scratch / "reports-of-weight"
    options = ("--quiet", "--format", "json", "--out-dir", str(reports))
    errors = {name: _Neighbours(bench) for name in ("loop, nine", "loop, ten", "envcheck, nine", "envcheck, ten")}
    contestants = [
        bare_loop(bench, nine, errors["loop, nine"].of_bare_loop),
        bare_loop(bench, ten, errors["loop, ten"].of_bare_loop),
        envcheck_run(bench, nine, *options, after_each=lambda _: errors["envcheck, nine"].of_envcheck(reports)),
        envcheck_run(bench, ten, *options, after_each=lambda _: errors["envcheck, ten"].of_envcheck(reports)),
    ]
    named = [replace(contestant, name=name) for name, contestant in zip(errors, contestants, strict=True)]
    bench.gateways.truths()
    costs = bench.take_turns(named)
    rows = [
        (name, *(f"{figure:.2f}" for figure in (median(total), percentile_95(total), max(total))))
        for name, own in errors.items()
        if (total := own.by_phase["total"])
    ]
    return [
        *table(("", "median", "95th percentile", "most"), rows),
        "",
        *cost_table(costs, "loop, ten"),
    ]
