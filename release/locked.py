"""`python -m release.locked`: print those lines of constraints.txt that `pip install 'llm-envcheck[all]'` goes by.

The rest of the file is what envcheck is developed with, and nothing that a user has to watch for holes.
"""

from __future__ import annotations

import sys

from packaging.utils import canonicalize_name

from release.changelog import ROOT
from release.dependencies import installed, pins


def lines(constraints: str) -> list[str]:
    """Give a line of each package that is installed with envcheck, with its exact version.

    Raises:
        KeyError: one has no exact version in the constraints.

    """
    exact = pins(constraints)
    return [f"{each.name}=={exact[canonicalize_name(each.name)]}\n" for each in installed()]


if __name__ == "__main__":
    sys.stdout.writelines(lines((ROOT / "constraints.txt").read_text(encoding="utf-8")))
