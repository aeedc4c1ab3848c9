"""The whole corpus: every kind of secret, in every spelling, at every place, through `envcheck run`.

    cd tests && python -m leaks.whole_product [KIND]...

It takes some minutes, prints every leak it finds and how many echoes it sent, and exits 1 when there was a leak.
"""

from __future__ import annotations

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


def main(names: list[str]) -> int:
    """Run the product for the kinds that are named, or for all."""
    sent = leaks = 0
    for kind in KINDS:
        if names and kind.name not in names:
            continue
        started = perf_counter()
        echoes = product(kind)
        for start in range(0, len(echoes), AT_ONCE):
            for leak in _leaks(echoes[start : start + AT_ONCE]):
                leaks += 1
                print(leak, flush=True)
        sent += len(echoes)
        print(f"-- {kind.name}: {len(echoes)} echoes in {perf_counter() - started:.0f} s", flush=True)
    print(f"{sent} echoes, {leaks} outputs that give something away")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
