"""`python -m benchmarks`: measure everything in one run, and write the page."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench import Bench
from benchmarks.machine import described
from benchmarks.sections import SECTIONS
from benchmarks.serving import ROOT, gateways


def main() -> None:
    """Read the command line, run the sections, print and write the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; default: all")
    parser.add_argument("--rounds", type=int, default=7, help="how often each contestant runs (default: %(default)s)")
    parser.add_argument(
        "--out", type=Path, help="write the page here (default: docs/speed-results.md, if all were run)"
    )
    options = parser.parse_args()
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    chosen = options.sections or list(SECTIONS)
    out = options.out or (None if options.sections else ROOT / "docs" / "speed-results.md")
    page = ["# Speed, measured", "", "Made by `make bench`; see [what is measured](speed.md).", "", *described(), ""]
    with gateways() as served, TemporaryDirectory() as scratch:
        bench = Bench(served, Path(scratch), options.rounds)
        for name in chosen:
            section = SECTIONS[name]
            lines = [f"## {section.TITLE}", "", section.ABOUT, "", *section.run(bench), ""]
            print("\n".join(lines), flush=True)
            page += lines
    if out is not None:
        out.write_text("\n".join(page).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
