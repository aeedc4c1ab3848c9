"""The whole corpus: every kind of secret, in every spelling, at every place, through `envcheck run`.

    cd tests && python -m leaks.whole_product [--every N] [KIND]...

The whole takes hours, a tenth of it (`--every 11`) some minutes. Every leak is printed, with how many echoes were sent;
the exit code is 1 when there was a leak.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from leaks.echo_run import leaked, product
from leaks.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leaks.echo_run import Echo

AT_ONCE: Final = 150


def _leaks(echoes: list[Echo]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        found = leaked(Path(folder), echoes)
    if found and found[0].startswith("no result") and len(echoes) > 1:
        middle = len(echoes) // 2
        yield from _leaks(echoes[:middle])
        yield from _leaks(echoes[middle:])
    elif found and found[0].startswith("no result"):
        yield f"{echoes[0]}: {found[0]}"
    else:
        yield from found


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a script says what it finds


def main() -> int:
    """Run the product for the kinds that are named, or for all."""
    options = argparse.ArgumentParser()
    options.add_argument("--every", type=int, default=1)
    options.add_argument("kinds", nargs="*")
    chosen = options.parse_args()
    sent = leaks = 0
    for number, kind in enumerate(KINDS):
        if chosen.kinds and kind.name not in chosen.kinds:
            continue
        started = perf_counter()
        echoes = product(kind)[number % chosen.every :: chosen.every]
        for start in range(0, len(echoes), AT_ONCE):
            for leak in _leaks(echoes[start : start + AT_ONCE]):
                leaks += 1
                _say(leak)
        sent += len(echoes)
        _say(f"-- {kind.name}: {len(echoes)} echoes in {perf_counter() - started:.0f} s")
    _say(f"{sent} echoes, {leaks} outputs that give something away")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
