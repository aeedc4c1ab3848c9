"""What every section of the benchmark is given, and the contestants that more than one of them has."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measure import Contestant, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.measure import Cost
    from benchmarks.serving import Gateways

HERE: Final = Path(__file__).parent
ENVCHECK: Final = str(Path(sys.executable).with_name("envcheck"))
BARE_LOOP: Final = "bare aiohttp loop"
# Same, or findings: either way every environment was probed and passed.
ALL_PASSED: Final = frozenset({0, 3})
ASKED: Final = json.dumps(
    {"model": "model-0-small", "messages": [{"role": "user", "content": "Reply with the single word: pong"}]}
)


@dataclass(frozen=True, slots=True)
class Bench:
    """The server, a folder for what the contestants read and write, and how often each one runs."""

    gateways: Gateways
    scratch: Path
    rounds: int

    def take_turns(self, contestants: Sequence[Contestant], rounds: int | None = None) -> dict[str, list[Cost]]:
        """Measure contestants side by side."""
        return take_turns(contestants, rounds or self.rounds, self.scratch)

    def write(self, name: str, text: str) -> str:
        """Write a file for the contestants, and give its path."""
        path = self.scratch / name
        path.write_text(text, encoding="utf-8")
        return str(path)


def python(script: str, *arguments: str) -> tuple[str, ...]:
    """Give the command that runs one of the scripts beside this one."""
    return (sys.executable, str(HERE / script), *arguments)


def envcheck_run(
    bench: Bench, fleet: Mapping[str, str], *options: str, after_each: Callable[[Path], None] | None = None
) -> Contestant:
    """Give `envcheck run` over a fleet."""
    file = bench.write(f"environments-{len(fleet)}.toml", _environments_file(fleet))
    shown = " ".join(
        ("envcheck run", *(option for option in options if option.startswith("--conc") or option.isdigit()))
    )
    return Contestant(shown, (ENVCHECK, "run", "--config", file, *options), ALL_PASSED, after_each=after_each)


def bare_loop(
    bench: Bench, fleet: Mapping[str, str], after_each: Callable[[Path], None] | None = None, *, rounds: int = 1
) -> Contestant:
    """Give the bare loop over a fleet, which asks it this many times."""
    file = bench.write(f"endpoints-{len(fleet)}.json", json.dumps(list(fleet.values())))
    return Contestant(BARE_LOOP, python("bare_fleet.py", file, str(rounds)), after_each=after_each)


def _environments_file(fleet: Mapping[str, str]) -> str:
    lines = [f"baseline = {json.dumps(next(iter(fleet)))}"]
    for name, base_url in fleet.items():
        lines += ["", f"[environments.{name}]", f"base_url = {json.dumps(base_url)}"]
    return "\n".join(lines) + "\n"
