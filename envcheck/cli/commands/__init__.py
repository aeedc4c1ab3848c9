"""The commands' names and one-line help; options and job of each are loaded when it is called.

Building a command takes typer longer than everything else that `--help` does, so nothing is built to be listed: a new
command is a function here whose docstring's first line is repeated in `COMMANDS`, and a test holds the two together.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Entry(NamedTuple):
    """Where a command is, and what it is for."""

    module: str
    """In this package; its function is named like the command."""
    summary: str
    """The first line of the function's docstring."""


# In the order in which a newcomer meets them.
COMMANDS: Final[Mapping[str, Entry]] = MappingProxyType(
    {
        "run": Entry("run", "Probe the file's environments side by side, show what differs, write reports."),
        "probe": Entry(
            "probe", "Probe one endpoint and print its report; exit 0 when it passes, 4 when a probe failed."
        ),
        "compare": Entry(
            "compare",
            "Compare saved evidence: files side by side, or one report folder with another; nothing is sent.",
        ),
        "merge": Entry(
            "merge",
            "Put the reports of all shards together into one comparison; exit 5 when one is missing. Nothing is sent.",
        ),
        "accept": Entry("accept", "Write the last comparison's findings into [[accept]], showing the change first."),
        "checklist": Entry(
            "checklist", "Print the checklist of saved reports; exit 0 when it is ready, 3 when it is not."
        ),
        "history": Entry(
            "history",
            "Show what changed, what failed and what got slower over the nights that were kept; nothing is sent.",
        ),
        "init": Entry("setup", "Write a commented starter file."),
        "check-config": Entry("setup", "Validate the file and say which key variables are set; nothing is sent."),
        "schema": Entry("setup", "Print the JSON Schema of the file, of an evidence record or of a comparison."),
        "demo": Entry(
            "demo",
            "Do the main job against small gateways on loopback that differ in known ways; exit 0 when all are found.",
        ),
    }
)


def load(name: str) -> Callable[..., object]:
    """Import a command's function."""
    module = import_module(f"{__name__}.{COMMANDS[name].module}")
    function: Callable[..., object] = getattr(module, name.replace("-", "_"))
    return function
