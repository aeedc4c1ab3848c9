"""Whole processes, measured: wall time, CPU time of it and its children, peak memory; contestants take turns."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SPAWNER: Final = Path(__file__).with_name("spawner.py")
_KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took."""

    wall_s: float
    cpu_s: float
    """User and system time, children included."""
    peak_bytes: int
    """Of resident memory; with children, of the largest process."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A command that does the job, and the exit codes with which it has done it."""

    name: str
    command: tuple[str, ...]
    exit_codes: frozenset[int] = frozenset({0})
    variables: Mapping[str, str] = field(default_factory=dict)
    after_each: Callable[[Path], None] | None = None
    """Called with the file that holds its stdout."""


def run_once(contestant: Contestant, output: Path) -> Cost:
    """Run a contestant and measure it.

    Raises:
        RuntimeError: it has not done its job.

    """
    program, *arguments = contestant.command
    path = shutil.which(program)
    if path is None:
        raise RuntimeError(f"{program} is needed for this comparison")
    spawner = [sys.executable, "-I", "-S", str(_SPAWNER), str(output), path, *arguments]
    report = subprocess.run(
        spawner, check=True, capture_output=True, text=True, env={**os.environ, **contestant.variables}
    )
    wall, cpu, peak, exit_code = report.stdout.split()
    if int(exit_code) not in contestant.exit_codes:
        raise RuntimeError(f"{contestant.name} ended with {exit_code}: {report.stderr[-2000:]}")
    return Cost(float(wall), float(cpu), int(peak) * _KIB)


def take_turns(contestants: Sequence[Contestant], rounds: int, scratch: Path) -> dict[str, list[Cost]]:
    """Run each contestant once a round, each round beginning with another; a first round warms up and is not kept."""
    costs: dict[str, list[Cost]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds + 1):
        first = number % len(contestants)
        for contestant in (*contestants[first:], *contestants[:first]):
            output = scratch / "stdout"
            cost = run_once(contestant, output)
            if number:
                costs[contestant.name].append(cost)
                if contestant.after_each is not None:
                    contestant.after_each(output)
    return costs
