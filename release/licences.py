"""`python -m release.licences`: print docs/licences.md, the packages that envcheck brings and their licences.

`make licences` writes it, in an environment with every extra.
"""

from __future__ import annotations

import sys

from release.dependencies import Dependency, installed

_HEAD = """\
# Licences

envcheck is under the [MIT licence](../LICENSE). The table has what is installed with it and all its extras
(`llm-envcheck[all]`), and under which licence, as each package says of itself, in the words of SPDX. `make licences`
writes this page, and a test holds it; `make sbom` writes the same packages, with their exact versions, as a bill of
materials in the form of CycloneDX.

| package | licence | needed by |
| --- | --- | --- |
"""


def row(dependency: Dependency) -> str:
    """Write a package's line of the table."""
    return f"| {dependency.name} | {dependency.licence} | {dependency.needed_by} |\n"


def page() -> str:
    """Write the page."""
    return _HEAD + "".join(map(row, installed()))


if __name__ == "__main__":
    sys.stdout.write(page())
