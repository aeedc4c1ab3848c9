"""From the names of packages to their entry points, by their metadata alone: nothing of theirs is imported here.

Entry points are as https://packaging.python.org/en/latest/specifications/entry-points/ has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Final

from envcheck.plugins.names import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

PROBES_GROUP: Final = "envcheck.probes"
FORMATS_GROUP: Final = "envcheck.formats"
_GROUPS: Final = (PROBES_GROUP, FORMATS_GROUP)
_NAME_OF_A_PLUGIN: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What a probe or a format of a plug-in may be called: it stands in rules, in evidence and in names of files."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A package that brings something, and what that is."""

    name: str
    """Normalised."""
    entry_points: Sequence[metadata.EntryPoint]

    def of(self, group: str) -> Sequence[metadata.EntryPoint]:
        """Give those of a group."""
        return [each for each in self.entry_points if each.group == group]


def installed(name: str) -> Installed | str:
    """Look a distribution up; a sentence where it is of no use.

    Args:
        name: one that `is_name`, in any spelling.

    """
    normal = normalised(name)
    try:
        entry_points = [each for each in metadata.distribution(normal).entry_points if each.group in _GROUPS]
    except metadata.PackageNotFoundError:
        return f"{normal} is not installed; python -m pip install {normal}"
    except Exception:  # noqa: BLE001 - what a package says of itself may be anything
        return f"{normal}: what it says of itself cannot be read; install it anew: python -m pip install {normal}"
    if not entry_points:
        return f"{normal} is installed, and is no plug-in: it has no entry point {PROBES_GROUP} or {FORMATS_GROUP}"
    if any(not _NAME_OF_A_PLUGIN.fullmatch(each.name) for each in entry_points):
        return f"{normal} gives a probe or a format a name that is none: 1 to 40 of a-z 0-9 _, the first a letter"
    return Installed(normal, entry_points)
