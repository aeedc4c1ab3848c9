"""`python -m release.notes [VERSION]`: print what a forge shows of a release, cut from CHANGELOG.md.

Without a version it is the one of `envcheck.__version__`; `Unreleased` shows what the next one will say.
"""

from __future__ import annotations

import sys

from envcheck import __version__
from release.changelog import CHANGELOG, section_of


def main(arguments: list[str]) -> int:
    """Print the notes; 2 where the changelog has none of this version."""
    version = arguments[0] if arguments else __version__
    try:
        section = section_of(CHANGELOG.read_text(encoding="utf-8"), version)
    except ValueError as why:
        sys.stderr.write(f"{why}\n")
        return 2
    sys.stdout.write(section.text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
