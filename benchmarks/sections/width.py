"""Width: 10 to 1,000 environments of one known delay."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.bench import BARE_LOOP, bare_loop, envcheck_run
from benchmarks.measure import Contestant
from benchmarks.ratios import cost_table, table
from benchmarks.sections.endpoint import curl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.bench import Bench
    from benchmarks.measure import Cost

TITLE: Final = "Width"
SIZES: Final = (10, 100, 200, 1000)
DELAY_MS: Final = 300
ABOUT: Final = (
    f"Environments that answer each of two requests after {DELAY_MS} ms. The bare loop is one session without a limit "
    "and `asyncio.gather`; xargs runs 16 curls at a time, each with both requests, and its memory is that of one curl."
)
_WIDE: Final = 1000
_XARGS: Final = "xargs -P 16 curl"


def run(bench: Bench, sizes: Sequence[int] = SIZES) -> list[str]:
    """Measure it."""
    by_size = {size: _costs(bench, size) for size in sizes}
    lines: list[str] = []
    for size, costs in by_size.items():
        lines += [f"### {size} environments", "", *cost_table(costs, BARE_LOOP), ""]
    return [*lines, *_growth(by_size)]


def _costs(bench: Bench, size: int) -> dict[str, list[Cost]]:
    fleet = bench.gateways.fleet(size, headers_ms=DELAY_MS)
    urls = bench.write("urls", "".join(f"{url}\n" for url in fleet.values()))
    contestants = [
        bare_loop(bench, fleet),
        envcheck_run(bench, fleet, "--json", "--no-reports"),
        envcheck_run(bench, fleet, "--json", "--no-reports", "--concurrency", str(size)),
        Contestant(_XARGS, ("xargs", "-a", urls, "-P", "16", "-I", "URL", *curl("URL"))),
    ]
    rounds = max(1, bench.rounds // 3) if size >= _WIDE else bench.rounds
    return bench.take_turns(contestants, rounds)


def _growth(by_size: dict[int, dict[str, list[Cost]]]) -> list[str]:
    """Say by how much each contestant's costs grow from the fewest environments to the most."""
    fewest, *_, most = by_size
    rows = []
    for few, many in zip(by_size[fewest].items(), by_size[most].items(), strict=True):
        growths = [
            median(getattr(each, cost) for each in many[1]) / median(getattr(each, cost) for each in few[1])
            for cost in ("wall_s", "cpu_s", "peak_bytes")
        ]
        rows.append((few[0].replace(f" --concurrency {fewest}", ", all at once"), *(f"{each:.1f}" for each in growths)))
    return [
        "### Growth",
        "",
        *table(("", "wall", "CPU", "peak memory"), rows),
        "",
        f"The medians at {most} environments as multiples of the same contestant's at {fewest}.",
    ]
