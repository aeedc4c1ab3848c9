"""How long `envcheck history` takes over a history of many nights: a process of its own, from its start to its end.

::

    python -m benchmarks.many_nights [NIGHTS] [ENVIRONMENTS]

It makes the history anew, once with the default `keep` and once with all runs whole, and prints the size of each file,
the time of each form in seconds (the best of three), and how large the page is.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Final

from envcheck.compare import compare
from envcheck.demo.sample import sample_evidences
from envcheck.history import keep, opened, prune
from envcheck.policy import DEFAULT_KEEP_DAYS, Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from envcheck.evidence import Check, Evidence, Latency

_LAST: Final = datetime(2026, 11, 26, 2, tzinfo=UTC)
_NOISE: Final = 0.05
_STEP: Final = 1.2
_FORMS: Final = ((), ("--json",), ("--csv",), ("--html", "page.html"))


def main(nights: int, environments: int) -> None:
    """Make the histories, and print what looking back on them takes."""
    with TemporaryDirectory() as folder:
        history = Path(folder, "history.sqlite")
        started = perf_counter()
        with opened(history) as connected:
            for records in _runs(nights, environments):
                at = records[0].generated_at
                comparison = compare(records, baseline=None, policy=Policy(), generated_at=at, today=at.date())
                keep(connected, comparison, records, check=lambda _text: None)
        print(f"made {nights} nights of {environments} environments in {perf_counter() - started:.0f} s")
        _report("all whole", history)
        with opened(history) as connected:
            started = perf_counter()
            prune(connected, today=_LAST.date(), keep_days=DEFAULT_KEEP_DAYS)
            print(f"pruned in {perf_counter() - started:.2f} s")
            connected.connection.execute("VACUUM")
        _report(f"{DEFAULT_KEEP_DAYS} days whole", history)


def _runs(nights: int, environments: int) -> Iterator[list[Evidence]]:
    """Yield each night's records: in the last third all are slower, some have an outage, and models come and go."""
    random = Random(1)
    pattern = sample_evidences()[0].model_copy(update={"made_up": False})
    for night in range(nights):
        at = _LAST - timedelta(days=nights - 1 - night)
        level = _STEP if night > nights * 2 // 3 else 1.0
        yield [
            pattern.model_copy(
                update={
                    "environment": f"e{number}",
                    "generated_at": at,
                    "run_id": f"{night:016x}",
                    "checks": tuple(_check(each, level * random.gauss(1, _NOISE)) for each in pattern.checks),
                }
            )
            for number in range(environments)
        ]


def _check(check: Check, times: float) -> Check:
    return check.model_copy(update={"latency": _longer(check.latency, times)})


def _longer(latency: Latency, times: float) -> Latency:
    totals = tuple(round(each * times, 3) for each in latency.totals_ms)
    return latency.model_copy(update={"totals_ms": totals})


def _report(name: str, history: Path) -> None:
    print(f"{name}: {history.stat().st_size / 1e6:.1f} MB")
    for form in _FORMS:
        took, worked = min(_seconds(history, *form) for _ in range(3))
        print(f"  envcheck {' '.join(('history', *form))}: {took:.2f} s, {worked:.2f} s of a core")
    print(f"  page: {(history.parent / 'page.html').stat().st_size / 2**20:.2f} MiB")


def _seconds(history: Path, *form: str) -> tuple[float, float]:
    """Give how long it took, and how much of that it was at work."""
    started, worked = perf_counter(), _worked()
    subprocess.run(
        [sys.executable, "-m", "envcheck", "history", "--history", history.name, *form],
        cwd=history.parent,
        check=True,
        capture_output=True,
    )
    return perf_counter() - started, _worked() - worked


def _worked() -> float:
    """Give the seconds of a core that this process's children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:], "400", "40"][:2]))
