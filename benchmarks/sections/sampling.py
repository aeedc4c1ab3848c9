"""Sampling: rounds over many origins at the same time, beside a bare loop that asks as often."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from benchmarks.bench import BARE_LOOP, bare_loop, envcheck_run
from benchmarks.ratios import cost_table, percentile_95, table

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.bench import Bench

TITLE: Final = "Sampling"
SIZES: Final = (3, 24, 100)
DELAY_MS: Final = 300
SAMPLES: Final = 7
ABOUT: Final = (
    f"`envcheck run --samples {SAMPLES}` over origins of their own that answer each of two requests after "
    f"{DELAY_MS} ms. The bare loop asks all of them both questions as often, the opening included, one round after the "
    "other, and judges nothing. Below each: milliseconds that envcheck reported beyond the truth, which is what the "
    "server measured of the same request."
)


class Fidelity:
    """How far the samples that were reported were from the truth."""

    def __init__(self, bench: Bench, reports: Path) -> None:
        self._bench = bench
        self._reports = reports
        self.late_ms: list[float] = []
        self.taken = 0
        self.voided = 0
        self.unpaired = 0

    def note(self, _: Path) -> None:
        """Read what a run wrote."""
        truths = self._bench.gateways.all_truths()
        for report in self._reports.glob("e*.json"):
            evidence = json.loads(report.read_text(encoding="utf-8"))
            path = urlsplit(evidence["target"]["base_url"]).path
            for check in evidence["checks"]:
                latency = check["latency"]
                self.taken += latency["taken"]
                self.voided += latency["voided"]
                told = latency["totals_ms"]
                if len(told) == latency["taken"] and not latency["again_ms"]:
                    true = truths[path + check["request"].split(" ")[1]][-len(told) :]
                    self.late_ms += [own - each.total_ms for own, each in zip(told, true, strict=True)]
                else:  # which of the true ones was left out is not in the record
                    self.unpaired += len(told)


def run(bench: Bench) -> list[str]:
    """Measure it."""
    lines: list[str] = []
    for size in SIZES:
        lines += [f"### {size} origins", "", *_at(bench, size), ""]
    return lines


def _at(bench: Bench, size: int) -> list[str]:
    fleet = bench.gateways.origins(size, headers_ms=DELAY_MS)
    reports = bench.scratch / f"sampled-{size}"
    fidelity = Fidelity(bench, reports)
    options = ("--quiet", "--format", "json", "--out-dir", str(reports), "--samples", str(SAMPLES))
    contestants = [
        bare_loop(bench, fleet, lambda _: bench.gateways.all_truths().clear(), rounds=1 + SAMPLES),
        envcheck_run(bench, fleet, *options, after_each=fidelity.note),
    ]
    costs = bench.take_turns(contestants)
    late = fidelity.late_ms or [0.0]
    row = (f"{percentile_95(late):.2f}", f"{max(late):.2f}", str(fidelity.taken), str(fidelity.voided))
    return [
        *cost_table(costs, BARE_LOOP),
        "",
        *table(("late, 95th percentile", "most", "samples taken", "void"), [row]),
        "",
        f"{len(fidelity.late_ms)} samples are held against the truth, and {fidelity.unpaired} could not be.",
    ]
