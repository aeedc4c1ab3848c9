"""Fidelity: the latencies reported, held against those the server measured."""

from __future__ import annotations

import json
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from benchmarks.bench import bare_loop, envcheck_run
from benchmarks.ratios import percentile_95, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.serving import Truth

TITLE: Final = "Fidelity"
SIZES: Final = (1, 50, 200, 1000)
HEADERS_MS: Final = 250
BODY_MS: Final = 50
ABOUT: Final = (
    f"Milliseconds that were reported beyond the truth. Each gateway sends its headers after {HEADERS_MS} ms and the "
    f"end of its body {BODY_MS} ms later; the truth is what the server measured, from the first byte of the request "
    "to the write of the headers, and from there to the last write, so the true time to connect is nothing. "
    "Both probes of every environment and round are in each figure, but for those that envcheck itself calls void. "
    "A script's clock cannot tell connecting from waiting: `to headers` is the sum of both."
)
_WIDE: Final = 1000
_PHASES: Final = ("connect", "ttfb", "to headers", "body", "total")


class Errors:
    """How far one contestant's latencies were from the truth, by phase, in milliseconds."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.by_phase: dict[str, list[float]] = defaultdict(list)
        self.server_late_ms: list[float] = []

    def of_envcheck(self, reports: Path) -> None:
        """Read what a run wrote."""
        truths = self._truths()
        for path, latency in _latencies(reports):
            truth = truths[path]
            connect, ttfb = (latency["dns_ms"] or 0.0) + (latency["connect_ms"] or 0.0), latency["ttfb_ms"] or 0.0
            if latency["connect_ms"] is not None:
                self.by_phase["connect"].append(connect)
            self.by_phase["ttfb"].append(ttfb - truth.ttfb_ms)
            self._note(truth, connect + ttfb, latency["body_ms"] or 0.0, latency["total_ms"] or 0.0)

    def of_bare_loop(self, output: Path) -> None:
        """Read what the loop printed."""
        truths = self._truths()
        for each in json.loads(output.read_text(encoding="utf-8")):
            truth = truths[urlsplit(each["url"]).path]
            self._note(truth, each["headers_ms"], each["body_ms"], each["total_ms"])

    def _truths(self) -> dict[str, Truth]:
        truths = self._bench.gateways.truths()
        self.server_late_ms += [truth.server_late_ms for truth in truths.values()]
        return truths

    def _note(self, truth: Truth, to_headers: float, body: float, total: float) -> None:
        self.by_phase["to headers"].append(to_headers - truth.ttfb_ms)
        self.by_phase["body"].append(body - truth.body_ms)
        self.by_phase["total"].append(total - truth.total_ms)


def run(bench: Bench, sizes: Sequence[int] = SIZES) -> list[str]:
    """Measure it."""
    lines: list[str] = []
    for size in sizes:
        lines += [f"### {size} at once", "", *_at_once(bench, size), ""]
    return lines


def _at_once(bench: Bench, size: int) -> list[str]:
    fleet = bench.gateways.fleet(size, headers_ms=HEADERS_MS, body_ms=BODY_MS)
    reports = bench.scratch / "reports"
    options = ("--quiet", "--format", "json", "--out-dir", str(reports))
    loop, envcheck, at_once = Errors(bench), Errors(bench), Errors(bench)
    contestants = [
        bare_loop(bench, fleet, loop.of_bare_loop),
        envcheck_run(bench, fleet, *options, after_each=lambda _: envcheck.of_envcheck(reports)),
        envcheck_run(
            bench, fleet, *options, "--concurrency", str(size), after_each=lambda _: at_once.of_envcheck(reports)
        ),
    ]
    bench.gateways.truths()
    bench.take_turns(contestants, max(1, bench.rounds // 3) if size >= _WIDE else bench.rounds)
    errors = (loop, envcheck, at_once)
    rows = [row for contestant, own in zip(contestants, errors, strict=True) for row in _rows(contestant.name, own)]
    late = percentile_95([each for own in errors for each in own.server_late_ms])
    return [
        *table(("", "phase", "median", "95th percentile", "least", "most"), rows),
        "",
        f"The server's own timers were late by {late:.1f} ms at the 95th percentile, which is part of the truth.",
    ]


def _rows(name: str, errors: Errors) -> Iterator[tuple[str, ...]]:
    for phase in _PHASES:
        values = errors.by_phase.get(phase)
        if values:
            figures = (median(values), percentile_95(values), min(values), max(values))
            yield (name, phase, *(f"{figure:.2f}" for figure in figures))


def _latencies(reports: Path) -> Iterator[tuple[str, dict[str, float | None]]]:
    """Give the path of each request and the latency that was reported of it."""
    for report in reports.glob("e*.json"):
        evidence = json.loads(report.read_text(encoding="utf-8"))
        base_path = urlsplit(evidence["target"]["base_url"]).path
        for check in evidence["checks"]:
            if not check["latency"]["voided"]:  # it says itself that it was late, and reports no time
                yield base_path + check["request"].split(" ")[1], check["latency"]
