"""The command line over thousands of hostile gateways, each run a process of its own.

    cd tests && python -m hostile.many [--cases N] [--seed N] [--at-once N]

The cases are numbered from the seed on, and a number always stands for the same bytes: what is printed for a number is
had again by `--seed NUMBER --cases 1`. Every fourth run uses aiohttp's parser in Python, as on a machine without its
compiled one. The exit code is 1 when something was wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Final

from gateways.server import serving
from hostile.replies import case_of
from hostile.runs import Judged, hostile_gateway, run_over

AT_ONCE: Final = 100
WORKERS: Final = 2


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a script says what it finds


def main() -> int:
    """Run them all, a few processes at a time."""
    options = argparse.ArgumentParser()
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--at-once", type=int, default=AT_ONCE)
    options.add_argument("--parser", choices=("c", "python"))
    asked = options.parse_args()
    batches = [
        range(start, min(start + asked.at_once, asked.seed + asked.cases))
        for start in range(asked.seed, asked.seed + asked.cases, asked.at_once)
    ]
    parsers = [asked.parser or ("python" if number % 4 == 3 else "c") for number in range(len(batches))]
    started = perf_counter()
    with serving(hostile_gateway()) as server, ThreadPoolExecutor(WORKERS) as pool:

        def one(batch: range, parser: str) -> Judged:
            with tempfile.TemporaryDirectory() as folder:
                return run_over(Path(folder), batch, port=server.port, parser=parser)

        classes, wrong, longest = Counter[str](), 0, 0.0
        for batch, parser, judged in zip(batches, parsers, pool.map(one, batches, parsers), strict=True):
            classes += judged.classes
            longest = max(longest, judged.took_s)
            wrong += len(judged.faults)
            for number, fault in judged.faults:
                which = f"{batch.start}-{batch.stop - 1}" if number is None else str(number)
                _say(f"{which} ({parser} parser): {fault}")
    if len(batches) == 1 and asked.cases == 1:
        _say(f"models: {case_of(asked.seed).models}\nchat: {case_of(asked.seed).chat}")
    grouped = Counter[str]()
    for name, count in classes.items():
        grouped["http_<status>" if name.startswith("http_") else name] += count
    _say("\n".join(f"{count:7} {name}" for name, count in grouped.most_common()))
    _say(
        f"{asked.cases} gateways from seed {asked.seed} in {perf_counter() - started:.0f} s,"
        f" the longest run {longest:.1f} s; {wrong} things wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
