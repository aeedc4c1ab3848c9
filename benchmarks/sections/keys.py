"""Keys: what it costs that each environment has one of its own, for every text is held against all of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from benchmarks.bench import ALL_PASSED, ENVCHECK, envcheck_run
from benchmarks.measure import Contestant
from benchmarks.ratios import cost_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.bench import Bench

TITLE: Final = "Keys"
SIZES: Final = (10, 100, 200, 1000)
ABOUT: Final = (
    "`envcheck run` over environments that answer at once and have a key each, no two the same: every text that is "
    "reported of one is held against the keys of all. The reference is the same fleet without keys."
)
_WIDE: Final = 1000
_WITHOUT: Final = "without keys"


def run(bench: Bench, sizes: Sequence[int] = SIZES) -> list[str]:
    """Measure it."""
    lines: list[str] = []
    for size in sizes:
        lines += [f"### {size} environments", "", *_costs(bench, size), ""]
    return lines


def _costs(bench: Bench, size: int) -> list[str]:
    fleet = bench.gateways.fleet(size, headers_ms=0)
    options = ("--json", "--no-reports")
    without = replace(envcheck_run(bench, fleet, *options), name=_WITHOUT)
    contestants = [without, _keyed(bench, fleet, options)]
    rounds = max(1, bench.rounds // 3) if size >= _WIDE else bench.rounds
    return cost_table(bench.take_turns(contestants, rounds), _WITHOUT)


def _keyed(bench: Bench, fleet: Mapping[str, str], options: tuple[str, ...]) -> Contestant:
    first, *_ = fleet
    lines = [f'baseline = "{first}"']
    keys: dict[str, str] = {}
    for name, base_url in fleet.items():
        variable = f"KEY_OF_{name.upper()}"
        keys[variable] = f"sk-proj-{hashlib.sha256(name.encode()).hexdigest()}"
        lines += [f"[environments.{name}]", f'base_url = "{base_url}"', f'api_key_env = "{variable}"']
    file = bench.write(f"environments-with-keys-{len(fleet)}.toml", "\n".join(lines) + "\n")
    return Contestant("a key each", (ENVCHECK, "run", "--config", file, *options), ALL_PASSED, keys)
